#include "textlambda/emulator/proxy_answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/json/pointer.h"
#include "textlambda/json/write.h"
#include "textlambda/text/blank.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kEndOfMetadata("\0\0\0\0\0\0\0\0", 8);
constexpr json::Limits kAnswerLimits = {.depth = 1000, .values = 4'000'000};

// RFC 9110, section 5.6.2.
bool is_header_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

// False where it would not be one header.
bool add_header(std::vector<http::Header>& headers, const std::string& name, std::string_view value) {
  value = text::trimmed(value);
  if (!is_header_name(name) || !is_header_value(value)) return false;
  headers.push_back({name, std::string(value)});
  return true;
}

// Numbers and truth values are written out.
std::optional<std::string> scalar_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number()) return value.dump();
  return std::nullopt;
}

const Json* given(const Json& object, const char* name) {
  const Json* const value = json::member(object, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// A number, or its digits as a string.
bool read_status(const Json& value, unsigned& status) {
  long long number = 0;
  if (value.is_number_integer()) {
    number = value.get<long long>();
  } else if (value.is_string()) {
    const auto& digits = value.get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
  } else {
    return false;
  }
  if (number < 200 || number > 599) return false;
  status = static_cast<unsigned>(number);
  return true;
}

// A header whose value is null is none.
bool read_headers(const Json& answer, std::vector<http::Header>& headers) {
  const Json* const object = given(answer, "headers");
  if (object == nullptr) return true;
  if (!object->is_object()) return false;
  for (const auto& [name, value] : object->items()) {
    if (value.is_null()) continue;
    const std::optional<std::string> text = scalar_text(value);
    if (!text || !add_header(headers, name, *text)) return false;
  }
  return true;
}

// They stand in place of those of `headers` that have the same name.
bool read_multi_value_headers(const Json& answer, std::vector<http::Header>& headers) {
  const Json* const object = given(answer, "multiValueHeaders");
  if (object == nullptr) return true;
  if (!object->is_object()) return false;
  for (const auto& [name, values] : object->items()) {
    if (!values.is_array()) return false;
    const std::string lower = http::lower_case(name);
    std::erase_if(headers, [&](const http::Header& header) { return http::lower_case(header.name) == lower; });
  }
  for (const auto& [name, values] : object->items()) {
    for (const Json& value : values) {
      const std::optional<std::string> text = scalar_text(value);
      if (!text || !add_header(headers, name, *text)) return false;
    }
  }
  return true;
}

bool read_cookies(const Json& answer, std::vector<http::Header>& headers) {
  const Json* const cookies = given(answer, "cookies");
  if (cookies == nullptr) return true;
  if (!cookies->is_array()) return false;
  return std::all_of(cookies->begin(), cookies->end(), [&](const Json& cookie) {
    return cookie.is_string() && add_header(headers, "set-cookie", cookie.get_ref<const std::string&>());
  });
}

bool read_base64(const Json& answer, bool& base64) {
  const Json* const value = given(answer, "isBase64Encoded");
  if (value != nullptr && !value->is_boolean()) return false;
  base64 = value != nullptr && value->get<bool>();
  return true;
}

bool read_text_body(const Json& answer, std::string& body) {
  const Json* const value = given(answer, "body");
  if (value != nullptr && !value->is_string()) return false;
  if (value != nullptr) body = value->get<std::string>();
  return true;
}

std::optional<ProxyAnswer> bare_answer(const GatewayConfig& gateway, std::string_view text, const Json& json) {
  // As a runtime tells of an error.
  if (gateway.kind == GatewayKind::http_api && json.is_object() && json.contains("errorMessage")) return std::nullopt;
  ProxyAnswer answer;
  answer.headers = {{"content-type", "application/json"}};
  if (json.is_string()) {
    answer.body = json.get<std::string>();
  } else {
    answer.body = gateway.kind == GatewayKind::function_url ? json::minified(text) : std::string(text);
  }
  return answer;
}

// A function URL takes for a body what is not text, too.
bool read_url_body(const Json& json, std::string_view text, std::string& body) {
  if (read_text_body(json, body)) return true;
  const std::optional<json::Span> span = json::find(text, {"body"});
  body = span ? json::minified(span->of(text)) : json::compact(json.at("body"));
  return true;
}

std::optional<ProxyAnswer> answer_v2(const GatewayConfig& gateway, std::string_view text, const Json& json) {
  if (!json.is_object() || given(json, "statusCode") == nullptr) return bare_answer(gateway, text, json);
  ProxyAnswer answer;
  const bool url = gateway.kind == GatewayKind::function_url;
  const bool taken = read_status(json.at("statusCode"), answer.status) && read_headers(json, answer.headers) &&
                     read_cookies(json, answer.headers) && read_base64(json, answer.base64) &&
                     (url ? read_url_body(json, text, answer.body) : read_text_body(json, answer.body));
  return taken ? std::optional(std::move(answer)) : std::nullopt;
}

std::optional<ProxyAnswer> answer_v1(const Json& json, bool status_required) {
  if (!json.is_object()) return std::nullopt;
  ProxyAnswer answer;
  const Json* const status = given(json, "statusCode");
  if (status == nullptr && status_required) return std::nullopt;
  const bool taken = (status == nullptr || read_status(*status, answer.status)) && read_headers(json, answer.headers) &&
                     read_multi_value_headers(json, answer.headers) && read_base64(json, answer.base64) &&
                     read_text_body(json, answer.body);
  return taken ? std::optional(std::move(answer)) : std::nullopt;
}

// A REST API takes nothing that has a member besides.
std::optional<ProxyAnswer> answer_of_rest_api(const Json& json) {
  constexpr std::array<std::string_view, 5> kMembers = {"isBase64Encoded", "statusCode", "headers", "multiValueHeaders",
                                                        "body"};
  if (!json.is_object()) return std::nullopt;
  for (const auto& [name, value] : json.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) return std::nullopt;
  }
  return answer_v1(json, false);
}

// Headers as the target group has them: one by one, or as lists.
std::optional<ProxyAnswer> answer_to_load_balancer(const GatewayConfig& gateway, const Json& json) {
  if (!json.is_object() || given(json, "statusCode") == nullptr) return std::nullopt;
  ProxyAnswer answer;
  const bool taken = read_status(json.at("statusCode"), answer.status) &&
                     (gateway.multi_value_headers ? read_multi_value_headers(json, answer.headers)
                                                  : read_headers(json, answer.headers)) &&
                     read_base64(json, answer.base64) && read_text_body(json, answer.body);
  return taken ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace

std::optional<ProxyAnswer> read_proxy_answer(const GatewayConfig& gateway, std::string_view answer) {
  Json json;
  if (!json::read(answer, kAnswerLimits, json).empty()) return std::nullopt;
  switch (gateway.kind) {
    case GatewayKind::function_url:
    case GatewayKind::http_api:
      return answer_v2(gateway, answer, json);
    case GatewayKind::http_api_v1:
      return answer_v1(json, true);
    case GatewayKind::rest_api:
      return answer_of_rest_api(json);
    case GatewayKind::load_balancer:
      return answer_to_load_balancer(gateway, json);
  }
  return std::nullopt;
}

bool has_whole_metadata(std::string_view content_type, std::string_view stream) {
  return content_type != kIntegrationResponseType || stream.find(kEndOfMetadata) != std::string_view::npos;
}

std::optional<ProxyAnswer> read_streamed_answer(std::string_view content_type, std::string_view stream) {
  ProxyAnswer answer;
  if (content_type != kIntegrationResponseType) {
    answer.body = stream;
    return add_header(answer.headers, "content-type", content_type.empty() ? "application/octet-stream" : content_type)
               ? std::optional(std::move(answer))
               : std::nullopt;
  }
  const std::size_t end = stream.find(kEndOfMetadata);
  if (end == std::string_view::npos) return std::nullopt;
  Json json;
  if (!json::read(stream.substr(0, end), kAnswerLimits, json).empty() || !json.is_object()) return std::nullopt;
  const Json* const status = given(json, "statusCode");
  if ((status != nullptr && !read_status(*status, answer.status)) || !read_headers(json, answer.headers) ||
      !read_multi_value_headers(json, answer.headers) || !read_cookies(json, answer.headers)) {
    return std::nullopt;
  }
  answer.body = stream.substr(end + kEndOfMetadata.size());
  return answer;
}

}  // namespace textlambda::emulator
