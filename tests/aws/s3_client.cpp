// S3 as the library speaks it, for s3_test.py: a command a line of standard input, an answer a line of standard output,
// all by one client. Fields are JSON. Where the library sleeps, nobody does: the times are told in "slept".
//
//   {"do": "get", "name": "s3://…", "if_none_match": "…", "range": [first, count]}: "base64", or of much "sha256"
//   {"do": "put", "name": "s3://…", "base64" or "bytes": …, "if_match": "…", "if_absent": true, "link": "…"}
//   {"do": "head" | "list" | "remove", "name": "s3://…"}
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/aws/s3.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

namespace {

using namespace textlambda;
using nlohmann::json;

constexpr std::size_t kMostShown = 1 << 16;

std::vector<long> slept;

json object_json(const std::optional<aws::S3Object>& object) {
  if (!object) return nullptr;
  return {{"bytes", object->bytes}, {"etag", object->etag}, {"link", object->link}};
}

json get(aws::S3& s3, const aws::S3Name& name, const json& command) {
  aws::GetOptions options;
  options.if_none_match = command.value("if_none_match", "");
  if (command.contains("range")) options.range = std::pair(command["range"][0], command["range"][1]);
  std::string content;
  const auto object = s3.get(
      name, [&](std::string_view part) { content.append(part); }, options);
  json result = {{"object", object_json(object)}};
  // Sanitizers take minutes over megabytes of JSON.
  if (content.size() <= kMostShown) {
    result["base64"] = encoding::encode_base64(content);
  } else {
    result["sha256"] = encoding::sha256_hex(content);
  }
  return result;
}

json put(aws::S3& s3, const aws::S3Name& name, const json& command) {
  std::string bytes;
  if (command.contains("base64")) encoding::decode_base64(command["base64"].get<std::string>(), bytes);
  // So many, which repeat every 251.
  const std::size_t shown = bytes.size();
  bytes.resize(std::max(shown, command.value("bytes", std::size_t{0})));
  for (std::size_t i = shown; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i % 251);
  aws::PutOptions options;
  options.if_match = command.value("if_match", "");
  options.if_absent = command.value("if_absent", false);
  options.link = command.value("link", "");
  const std::optional<std::string> etag = s3.put(name, bytes, options);
  return {{"etag", etag ? json(*etag) : json(nullptr)}};
}

json list(aws::S3& s3, const aws::S3Name& name) {
  json keys = json::array();
  s3.list(name, [&](aws::ListedObject&& listed) {
    keys.push_back({listed.key, listed.object.bytes, listed.object.etag, listed.object.modified_ms > 0});
    return true;
  });
  return {{"keys", keys}};
}

json answer(aws::S3& s3, const json& command) {
  const aws::S3Name name = aws::parse_s3_name(command.at("name").get<std::string>());
  const std::string what = command.at("do");
  if (what == "get") return get(s3, name, command);
  if (what == "put") return put(s3, name, command);
  if (what == "head") return {{"object", object_json(s3.head(name))}};
  if (what == "list") return list(s3, name);
  s3.remove(name);
  return json::object();
}

}  // namespace

int main() {
  aws::Surroundings surroundings = aws::of_this_process();
  surroundings.sleep = [](std::chrono::milliseconds time) { slept.push_back(time.count()); };
  surroundings.random = [] { return 0.5; };
  aws::S3 s3(std::make_shared<aws::Session>(surroundings, aws::SessionOptions{}));
  for (std::string line; std::getline(std::cin, line);) {
    slept.clear();
    json result;
    try {
      result = answer(s3, json::parse(line));
    } catch (const io::Error& error) {
      result = {{"error", error.what()}};
    }
    result["slept"] = slept;
    std::cout << result.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
  }
  return 0;
}
