// The wire of Lambda's Invoke API, between a caller and a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
// Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/http/message.h"

namespace textlambda::protocol {

// Of the request. The client context is base64.
inline constexpr std::string_view kInvocationTypeHeader = "X-Amz-Invocation-Type";
inline constexpr std::string_view kInvokeClientContextHeader = "X-Amz-Client-Context";
inline constexpr std::string_view kInvokeTenantIdHeader = "X-Amz-Tenant-Id";  // of the answer too
// Of the answer: a function's error, with status 200, and an error of the API's own.
inline constexpr std::string_view kFunctionErrorHeader = "X-Amz-Function-Error";
inline constexpr std::string_view kApiErrorTypeHeader = "x-amzn-ErrorType";

// `function` is a name, an ARN or name:qualifier; it becomes one segment of the path, its colons stay.
std::string invocations_path(std::string_view function);

// A call that waits for the answer. `client_context` is JSON, empty for none; `event` has to outlive the request.
http::Request invoke_request(std::string path, std::string_view event, std::string_view client_context);

struct InvokeError {
  std::string type;     // "Unhandled" where a function's error says no more; may be empty for one of the API
  std::string message;  // may be empty for a function's
};

// What the API, or the function, says went wrong; nothing where `response` is the function's answer. `body` is the
// response's body, null where that is no JSON.
std::optional<InvokeError> invoke_error(const http::Response& response, const nlohmann::json& body);

}  // namespace textlambda::protocol
