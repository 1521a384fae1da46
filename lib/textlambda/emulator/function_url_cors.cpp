#include "textlambda/emulator/function_url_cors.h"

#include <algorithm>

namespace textlambda::emulator {
namespace {

std::string listed(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list.append(list.empty() ? "" : ",").append(value);
  return list;
}

bool allows(const FunctionUrlCors& cors, std::string_view origin) {
  return !origin.empty() &&
         std::any_of(cors.allow_origins.begin(), cors.allow_origins.end(),
                     [&](const std::string& allowed) { return allowed == "*" || allowed == origin; });
}

}  // namespace

bool is_preflight(const ServerRequest& request) {
  return request.method == "OPTIONS" && !request.header("Origin").empty() &&
         !request.header("Access-Control-Request-Method").empty();
}

http::Response preflight_answer(const FunctionUrlCors& cors, const ServerRequest& request) {
  http::Response response{.status = 200, .headers = {}, .body = {}};
  add_cors_headers(cors, request, response);
  if (!allows(cors, request.header("Origin"))) return response;
  if (!cors.allow_methods.empty()) {
    response.headers.push_back({"Access-Control-Allow-Methods", listed(cors.allow_methods)});
  }
  if (!cors.allow_headers.empty()) {
    response.headers.push_back({"Access-Control-Allow-Headers", listed(cors.allow_headers)});
  }
  if (cors.max_age) response.headers.push_back({"Access-Control-Max-Age", std::to_string(*cors.max_age)});
  return response;
}

// The origin is named also where all are allowed.
void add_cors_headers(const FunctionUrlCors& cors, const ServerRequest& request, http::Response& response) {
  const std::string_view origin = request.header("Origin");
  response.headers.push_back({"Vary", "Origin"});
  if (!allows(cors, origin)) return;
  response.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  if (cors.allow_credentials) response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
  if (!cors.expose_headers.empty()) {
    response.headers.push_back({"Access-Control-Expose-Headers", listed(cors.expose_headers)});
  }
}

}  // namespace textlambda::emulator
