#include "tests/events/contract.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "tests/catch.h"

namespace textlambda::events {
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

}  // namespace textlambda::events
