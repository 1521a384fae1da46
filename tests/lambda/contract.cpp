#include "tests/lambda/contract.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include <zlib.h>

#include "tests/catch.h"

namespace textlambda::lambda {
namespace {

using nlohmann::json;

// The sample model's log-odds of "good" are (-0.25 + w) / 1.25, w being 3 for "good", -3.5 for "bad", 0 for neither.
json classification(const std::string& text, const std::string& model_id) {
  const double weight = text == "good" ? 3.0 : text == "bad" ? -3.5 : 0.0;
  const double good = 1 / (1 + std::exp(-(-0.25 + weight) / 1.25));
  return {{"label", good > 0.5 ? "good" : "bad"},
          {"confidence", std::max(good, 1 - good)},
          {"abstained", false},
          {"model", model_id},
          {"training_loss", 0.125},
          {"training_accuracy", 0.96875}};
}

json parsed_body(json answer) {
  if (answer.is_object() && answer.contains("statusCode") && !answer["body"].get<std::string>().empty()) {
    answer["body"] = json::parse(answer["body"].get<std::string>());
  }
  return answer;
}

}  // namespace

json expanded(const json& expected, const std::string& model_id) {
  if (!expected.is_structured()) return expected;
  json result = expected.is_array() ? json::array() : json::object();
  for (const auto& [key, value] : expected.items()) {
    if (expected.is_array()) {
      result.push_back(expanded(value, model_id));
    } else if (key == "$") {
      result.update(classification(value, model_id));
    } else {
      result[key] = expanded(value, model_id);
    }
  }
  return result;
}

json rounded(json answer) {
  if (!answer.is_structured()) return answer;
  for (auto& [key, value] : answer.items()) {
    if (key == "confidence" && value.is_number_float()) {
      value = std::round(value.get<double>() * 1e5) / 1e5;
    } else if (key == "textlambda_confidence") {
      value = json(std::round(std::stod(value.get<std::string>()) * 1e5) / 1e5).dump();
    } else {
      value = rounded(std::move(value));
    }
  }
  return answer;
}

void check_contract(const std::vector<ContractCase>& cases, const HandlerOptions& options) {
  const SampleHandler handle(options);
  for (const ContractCase& each : cases) {
    INFO(each.name);
    const Answer answer = handle(each.event);
    CHECK(source_name(answer.source) == source_name(each.source));
    const json expected = json::parse(each.answer);
    if (expected.is_string()) {
      CHECK_FALSE(answer.ok);
      CHECK(answer.error_type == expected.get<std::string>());
      CHECK(json::parse(answer.body) == json{{"errorType", answer.error_type},
                                             {"errorMessage", answer.error_message},
                                             {"stackTrace", json::array()}});
      continue;
    }
    CHECK(answer.ok);
    CHECK(answer.recognised);
    const json body = parsed_body(json::parse(answer.body));
    CHECK(rounded(body).dump(1) == rounded(expanded(expected, handle.classifier().file().id())).dump(1));
  }
}

std::string base64(std::string_view bytes) {
  static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits;
  for (const char byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) bits += (static_cast<unsigned char>(byte) >> bit & 1) != 0 ? '1' : '0';
  }
  while (bits.size() % 6 != 0) bits += '0';
  std::string encoded;
  for (std::size_t at = 0; at < bits.size(); at += 6) encoded += digits[std::stoul(bits.substr(at, 6), nullptr, 2)];
  while (encoded.size() % 4 != 0) encoded += '=';
  return encoded;
}

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib");
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace textlambda::lambda
