#include "textlambda/runtime/runtime_api.h"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/json/write.h"

namespace textlambda::runtime {
namespace {

constexpr std::string_view kBase = "/2018-06-01/runtime/";
// Lambda's own limit is 6 MiB, a local host's may be higher. What the handler takes is up to the handler: a longer
// event has to get here to be answered.
constexpr std::size_t kLongestEvent = std::size_t{64} << 20;

bool is_readable(int fd) {
  pollfd waited{fd, POLLIN, 0};
  return fd >= 0 && ::poll(&waited, 1, 0) > 0;
}

// As one segment of a path; an id is a UUID, where the host is Lambda.
std::string path_segment(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string segment;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved) {
      segment += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      segment += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return segment;
}

// Milliseconds since 1970; 0, none, for what is no number.
std::int64_t read_deadline(std::string_view text) {
  std::int64_t deadline = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), deadline);
  return error == std::errc() && end == text.data() + text.size() && deadline > 0 ? deadline : 0;
}

// "413 {"errorMessage": …", for people; what an answer holds besides is not known.
std::string said(const http::Response& response) {
  constexpr std::size_t kLongest = 200;
  std::string text = std::to_string(response.status) + " " + response.body.substr(0, kLongest);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return text;
}

}  // namespace

std::string error_body(std::string_view error_type, std::string_view message) {
  std::string body = R"({"errorMessage":)";
  json::append_string(body, message);
  body += R"(,"errorType":)";
  json::append_string(body, error_type);
  return body + R"(,"stackTrace":[]})";
}

RuntimeApi::RuntimeApi(std::string_view address, int interrupt)
    : host_(address), interrupt_(interrupt), client_(http::parse_endpoint(address), {.longest_body = kLongestEvent}) {}

const lambda::Invocation* RuntimeApi::next() {
  if (is_readable(interrupt_)) return nullptr;
  // Repeatable: an API that has closed an idle connection has given out nothing on it.
  std::optional<http::Response> response =
      client_.send({.target = std::string(kBase) + "invocation/next", .repeatable = true}, interrupt_);
  if (!response) return nullptr;
  if (response->status != 200) io::throw_input("no work: the Runtime API said " + said(*response), host_);

  event_ = std::move(response->body);
  invocation_ = {};
  invocation_.event = event_;
  invocation_.request_id = response->header("Lambda-Runtime-Aws-Request-Id");
  invocation_.function_arn = response->header("Lambda-Runtime-Invoked-Function-Arn");
  invocation_.trace_id = response->header("Lambda-Runtime-Trace-Id");
  invocation_.client_context = response->header("Lambda-Runtime-Client-Context");
  invocation_.cognito_identity = response->header("Lambda-Runtime-Cognito-Identity");
  invocation_.deadline_ms = read_deadline(response->header("Lambda-Runtime-Deadline-Ms"));
  if (invocation_.request_id.empty()) {
    io::throw_input("the Runtime API gave an invocation without Lambda-Runtime-Aws-Request-Id", host_);
  }
  return &invocation_;
}

Receipt RuntimeApi::respond(std::string_view request_id, std::string_view body) {
  return deliver("invocation/" + path_segment(request_id) + "/response", {}, body);
}

Receipt RuntimeApi::fail(std::string_view request_id, std::string_view error_type, std::string_view body) {
  return deliver("invocation/" + path_segment(request_id) + "/error", error_type, body);
}

Receipt RuntimeApi::fail_to_start(std::string_view error_type, std::string_view message) {
  return deliver("init/error", error_type, error_body(error_type, message));
}

Receipt RuntimeApi::deliver(std::string target, std::string_view error_type, std::string_view body) {
  // Repeatable: an invocation is answered once, the API refuses the second time.
  http::Request request{.method = "POST",
                        .target = std::string(kBase) + std::move(target),
                        .headers = {{"Content-Type", "application/json"}},
                        .body = body,
                        .repeatable = true};
  if (!error_type.empty()) request.headers.push_back({"Lambda-Runtime-Function-Error-Type", std::string(error_type)});
  const http::Response response = client_.send(request);
  Receipt receipt{.status = response.status, .reason = {}};
  if (!receipt.taken()) receipt.reason = "the Runtime API said " + said(response);
  if (response.status >= 500) io::throw_input("an answer was not taken: " + receipt.reason, host_);
  return receipt;
}

}  // namespace textlambda::runtime
