#include "textlambda/events/http_answer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/events/http_request.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/write.h"

namespace textlambda::events {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, OPTIONS, PATCH, POST, PUT";
constexpr std::string_view kPreflightSeconds = "7200";  // as long as browsers keep one at most

std::string error_body(std::string_view reason) {
  std::string body = "{\"error\":";
  json::append_string(body, reason);
  return body + "}";
}

std::string response_body(const Event& event, const ClassificationWriter& writer) {
  if (event.http.status_code == 204) return {};
  if (event.http.health) return writer.health_card();
  if (event.http.status_code >= 400) return error_body(event.records[0].message.error);
  std::string body;
  if (event.array) {
    append_array(body, event, writer, false);
  } else {
    append_record(body, event.records[0], writer, false, false);
  }
  return body;
}

struct Header {
  std::string_view name;
  std::string value;
};
using Headers = std::vector<Header>;

// Names of headers with commas and spaces between them.
bool are_header_names(std::string_view list) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~, ";  // RFC 9110, section 5.6.2
  return !list.empty() && std::all_of(list.begin(), list.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

void add_cross_origin(const Event& event, Headers& headers) {
  const AllowedOrigins& allowed = *event.http.allowed_origins;
  const std::string_view origin = allowed.answer_to(request_header(*event.document, "origin"));
  if (allowed.depend_on_request()) headers.push_back({"vary", "Origin"});
  if (origin.empty()) return;
  headers.push_back({"access-control-allow-origin", std::string(origin)});
  if (!event.http.preflight) return;
  headers.push_back({"access-control-allow-methods", std::string(kMethods)});
  std::string asked = request_header(*event.document, "access-control-request-headers");
  headers.push_back({"access-control-allow-headers", are_header_names(asked) ? std::move(asked) : "content-type"});
  headers.push_back({"access-control-max-age", std::string(kPreflightSeconds)});
}

Headers headers_of(const Event& event, const HttpShape& shape, int status_code) {
  Headers headers;
  if (status_code != 204) headers.push_back({"content-type", "application/json"});
  if (status_code == 204 || status_code == 405) headers.push_back({"allow", std::string(kMethods)});
  if (shape.cross_origin && event.http.allowed_origins != nullptr) add_cross_origin(event, headers);
  return headers;
}

std::string header_object(const Headers& headers, bool multiple) {
  std::string object = "{";
  for (const Header& header : headers) {
    if (object.size() > 1) object += ',';
    json::append_string(object, header.name);
    object += multiple ? ":[" : ":";
    json::append_string(object, header.value);
    if (multiple) object += ']';
  }
  return object + "}";
}

std::string description(int status_code) {
  return std::to_string(status_code) + " " + std::string(reason_phrase(status_code));
}

// With multi-value headers switched on a load balancer reads those alone; API Gateway merges both.
std::string proxy_object(const HttpShape& shape, const Event& event, int status_code, std::string_view body) {
  const Headers headers = headers_of(event, shape, status_code);
  const bool multiple = event.http.multi_value_headers;
  std::string object = "{\"statusCode\":" + std::to_string(status_code);
  if (shape.status_description) object += ",\"statusDescription\":\"" + description(status_code) + '"';
  if (!multiple || shape.multi_value_headers == HttpShape::MultiValueHeaders::beside) {
    object += ",\"headers\":" + header_object(headers, false);
  }
  if (multiple) object += ",\"multiValueHeaders\":" + header_object(headers, true);
  object += ",\"body\":";
  json::append_string(object, event.http.head ? std::string_view() : body);
  object += ",\"isBase64Encoded\":false}";
  return object;
}

}  // namespace

void write_http(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  const HttpShape& shape = *row_of(event.source).http;
  answer.status_code = event.http.status_code;
  answer.body = proxy_object(shape, event, answer.status_code, response_body(event, writer));
  const std::size_t limit = limits.*shape.answer_bytes;
  if (answer.body.size() <= limit) return;
  answer.status_code = 413;
  answer.body = proxy_object(shape, event, 413,
                             error_body("the answer has " + std::to_string(answer.body.size()) + " bytes, at most " +
                                        std::to_string(limit) + " are allowed: send fewer texts at once"));
}

void fail_over_http(const Event& event, Answer& answer) {
  answer.ok = true;
  answer.status_code = 500;
  answer.records.emplace_back().error = "internal error";
  answer.body = proxy_object(*row_of(event.source).http, event, 500, error_body("internal error"));
}

}  // namespace textlambda::events
