#include "textlambda/protocol/runtime_api.h"

#include <string>
#include <utility>
#include <vector>

#include "textlambda/protocol/error_body.h"

#include "tests/catch.h"

namespace textlambda::protocol {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Headers headers_of(const http::Request& request) {
  Headers headers;
  for (const http::Header& header : request.headers) headers.emplace_back(header.name, header.value);
  return headers;
}

TEST_CASE("what a function's process asks the Runtime API") {
  struct Case {
    http::Request request;
    std::string method;
    std::string target;
    Headers headers;
    std::string body;
  };
  const std::pair<std::string, std::string> json = {"Content-Type", "application/json"};
  const std::string id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
  const std::vector<Case> cases = {
      {next_request(), "GET", "/2018-06-01/runtime/invocation/next", {}, ""},
      {response_request({id}, "[1]"),
       "POST",
       "/2018-06-01/runtime/invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response",
       {json},
       "[1]"},
      {response_request({"../a b?\xC3\xA9"}, ""),
       "POST",
       "/2018-06-01/runtime/invocation/..%2Fa%20b%3F%C3%A9/response",
       {json},
       ""},
      {response_request({"id", "try-7"}, "[1]"),
       "POST",
       "/2018-06-01/runtime/invocation/id/response",
       {json, {"Lambda-Runtime-Invocation-Id", "try-7"}},
       "[1]"},
      {error_request({"id", "try-7"}, "BadEvent", "{}"),
       "POST",
       "/2018-06-01/runtime/invocation/id/error",
       {json, {"Lambda-Runtime-Function-Error-Type", "BadEvent"}, {"Lambda-Runtime-Invocation-Id", "try-7"}},
       "{}"},
      {error_request({"i:d"}, "BadEvent", "{}"),
       "POST",
       "/2018-06-01/runtime/invocation/i%3Ad/error",
       {json, {"Lambda-Runtime-Function-Error-Type", "BadEvent"}},
       "{}"},
      {error_request({"id"}, "", "{}"), "POST", "/2018-06-01/runtime/invocation/id/error", {json}, "{}"},
      {init_error_request("Runtime.InvalidModel", "{}"),
       "POST",
       "/2018-06-01/runtime/init/error",
       {json, {"Lambda-Runtime-Function-Error-Type", "Runtime.InvalidModel"}},
       "{}"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.target);
    CHECK(each.request.method == each.method);
    CHECK(each.request.target == each.target);
    CHECK(headers_of(each.request) == each.headers);
    CHECK(each.request.body == each.body);
    CHECK(each.request.repeatable);
  }
}

TEST_CASE("the headers beside an event, in any case of letters; none has to be there") {
  http::Response response;
  InvocationHeaders headers = read_invocation_headers(response);
  CHECK(headers.request_id == "");
  CHECK(headers.invocation_id == "");
  CHECK(headers.function_arn == "");
  CHECK(headers.trace_id == "");
  CHECK(headers.client_context == "");
  CHECK(headers.cognito_identity == "");
  CHECK(headers.deadline_ms == 0);

  response.headers = {{"Lambda-Runtime-Aws-Request-Id", "id-1"},
                      {"lambda-runtime-invocation-id", "try-7"},
                      {"lambda-runtime-deadline-ms", "1542409706888"},
                      {"LAMBDA-RUNTIME-INVOKED-FUNCTION-ARN", "arn:aws:lambda:us-east-1:0:function:f"},
                      {"Lambda-Runtime-Trace-Id", "Root=1-a;Sampled=1"},
                      {"Lambda-Runtime-Client-Context", "{\"client\":{}}"},
                      {"Lambda-Runtime-Cognito-Identity", "{\"id\":\"x\"}"}};
  headers = read_invocation_headers(response);
  CHECK(headers.request_id == "id-1");
  CHECK(headers.invocation_id == "try-7");
  CHECK(headers.deadline_ms == 1542409706888);
  CHECK(headers.function_arn == "arn:aws:lambda:us-east-1:0:function:f");
  CHECK(headers.trace_id == "Root=1-a;Sampled=1");
  CHECK(headers.client_context == "{\"client\":{}}");
  CHECK(headers.cognito_identity == "{\"id\":\"x\"}");
}

TEST_CASE("a deadline that is no positive number is none") {
  const std::pair<std::string, std::int64_t> rows[] = {{"1", 1},
                                                       {"9223372036854775807", 9223372036854775807},
                                                       {"9223372036854775808", 0},
                                                       {"0", 0},
                                                       {"-5", 0},
                                                       {"", 0},
                                                       {"12.5", 0},
                                                       {"12 ", 0},
                                                       {"soon", 0}};
  for (const auto& [text, deadline] : rows) {
    http::Response response;
    response.headers = {{"Lambda-Runtime-Deadline-Ms", text}};
    CAPTURE(text);
    CHECK(read_invocation_headers(response).deadline_ms == deadline);
  }
}

TEST_CASE("calls are told by their request line") {
  const std::pair<std::string, RuntimeCall> rows[] = {
      {"GET /2018-06-01/runtime/invocation/next HTTP/1.1", RuntimeCall::next},
      {"GET http://127.0.0.1:9001/2018-06-01/runtime/invocation/next HTTP/1.1", RuntimeCall::next},
      {"GET /tickets/2018-06-01/runtime/invocation/next HTTP/1.1", RuntimeCall::next},
      {"POST /2018-06-01/runtime/invocation/next HTTP/1.1", RuntimeCall::other},
      {"GET /2018-06-01/runtime/invocation/nextmost HTTP/1.1", RuntimeCall::other},
      {"GET /2018-06-01/runtime/invocation/next", RuntimeCall::other},
      {"GET /2018-06-02/runtime/invocation/next HTTP/1.1", RuntimeCall::other},
      {"POST /2018-06-01/runtime/init/error HTTP/1.1", RuntimeCall::init_error},
      {"POST /2017-01-01/runtime/init/error HTTP/1.1", RuntimeCall::init_error},
      {"POST /2018-06-01/runtime/invocation/id/error HTTP/1.1", RuntimeCall::other},
      {"GET / HTTP/1.1", RuntimeCall::other},
      {"", RuntimeCall::other},
  };
  for (const auto& [line, call] : rows) {
    CAPTURE(line);
    CHECK((recognise_call(line) == call));
  }
}

TEST_CASE("the body of an error") {
  CHECK(error_body("Runtime.ExitError", "no \"model\"\n\xFF") ==
        "{\"errorMessage\":\"no \\\"model\\\"\\n\xEF\xBF\xBD\",\"errorType\":\"Runtime.ExitError\",\"stackTrace\":[]}");
  CHECK(error_body("", "") == R"({"errorMessage":"","errorType":"","stackTrace":[]})");
}

}  // namespace
}  // namespace textlambda::protocol
