#include "textlambda/protocol/runtime_api.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "textlambda/encoding/percent_encoding.h"

namespace textlambda::protocol {
namespace {

constexpr std::string_view kInvocations = "/2018-06-01/runtime/invocation/";

std::string invocation_path(std::string_view request_id, std::string_view end) {
  std::string path(kInvocations);
  path += encoding::percent_encoded(request_id);
  return path.append(end);
}

http::Request delivery(std::string target, std::string_view error_type, std::string_view body) {
  http::Request request{.method = "POST",
                        .target = std::move(target),
                        .headers = {{"Content-Type", "application/json"}},
                        .body = body,
                        .repeatable = true};
  if (!error_type.empty()) request.headers.push_back({std::string(kErrorTypeHeader), std::string(error_type)});
  return request;
}

http::Request named(const InvocationName& invocation, http::Request request) {
  if (!invocation.invocation_id.empty()) {
    request.headers.push_back({std::string(kInvocationIdHeader), std::string(invocation.invocation_id)});
  }
  return request;
}

std::int64_t read_deadline(std::string_view text) {
  std::int64_t deadline = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), deadline);
  return error == std::errc() && end == text.data() + text.size() && deadline > 0 ? deadline : 0;
}

}  // namespace

std::string response_path(std::string_view request_id) { return invocation_path(request_id, "/response"); }

std::string error_path(std::string_view request_id) { return invocation_path(request_id, "/error"); }

http::Request next_request() { return {.target = std::string(kNextPath), .repeatable = true}; }

http::Request response_request(const InvocationName& invocation, std::string_view body) {
  return named(invocation, delivery(response_path(invocation.request_id), {}, body));
}

http::Request error_request(const InvocationName& invocation, std::string_view error_type, std::string_view body) {
  return named(invocation, delivery(error_path(invocation.request_id), error_type, body));
}

http::Request init_error_request(std::string_view error_type, std::string_view body) {
  return delivery(std::string(kInitErrorPath), error_type, body);
}

InvocationHeaders read_invocation_headers(const http::Response& next) {
  InvocationHeaders headers;
  headers.request_id = next.header(kRequestIdHeader);
  headers.invocation_id = next.header(kInvocationIdHeader);
  headers.function_arn = next.header(kFunctionArnHeader);
  headers.trace_id = next.header(kTraceIdHeader);
  headers.client_context = next.header(kClientContextHeader);
  headers.cognito_identity = next.header(kCognitoIdentityHeader);
  headers.deadline_ms = read_deadline(next.header(kDeadlineHeader));
  return headers;
}

RuntimeCall recognise_call(std::string_view request_line) {
  const std::size_t target_end = request_line.rfind(' ');
  if (target_end == std::string_view::npos) return RuntimeCall::other;
  const std::string_view asked = request_line.substr(0, target_end);
  if (asked.starts_with("GET ") && asked.ends_with(kNextPath)) return RuntimeCall::next;
  return asked.find("/runtime/init/error") == std::string_view::npos ? RuntimeCall::other : RuntimeCall::init_error;
}

}  // namespace textlambda::protocol
