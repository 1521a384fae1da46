#include "textlambda/emulator/face_response.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/protocol/error_body.h"
#include "textlambda/protocol/invoke_api.h"

namespace textlambda::emulator {

using Json = nlohmann::json;

http::Response json_response(unsigned status, const Json& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

http::Response error_response(unsigned status, std::string_view type, const Json& body) {
  http::Response response = json_response(status, body);
  response.headers.push_back({std::string(protocol::kApiErrorTypeHeader), std::string(type)});
  return response;
}

http::Response error_response(const ApiError& error) {
  // Lambda spells the member with a capital in this one.
  const char* const member = error.type() == "ResourceNotFoundException" ? "Message" : "message";
  Json body = {{member, error.what()}};
  if (error.type() != "ValidationException") body["Type"] = error.status() < 500 ? "User" : "Service";
  return error_response(error.status(), error.type(), body);
}

http::Response process_error(unsigned status, std::string_view type, std::string_view message) {
  return {
      .status = status, .headers = {{"Content-Type", "application/json"}}, .body = protocol::error_body(type, message)};
}

std::vector<std::string> query_values(std::string_view target, std::string_view name) {
  std::vector<std::string> values;
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return values;
  encoding::each_parameter(target.substr(question + 1), [&](const encoding::Parameter& one) {
    if (encoding::percent_decoded(one.name) == name) values.push_back(encoding::percent_decoded(one.value));
    return true;
  });
  return values;
}

std::optional<std::string> query_value(std::string_view target, std::string_view name) {
  std::vector<std::string> values = query_values(target, name);
  if (values.empty()) return std::nullopt;
  return std::move(values.front());
}

NamedFunction parse_function_name(const std::string& segment) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= segment.size();) {
    const std::size_t end = std::min(segment.find(':', begin), segment.size());
    parts.push_back(segment.substr(begin, end - begin));
    begin = end + 1;
  }
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME, ACCOUNT:function:NAME or NAME, and a qualifier behind.
  std::size_t name = 0;
  if (parts.size() >= 7 && parts[0] == "arn" && parts[2] == "lambda" && parts[5] == "function") {
    name = 6;
  } else if (parts.size() >= 3 && parts[1] == "function") {
    name = 2;
  }
  if (parts.size() > name + 2) return {};
  return {parts[name], parts.size() > name + 1 ? parts[name + 1] : ""};
}

NamedFunction named_function(const std::string& segment, std::string_view target) {
  NamedFunction named = parse_function_name(segment);
  if (named.name.empty()) throw ApiError(400, "ValidationException", "\"" + segment + "\" names no function");
  const std::optional<std::string> qualifier = query_value(target, "Qualifier");
  if (!qualifier) return named;
  if (!named.qualifier.empty() && *qualifier != named.qualifier) {
    throw_invalid_value("The derived qualifier from the function name does not match the specified qualifier.");
  }
  named.qualifier = *qualifier;
  return named;
}

}  // namespace textlambda::emulator
