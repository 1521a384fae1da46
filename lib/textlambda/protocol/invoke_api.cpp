#include "textlambda/protocol/invoke_api.h"

#include <initializer_list>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/document.h"

namespace textlambda::protocol {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFunctions = "/2015-03-31/functions/";

// The first of these members that is a string; empty if none is.
std::string first_string(const Json& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const std::string* found = json::string_member(object, name)) return *found;
  }
  return "";
}

}  // namespace

std::string invocations_path(std::string_view function) {
  return std::string(kFunctions) + encoding::percent_encoded(function, ":") + "/invocations";
}

http::Request invoke_request(std::string path, std::string_view event, std::string_view client_context) {
  http::Request request{
      .method = "POST",
      .target = std::move(path),
      .headers = {{"Content-Type", "application/json"}, {std::string(kInvocationTypeHeader), "RequestResponse"}},
      .body = event};
  if (!client_context.empty()) {
    request.headers.push_back({std::string(kInvokeClientContextHeader), encoding::encode_base64(client_context)});
  }
  return request;
}

std::optional<InvokeError> invoke_error(const http::Response& response, const Json& body) {
  if (response.status != 200) {
    InvokeError error{std::string(response.header(kApiErrorTypeHeader)),
                      first_string(body, {"message", "Message", "errorMessage"})};
    if (error.message.empty()) error.message = "HTTP status " + std::to_string(response.status);
    return error;
  }
  const std::string_view function_error = response.header(kFunctionErrorHeader);
  if (function_error.empty()) return std::nullopt;
  InvokeError error{first_string(body, {"errorType"}), first_string(body, {"errorMessage"})};
  if (error.type.empty()) error.type = function_error;
  return error;
}

}  // namespace textlambda::protocol
