#include "textlambda/events/http_request.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte; });
  return result;
}

std::string method_of(const Json& event) {
  if (const std::string* method = json::string_member(event, "httpMethod")) return *method;
  if (const std::string* method = json::string_member(event, "method")) return *method;
  const Json* context = json::member(event, "requestContext");
  const Json* http = context == nullptr ? nullptr : json::member(*context, "http");
  const std::string* method = http == nullptr ? nullptr : json::string_member(*http, "method");
  return method == nullptr ? std::string() : *method;
}

// charset=… among the parameters of a content type.
std::string charset_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = parameters.substr(0, parameters.find(';'));
    parameters.remove_prefix(std::min(parameters.size(), parameter.size() + 1));
    const std::string pair = lower(text::trimmed(parameter));
    if (!pair.starts_with("charset=")) continue;
    std::string_view value = text::trimmed(std::string_view(pair).substr(std::string_view("charset=").size()));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

}  // namespace

// Names are compared without regard to case.
std::string request_header(const Json& event, std::string_view name) {
  for (const char* place : {"headers", "multiValueHeaders"}) {
    const Json* headers = json::member(event, place);
    if (headers == nullptr || !headers->is_object()) continue;
    for (const auto& [key, value] : headers->items()) {
      if (key.size() != name.size() || lower(key) != name) continue;
      if (value.is_string()) return value;
      if (value.is_array() && !value.empty() && value.back().is_string()) return value.back();
    }
  }
  return {};
}

HttpRequest read_http_request(const Json& event, const HttpShape& shape) {
  HttpRequest request;
  request.method = method_of(event);
  const std::string type = request_header(event, "content-type");
  const std::size_t parameters = std::min(type.find(';'), type.size());
  request.media_type = lower(text::trimmed(std::string_view(type).substr(0, parameters)));
  request.charset = charset_of(std::string_view(type).substr(std::min(parameters + 1, type.size())));
  request.content_encoding = lower(text::trimmed(request_header(event, "content-encoding")));
  const Json* multiple = json::member(event, "multiValueHeaders");
  request.multi_value_headers =
      multiple != nullptr && multiple->is_object() && shape.multi_value_headers != HttpShape::MultiValueHeaders::never;
  request.body = json::string_member(event, "body");
  const Json* body = json::member(event, "body");
  if (body != nullptr && body->is_structured() && !body->empty()) request.inline_body = body;
  const Json* base64 = json::member(event, shape.base64_member);
  request.base64 = base64 != nullptr && base64->is_boolean() && base64->get<bool>();
  return request;
}

Json http_query(const Json& event, const HttpShape& shape) {
  Json query = Json::object();
  for (const char* place : shape.query_members) {
    const Json* parameters = place == nullptr ? nullptr : json::member(event, place);
    if (parameters == nullptr || !parameters->is_object()) continue;
    for (const auto& [name, value] : parameters->items()) {
      const Json& last = value.is_array() && !value.empty() ? value.back() : value;
      if (!last.is_string()) continue;
      const auto& text = last.get_ref<const std::string&>();
      query[shape.query_is_encoded ? encoding::percent_decoded(name) : name] =
          shape.query_is_encoded ? encoding::percent_decoded(text) : text;
    }
  }
  return query;
}

bool is_authorizer(const Json& event) {
  return json::string_member(event, "methodArn") != nullptr || json::string_member(event, "routeArn") != nullptr;
}

bool is_json_type(std::string_view media_type) {
  return media_type == "application/json" || media_type == "text/json" || media_type.ends_with("+json");
}

bool is_binary_type(std::string_view media_type) {
  static constexpr std::array<std::string_view, 9> kPrefixes = {
      "image/",          "audio/",           "video/",
      "font/",           "multipart/",       "application/pdf",
      "application/zip", "application/gzip", "application/vnd.openxmlformats"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return media_type.starts_with(prefix); });
}

std::string_view reason_phrase(int status_code) {
  static constexpr std::array<std::pair<int, std::string_view>, 7> kPhrases = {{{200, "OK"},
                                                                                {204, "No Content"},
                                                                                {400, "Bad Request"},
                                                                                {405, "Method Not Allowed"},
                                                                                {413, "Payload Too Large"},
                                                                                {415, "Unsupported Media Type"},
                                                                                {500, "Internal Server Error"}}};
  const auto* const found =
      std::find_if(kPhrases.begin(), kPhrases.end(), [&](const auto& phrase) { return phrase.first == status_code; });
  return found == kPhrases.end() ? std::string_view("Unknown") : found->second;
}

}  // namespace textlambda::events
