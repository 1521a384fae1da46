#include "textlambda/events/http_reader.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/events/binary_data.h"
#include "textlambda/events/envelope.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"

namespace textlambda::events {
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

class HttpReader {
 public:
  HttpReader(EventReader& reader, const HttpShape& shape) : reader_(reader), event_(reader.event()), shape_(shape) {}

  void read();
  void read_payload();

 private:
  void read_question(const HttpRequest& request);
  void read_payload(const HttpRequest& request);
  bool unpack(const HttpRequest& request, std::string& body);
  void read_body(const std::string& body, const std::string& media_type);
  void read_json(const Json& value);
  void add(Message message);
  void refuse(int status_code, std::string reason);

  EventReader& reader_;
  Event& event_;
  const HttpShape& shape_;
};

void HttpReader::refuse(int status_code, std::string reason) {
  event_.records.clear();
  event_.array = false;
  event_.http.status_code = status_code;
  reader_.add({}, of_error(std::move(reason)));
}

void HttpReader::read() {
  const HttpRequest request = read_http_request(reader_.document(), shape_);
  event_.http.multi_value_headers = request.multi_value_headers;
  event_.http.head = request.method == "HEAD";
  if (request.method == "OPTIONS") {
    event_.http.status_code = 204;
    event_.http.preflight = !request_header(reader_.document(), "access-control-request-method").empty();
    reader_.add({}, of_skipped("a question for the methods"));
  } else if (request.method == "GET" || event_.http.head) {
    read_question(request);
  } else if (request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    read_payload(request);
  } else {
    refuse(405, (request.method.empty() ? "no method" : "the method is " + request.method) +
                    "; post the text, or get with it in the query");
  }
}

void HttpReader::read_payload() {
  const HttpRequest request = read_http_request(reader_.document(), shape_);
  event_.http.multi_value_headers = request.multi_value_headers;
  read_payload(request);
}

// A load balancer's health check, and people with a browser, ask without a text; one that is there and blank is a
// mistake.
void HttpReader::read_question(const HttpRequest& request) {
  const Json query = http_query(reader_.document(), shape_);
  const PointedText pointed = reader_.messages().pointers().find(query);
  Message message = reader_.messages().read_at_pointers(query);
  if (pointed.text != nullptr) {
    add(std::move(message));
  } else if (request.inline_body != nullptr || (request.body != nullptr && !text::is_blank(*request.body))) {
    read_payload(request);
  } else if (!pointed.blank_at.empty()) {
    refuse(400, std::move(message.error));
  } else {
    event_.http.health = true;
    reader_.add({}, of_skipped("a question for the model's health"));
  }
}

void HttpReader::read_payload(const HttpRequest& request) {
  if (request.inline_body != nullptr) return read_json(*request.inline_body);
  std::string body = request.body == nullptr ? std::string() : *request.body;
  if (request.base64) {
    std::string decoded;
    const std::string reason = encoding::decode_base64(body, decoded);
    if (!reason.empty()) return refuse(400, "the body is " + reason);
    body = std::move(decoded);
  }
  if (is_binary_type(request.media_type)) {
    return refuse(415, "the content type is " + request.media_type + ", only text, JSON and forms are taken");
  }
  if (!unpack(request, body)) return;
  if (!is_utf8_name(request.charset) && !is_ascii(body)) {
    return refuse(415, "the charset is " + request.charset + ", only utf-8 is taken");
  }
  if (const std::string_view kind = request.base64 ? binary_kind(body) : std::string_view(); !kind.empty()) {
    return refuse(415, "the body is binary data (" + std::string(kind) + "), only text, JSON and forms are taken");
  }
  if (text::is_blank(body)) return refuse(400, "the body is empty");
  read_body(body, request.media_type);
}

// False where that is refused. What was sent as bytes may be compressed without a header that says so.
bool HttpReader::unpack(const HttpRequest& request, std::string& body) {
  const std::string& coding = request.content_encoding;
  if (coding.empty() || coding == "identity" ? request.base64
                                             : coding == "gzip" || coding == "x-gzip" || coding == "deflate") {
    // No body could come uncompressed that is larger: what is read of it would cost several times its bytes.
    const encoding::Gunzipped result = reader_.unpack(body, reader_.limits().event_bytes);
    if (!result.error.empty()) refuse(result.too_large ? 413 : 400, "the body is " + result.error);
    return result.error.empty();
  }
  if (coding.empty() || coding == "identity") return true;
  refuse(415, "the content encoding is " + coding + ", only gzip and deflate are taken");
  return false;
}

// JSON where the content type says so, or the service. Else what looks like JSON is searched for a text too (curl and
// fetch send JSON under other types), a form for a field with one; anything else is the text.
void HttpReader::read_body(const std::string& body, const std::string& media_type) {
  Json value;
  const char first = text::trimmed(body).front();
  const bool declared = is_json_type(media_type);
  if (declared || first == '{' || first == '[') {
    const std::string reason = json::read(body, reader_.limits().json, value);
    if (declared && !reason.empty()) return refuse(400, "the body is " + reason);
    const bool taken_for_json = shape_.json_by_its_looks && reason.empty();
    if (declared || taken_for_json || is_text_array(value)) return read_json(value);
  }
  const bool form = media_type == "application/x-www-form-urlencoded" && !value.is_structured();
  Message message = form && body.find('=') != std::string::npos
                        ? reader_.messages().read_at_pointers(encoding::form_fields(body))
                        : reader_.messages().read(body);
  add(std::move(message));
}

void HttpReader::add(Message message) {
  if (!message.error.empty()) return refuse(message.too_large ? 413 : 400, message.error);
  reader_.add_texts(std::move(message));
}

void HttpReader::read_json(const Json& value) {
  if (!value.is_array() || is_s3_pointer(value)) return add(reader_.read_payload(value));
  if (value.empty()) return refuse(400, "the array is empty");
  if (value.size() > reader_.limits().records) {
    return refuse(413, std::to_string(value.size()) + " texts, at most " + std::to_string(reader_.limits().records) +
                           " of one request are taken");
  }
  event_.array = true;
  event_.records.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    reader_.add(std::to_string(i), only_text(reader_.read_payload(value[i])));
  }
  if (!all_failed(event_.records)) return;
  refuse(400, none_has_text(event_.records));
}

}  // namespace

void read_http(EventReader& reader) { HttpReader(reader, *row_of(reader.event().source).http).read(); }

void read_http_payload(EventReader& reader) { HttpReader(reader, *row_of(reader.event().source).http).read_payload(); }

}  // namespace textlambda::events
