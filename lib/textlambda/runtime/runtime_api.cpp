#include "textlambda/runtime/runtime_api.h"

#include <poll.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/protocol/error_body.h"
#include "textlambda/protocol/runtime_api.h"

namespace textlambda::runtime {
namespace {

// Lambda's own limit is 6 MiB, a local host's may be higher. What the handler takes is up to the handler: a longer
// event has to get here to be answered.
constexpr std::size_t kLongestEvent = std::size_t{64} << 20;

bool is_readable(int fd) {
  pollfd waited{fd, POLLIN, 0};
  return fd >= 0 && ::poll(&waited, 1, 0) > 0;
}

// "413 {"errorMessage": …", for people; what an answer holds besides is not known.
std::string said(const http::Response& response) {
  constexpr std::size_t kLongest = 200;
  std::string text = std::to_string(response.status) + " " + response.body.substr(0, kLongest);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return text;
}

protocol::InvocationName name_of(const lambda::Invocation& invocation) {
  return {.request_id = invocation.request_id, .invocation_id = invocation.invocation_id};
}

}  // namespace

RuntimeApi::RuntimeApi(std::string_view address, int interrupt)
    : host_(address), interrupt_(interrupt), client_(http::parse_endpoint(address), {.longest_body = kLongestEvent}) {}

const lambda::Invocation* RuntimeApi::next() {
  if (is_readable(interrupt_)) return nullptr;
  std::optional<http::Response> response = client_.send(protocol::next_request(), interrupt_);
  if (!response) return nullptr;
  if (response->status != 200) io::throw_input("no work: the Runtime API said " + said(*response), host_);

  event_ = std::move(response->body);
  protocol::InvocationHeaders headers = protocol::read_invocation_headers(*response);
  if (headers.request_id.empty()) {
    io::throw_input("the Runtime API gave an invocation without " + std::string(protocol::kRequestIdHeader), host_);
  }
  invocation_ = {.event = event_,
                 .request_id = std::move(headers.request_id),
                 .invocation_id = std::move(headers.invocation_id),
                 .function_arn = std::move(headers.function_arn),
                 .trace_id = std::move(headers.trace_id),
                 .client_context = std::move(headers.client_context),
                 .cognito_identity = std::move(headers.cognito_identity),
                 .deadline_ms = headers.deadline_ms};
  return &invocation_;
}

Receipt RuntimeApi::respond(const lambda::Invocation& invocation, std::string_view body) {
  return deliver(protocol::response_request(name_of(invocation), body));
}

Receipt RuntimeApi::fail(const lambda::Invocation& invocation, std::string_view error_type, std::string_view body) {
  return deliver(protocol::error_request(name_of(invocation), error_type, body));
}

Receipt RuntimeApi::fail_to_start(std::string_view error_type, std::string_view message) {
  const std::string body = protocol::error_body(error_type, message);
  return deliver(protocol::init_error_request(error_type, body));
}

Receipt RuntimeApi::deliver(const http::Request& request) {
  const http::Response response = client_.send(request);
  Receipt receipt{.status = response.status, .reason = {}};
  if (!receipt.taken()) receipt.reason = "the Runtime API said " + said(response);
  if (response.status >= 500) io::throw_input("an answer was not taken: " + receipt.reason, host_);
  return receipt;
}

}  // namespace textlambda::runtime
