// A request over HTTP as API Gateway, function URLs and load balancers put it into an event.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/lambda/source.h"

namespace textlambda::lambda {

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

// Borrows from the event.
HttpRequest read_http_request(const nlohmann::json& event, Source source);

// The query as a JSON object of strings, decoded. Of a parameter that repeats, the last.
nlohmann::json http_query(const nlohmann::json& event, Source source);

bool is_json_type(std::string_view media_type);
// Pictures, archives and the like.
bool is_binary_type(std::string_view media_type);

// "OK", "Bad Request" …
std::string_view reason_phrase(int status_code);

}  // namespace textlambda::lambda
