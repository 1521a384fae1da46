// The proxy object that API Gateway, function URLs and load balancers turn into a response. CORS is left to them.
#include <string>
#include <utility>

#include "textlambda/json/write.h"
#include "textlambda/lambda/answer.h"
#include "textlambda/lambda/http_request.h"

namespace textlambda::lambda {
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
  if (!event.array) {
    std::string body;
    append_record(body, event.records[0], writer, false, false);
    return body;
  }
  std::string body = "[";
  for (const Record& record : event.records) {
    if (body.size() > 1) body += ',';
    append_record(body, record, writer, false, false);
  }
  return body + "]";
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

// With multi-value headers switched on a load balancer reads those alone; API Gateway merges both.
std::string proxy_object(const Event& event, int status_code, std::string_view body) {
  const bool alb = event.source == Source::alb;
  const bool multiple = event.http.multi_value_headers;
  std::string object = "{\"statusCode\":" + std::to_string(status_code);
  if (alb) {
    object += ",\"statusDescription\":\"" + std::to_string(status_code) + " ";
    object += reason_phrase(status_code);
    object += '"';
  }
  if (!alb || !multiple) object += ",\"headers\":" + header_object(status_code, false);
  if (multiple) object += ",\"multiValueHeaders\":" + header_object(status_code, true);
  object += ",\"body\":";
  json::append_string(object, event.http.head ? std::string_view() : body);
  object += ",\"isBase64Encoded\":false}";
  return object;
}

}  // namespace

void write_http(const Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  answer.status_code = event.http.status_code;
  answer.body = proxy_object(event, answer.status_code, response_body(event, writer));
  const std::size_t limit = event.source == Source::alb ? limits.alb_answer_bytes : limits.answer_bytes;
  if (answer.body.size() <= limit) return;
  answer.status_code = 413;
  answer.body = proxy_object(event, 413,
                             error_body("the answer has " + std::to_string(answer.body.size()) + " bytes, at most " +
                                        std::to_string(limit) + " are allowed: send fewer texts at once"));
}

}  // namespace textlambda::lambda
