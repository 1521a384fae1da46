#include "textlambda/protocol/invoke_api.h"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::protocol {
namespace {

TEST_CASE("a function's name is one segment of its path, its colons stay") {
  const std::pair<std::string, std::string> rows[] = {
      {"f", "/2015-03-31/functions/f/invocations"},
      {"my-function_2:live", "/2015-03-31/functions/my-function_2:live/invocations"},
      {"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
       "/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f:%24LATEST/invocations"},
      {"a/b c", "/2015-03-31/functions/a%2Fb%20c/invocations"},
  };
  for (const auto& [name, path] : rows) CHECK(invocations_path(name) == path);
}

TEST_CASE("a call that waits for its answer") {
  const std::string event = R"({"Records":[]})";
  http::Request request = invoke_request("/f", event, "");
  CHECK(request.method == "POST");
  CHECK(request.target == "/f");
  CHECK(request.body == event);
  CHECK_FALSE(request.repeatable);
  REQUIRE(request.headers.size() == 2);
  CHECK(request.headers[0].name == "Content-Type");
  CHECK(request.headers[0].value == "application/json");
  CHECK(request.headers[1].name == "X-Amz-Invocation-Type");
  CHECK(request.headers[1].value == "RequestResponse");

  request = invoke_request("/f", event, R"({"a":1})");
  REQUIRE(request.headers.size() == 3);
  CHECK(request.headers[2].name == "X-Amz-Client-Context");
  CHECK(request.headers[2].value == "eyJhIjoxfQ==");
}

TEST_CASE("what an answer says went wrong") {
  struct Case {
    unsigned status;
    std::vector<http::Header> headers;
    std::string body;  // null where the response's is no JSON
    std::string type;
    std::string message;
  };
  const std::vector<Case> cases = {
      {404,
       {{"x-amzn-ErrorType", "ResourceNotFoundException"}},
       R"({"Type":"User","Message":"Function not found: arn:aws:lambda:us-east-1:0:function:f"})",
       "ResourceNotFoundException",
       "Function not found: arn:aws:lambda:us-east-1:0:function:f"},
      {429,
       {{"X-Amzn-Errortype", "TooManyRequestsException"}},
       R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."})",
       "TooManyRequestsException",
       "Rate Exceeded."},
      {400, {}, R"({"errorMessage":"no","errorType":"InvalidRequestID"})", "", "no"},
      {400, {}, R"({"message":1,"Message":"second"})", "", "second"},
      {502, {}, "null", "", "HTTP status 502"},
      {202, {}, "null", "", "HTTP status 202"},
      // A function's error has status 200.
      {200,
       {{"X-Amz-Function-Error", "Unhandled"}},
       R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: X Error: Task timed out after 1.00 seconds"})",
       "Sandbox.Timedout",
       "RequestId: X Error: Task timed out after 1.00 seconds"},
      {200, {{"x-amz-function-error", "Unhandled"}}, "[1]", "Unhandled", ""},
      {200, {{"X-Amz-Function-Error", "Unhandled"}}, "null", "Unhandled", ""},
  };
  for (const Case& each : cases) {
    CAPTURE(each.status, each.body);
    const http::Response response{.status = each.status, .headers = each.headers, .body = each.body};
    const std::optional<InvokeError> error = invoke_error(response, nlohmann::json::parse(each.body));
    REQUIRE(error.has_value());
    CHECK(error->type == each.type);
    CHECK(error->message == each.message);
  }
}

TEST_CASE("a function's answer is no error, whatever it looks like") {
  const http::Response response{.status = 200, .headers = {{"X-Amz-Executed-Version", "$LATEST"}}, .body = {}};
  CHECK_FALSE(invoke_error(response, nlohmann::json::parse(R"({"errorType":"a","message":"b"})")).has_value());
  CHECK_FALSE(invoke_error(response, nlohmann::json()).has_value());
}

}  // namespace
}  // namespace textlambda::protocol
