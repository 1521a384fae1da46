// A request over HTTP as API Gateway, function URLs, load balancers and service networks put it into an event.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/limits.h"

namespace textlambda::events {

// What one service's events and answers have of their own.
struct HttpShape {
  // The members with the query's parameters, null for none; of a parameter that stands in several, the last counts.
  std::array<const char*, 3> query_members = {"multiValueQueryStringParameters", "queryStringParameters", "query"};
  bool query_is_encoded = false;  // parameters as they came, percent-encoded
  const char* base64_member = "isBase64Encoded";
  // Headers of several values are answered as `multiValueHeaders` where the request has them: beside `headers`, or
  // instead.
  enum class MultiValueHeaders { never, beside, instead };
  MultiValueHeaders multi_value_headers = MultiValueHeaders::never;
  bool json_by_its_looks = false;   // a body that parses as an object or an array is JSON, whatever its content type
  bool cross_origin = true;         // pages of other origins ask for it, if they may: answers say which
  bool status_description = false;  // the answer has one
  std::size_t Limits::*answer_bytes = &Limits::answer_bytes;
  // What the service makes of an answer without a statusCode.
  int bare_answer_status = 502;
};

struct HttpRequest {
  std::string method;            // empty where the event has none
  std::string media_type;        // lower case, without parameters; empty where none is given
  std::string charset;           // lower case
  std::string content_encoding;  // lower case
  bool multi_value_headers = false;
  const std::string* body = nullptr;            // as it stands in the event; null where there is none
  const nlohmann::json* inline_body = nullptr;  // of a custom integration: JSON in place of a string
  bool base64 = false;
};

// A header's value, or the last of several; empty where there is none. `name` in lower case.
std::string request_header(const nlohmann::json& event, std::string_view name);

// Borrows from the event.
HttpRequest read_http_request(const nlohmann::json& event, const HttpShape& shape);

// The query as a JSON object of strings, decoded. Of a parameter that repeats, the last.
nlohmann::json http_query(const nlohmann::json& event, const HttpShape& shape);

// API Gateway asking who may call: a request's members without its body, and it wants a policy, not an answer.
bool is_authorizer(const nlohmann::json& event);

bool is_json_type(std::string_view media_type);
// Pictures, archives and the like.
bool is_binary_type(std::string_view media_type);

// "OK", "Bad Request" …
std::string_view reason_phrase(int status_code);

}  // namespace textlambda::events
