#include "textlambda/runtime/run_loop.h"

#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/http/scripted_server.h"

namespace textlambda::runtime {
namespace {

ScriptedServer::Step work(const std::string& id) {
  return {.bytes = http_response("200 OK", "{}", "Lambda-Runtime-Aws-Request-Id: " + id + "\r\n")};
}

ScriptedServer::Step says(const std::string& status) { return {.bytes = http_response(status, "{}")}; }

lambda::Answer answer(bool ok) {
  lambda::Answer answer;
  answer.ok = ok;
  answer.body = ok ? "\"fine\"" : "{\"errorType\":\"BadEvent\"}";
  answer.error_type = ok ? "" : "BadEvent";
  return answer;
}

std::string first_line(const std::string& request) { return request.substr(0, request.find(" HTTP/")); }

TEST_CASE("responses, errors and refusals go where they belong; the interrupt ends it after the answer") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ScriptedServer server(
      {{work("a"), says("202 Accepted"), work("b"), says("202 Accepted"), work("c"), says("413 Payload Too Large"),
        says("202 Accepted"), work("d"), says("400 Bad Request"), work("e"), says("202 Accepted")}});
  RuntimeApi api("127.0.0.1:" + std::to_string(server.port()), ends[0]);
  std::vector<std::string> rejected;
  run(
      api,
      [&](const lambda::Invocation& invocation) {
        if (invocation.request_id == "e") CHECK(::write(ends[1], "x", 1) == 1);
        return answer(invocation.request_id != "b");
      },
      [&](const lambda::Invocation& invocation, std::string_view reason) {
        rejected.push_back(invocation.request_id + ": " + std::string(reason));
      });

  const std::vector<std::string>& requests = server.requests();
  const std::string base = "/2018-06-01/runtime/invocation/";
  const std::vector<std::string> expected = {
      "GET " + base + "next",     "POST " + base + "a/response", "GET " + base + "next",
      "POST " + base + "b/error", "GET " + base + "next",        "POST " + base + "c/response",
      "POST " + base + "c/error", "GET " + base + "next",        "POST " + base + "d/response",
      "GET " + base + "next",     "POST " + base + "e/response"};
  std::vector<std::string> got;
  for (const std::string& request : requests) got.push_back(first_line(request));
  CHECK(got == expected);
  CHECK_THAT(requests.at(6), Catch::Contains("Function.ResponseSizeTooLarge"));
  REQUIRE(rejected.size() == 2);
  CHECK_THAT(rejected[0], Catch::StartsWith("c: the Runtime API said 413"));
  CHECK_THAT(rejected[1], Catch::StartsWith("d: the Runtime API said 400"));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace textlambda::runtime
