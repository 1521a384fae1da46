// Requests over HTTP: API Gateway, function URLs, load balancers. A client's mistake becomes a status 4xx with a
// reason.
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"
#include "textlambda/lambda/http_request.h"
#include "textlambda/text/blank.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

bool is_text_array(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& element) { return element.is_string(); });
}

bool is_utf8_name(std::string_view charset) {
  return charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii";
}

}  // namespace

void EventReader::refuse_http(int status_code, std::string reason) {
  event_.records.clear();
  event_.array = false;
  event_.http.status_code = status_code;
  add({}, of_error(std::move(reason)));
}

void EventReader::read_http() {
  const HttpRequest request = read_http_request(document_, event_.source);
  event_.http.multi_value_headers = request.multi_value_headers;
  event_.http.head = request.method == "HEAD";
  if (request.method == "OPTIONS") {
    event_.http.status_code = 204;
    add({}, of_skipped("a question for the methods"));
  } else if (request.method == "GET" || event_.http.head) {
    read_http_question(request);
  } else if (request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    read_http_payload(request);
  } else {
    refuse_http(405, (request.method.empty() ? "no method" : "the method is " + request.method) +
                         "; post the text, or get with it in the query");
  }
}

// A load balancer's health check, and people with a browser, ask without a text.
void EventReader::read_http_question(const HttpRequest& request) {
  Message message = messages_.read_at_pointers(http_query(document_, event_.source));
  if (message.error.empty()) {
    add({}, std::move(message));
  } else if (request.inline_body != nullptr || (request.body != nullptr && !text::is_blank(*request.body))) {
    read_http_payload(request);
  } else {
    event_.http.health = true;
    add({}, of_skipped("a question for the model's health"));
  }
}

void EventReader::read_http_payload(const HttpRequest& request) {
  if (request.inline_body != nullptr) return read_http_json(*request.inline_body);
  std::string body = request.body == nullptr ? std::string() : *request.body;
  if (request.base64) {
    std::string decoded;
    const std::string reason = encoding::decode_base64(body, decoded);
    if (!reason.empty()) return refuse_http(400, "the body is " + reason);
    body = std::move(decoded);
  }
  if (request.content_encoding == "gzip" || request.content_encoding == "x-gzip") {
    const encoding::Gunzipped result = unpack(body);
    if (!result.error.empty()) return refuse_http(result.too_large ? 413 : 400, result.error);
  } else if (!request.content_encoding.empty() && request.content_encoding != "identity") {
    return refuse_http(415, "the content encoding is " + request.content_encoding + ", only gzip is taken");
  }
  if (is_binary_type(request.media_type)) {
    return refuse_http(415, "the content type is " + request.media_type + ", only text, JSON and forms are taken");
  }
  if (!is_utf8_name(request.charset) && !is_ascii(body)) {
    return refuse_http(415, "the charset is " + request.charset + ", only utf-8 is taken");
  }
  if (text::is_blank(body)) return refuse_http(400, "the body is empty");
  read_http_body(body, request.media_type);
}

// JSON where the content type says so. Else what looks like JSON is searched for a text too (curl and fetch send JSON
// under other types), a form for a field with one; anything else is the text.
void EventReader::read_http_body(const std::string& body, const std::string& media_type) {
  Json value;
  const char first = text::trimmed(body).front();
  const bool declared = is_json_type(media_type);
  if (declared || first == '{' || first == '[') {
    const std::string reason = json::read(body, limits_.json, value);
    if (declared && !reason.empty()) return refuse_http(400, "the body is " + reason);
    if (declared || is_text_array(value)) return read_http_json(value);
  }
  const bool form = media_type == "application/x-www-form-urlencoded" && !value.is_structured();
  Message message = form && body.find('=') != std::string::npos
                        ? messages_.read_at_pointers(encoding::form_fields(body))
                        : messages_.read_plain(body);
  if (!message.error.empty()) return refuse_http(message.too_large ? 413 : 400, message.error);
  add({}, std::move(message));
}

void EventReader::read_http_json(const Json& value) {
  if (!value.is_array()) {
    Message message = read_payload(value);
    if (!message.error.empty()) return refuse_http(message.too_large ? 413 : 400, message.error);
    add({}, std::move(message));
    return;
  }
  if (value.empty()) return refuse_http(400, "the array is empty");
  if (value.size() > limits_.records) {
    return refuse_http(413, std::to_string(value.size()) + " texts, at most " + std::to_string(limits_.records) +
                                " of one request are taken");
  }
  event_.array = true;
  event_.records.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) add(std::to_string(i), read_payload(value[i]));
  if (!all_failed(event_.records)) return;
  refuse_http(400, none_has_text(event_.records));
}

}  // namespace textlambda::lambda
