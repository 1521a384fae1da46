#include "textlambda/events/http_answer.h"

#include <string>
#include <utility>

#include "textlambda/events/http_request.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/write.h"

namespace textlambda::events {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, OPTIONS, PATCH, POST, PUT";

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

void append_header(std::string& headers, bool multiple, std::string_view name, std::string_view value) {
  if (!headers.empty()) headers += ',';
  json::append_string(headers, name);
  headers += multiple ? ":[" : ":";
  json::append_string(headers, value);
  if (multiple) headers += ']';
}

std::string header_object(int status_code, bool multiple) {
  std::string headers;
  if (status_code != 204) append_header(headers, multiple, "content-type", "application/json");
  if (status_code == 204 || status_code == 405) append_header(headers, multiple, "allow", kMethods);
  return "{" + headers + "}";
}

std::string description(int status_code) {
  return std::to_string(status_code) + " " + std::string(reason_phrase(status_code));
}

// With multi-value headers switched on a load balancer reads those alone; API Gateway merges both.
std::string proxy_object(const HttpShape& shape, const HttpExchange& exchange, int status_code, std::string_view body) {
  const bool multiple = exchange.multi_value_headers;
  std::string object = "{\"statusCode\":" + std::to_string(status_code);
  if (shape.status_description) object += ",\"statusDescription\":\"" + description(status_code) + '"';
  if (!multiple || shape.multi_value_headers == HttpShape::MultiValueHeaders::beside) {
    object += ",\"headers\":" + header_object(status_code, false);
  }
  if (multiple) object += ",\"multiValueHeaders\":" + header_object(status_code, true);
  object += ",\"body\":";
  json::append_string(object, exchange.head ? std::string_view() : body);
  object += ",\"isBase64Encoded\":false}";
  return object;
}

}  // namespace

void write_http(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  const HttpShape& shape = *row_of(event.source).http;
  answer.status_code = event.http.status_code;
  answer.body = proxy_object(shape, event.http, answer.status_code, response_body(event, writer));
  const std::size_t limit = limits.*shape.answer_bytes;
  if (answer.body.size() <= limit) return;
  answer.status_code = 413;
  answer.body = proxy_object(shape, event.http, 413,
                             error_body("the answer has " + std::to_string(answer.body.size()) + " bytes, at most " +
                                        std::to_string(limit) + " are allowed: send fewer texts at once"));
}

void fail_over_http(const HttpShape& shape, Answer& answer) {
  answer.ok = true;
  answer.status_code = 500;
  answer.records.emplace_back().error = "internal error";
  answer.body = R"({"statusCode":500,"headers":{"content-type":"application/json"},)";
  if (shape.status_description) answer.body += "\"statusDescription\":\"" + description(500) + "\",";
  answer.body += R"("body":"{\"error\":\"internal error\"}","isBase64Encoded":false})";
}

}  // namespace textlambda::events
