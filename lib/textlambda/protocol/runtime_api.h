// The wire of Lambda's Runtime API, between a function's process and what hosts it.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/http/message.h"

namespace textlambda::protocol {

inline constexpr std::string_view kNextPath = "/2018-06-01/runtime/invocation/next";
inline constexpr std::string_view kInitErrorPath = "/2018-06-01/runtime/init/error";
// Where an invocation's answer goes. The id becomes one segment of the path, whatever it holds; Lambda's are UUIDs.
std::string response_path(std::string_view request_id);
std::string error_path(std::string_view request_id);

// Of the answer to `next`.
inline constexpr std::string_view kRequestIdHeader = "Lambda-Runtime-Aws-Request-Id";
inline constexpr std::string_view kDeadlineHeader = "Lambda-Runtime-Deadline-Ms";
inline constexpr std::string_view kFunctionArnHeader = "Lambda-Runtime-Invoked-Function-Arn";
inline constexpr std::string_view kTraceIdHeader = "Lambda-Runtime-Trace-Id";
inline constexpr std::string_view kClientContextHeader = "Lambda-Runtime-Client-Context";
inline constexpr std::string_view kCognitoIdentityHeader = "Lambda-Runtime-Cognito-Identity";
// The same with what is delivered for it, so that a host can tell an answer that came too late for its sandbox.
inline constexpr std::string_view kInvocationIdHeader = "Lambda-Runtime-Invocation-Id";
// Whose data the invocation is about, where a function keeps tenants apart.
inline constexpr std::string_view kTenantIdHeader = "Lambda-Runtime-Aws-Tenant-Id";
// Of a response that is sent as it comes into being: "streaming".
inline constexpr std::string_view kResponseModeHeader = "Lambda-Runtime-Function-Response-Mode";
// Of a reported error. Some clients never send it.
inline constexpr std::string_view kErrorTypeHeader = "Lambda-Runtime-Function-Error-Type";

// Which invocation an answer is for, as the headers of `next` named it.
struct InvocationName {
  std::string_view request_id;
  std::string_view invocation_id = {};  // empty where the host gave none: then it gets none back
};

// What a function's process asks. All of them may be sent twice: an API that has closed an idle connection has given
// out nothing on it, and refuses a second answer to an invocation. A body has to outlive the request.
http::Request next_request();
http::Request response_request(const InvocationName& invocation, std::string_view body);
// `body` is an error_body(), or what the function itself says in its place.
http::Request error_request(const InvocationName& invocation, std::string_view error_type, std::string_view body);
http::Request init_error_request(std::string_view error_type, std::string_view body);

// What stands beside an event; empty where the header is missing.
struct InvocationHeaders {
  std::string request_id;
  std::string invocation_id;
  std::string function_arn;
  std::string trace_id;
  std::string client_context;    // JSON
  std::string cognito_identity;  // JSON
  std::int64_t deadline_ms = 0;  // milliseconds since 1970 in UTC; 0, none, for what is no positive number
};
InvocationHeaders read_invocation_headers(const http::Response& next);

// What a request line asks, "GET /2018-06-01/runtime/invocation/next HTTP/1.1", its target a path or a whole URL.
enum class RuntimeCall {
  next,
  init_error,  // of any version of the API
  other,
};
RuntimeCall recognise_call(std::string_view request_line);

}  // namespace textlambda::protocol
