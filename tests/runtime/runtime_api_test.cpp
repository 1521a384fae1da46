#include "textlambda/runtime/runtime_api.h"

#include <unistd.h>

#include <array>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/http/scripted_server.h"

namespace textlambda::runtime {
namespace {

using Catch::Contains;

std::string address_of(const ScriptedServer& server) { return "127.0.0.1:" + std::to_string(server.port()); }

std::string api_work(const std::string& event, const std::string& headers) {
  return http_response("200 OK", event, headers);
}

TEST_CASE("an invocation and its headers, in any case of letters") {
  ScriptedServer server(
      {{{.bytes = api_work("{\"a\":1}",
                           "Lambda-Runtime-Aws-Request-Id: id-1\r\n"
                           "Lambda-Runtime-INVOCATION-Id: try\t7\r\n"
                           "lambda-runtime-deadline-ms: 1542409706888\r\n"
                           "LAMBDA-RUNTIME-INVOKED-FUNCTION-ARN: arn:aws:lambda:us-east-1:0:function:f\r\n"
                           "Lambda-Runtime-Trace-Id: Root=1-a;Sampled=1\r\n"
                           "Lambda-Runtime-Client-Context: {\"client\":{}}\r\n"
                           "Lambda-Runtime-Cognito-Identity: {\"id\":\"x\"}\r\n")},
        {.bytes = api_work("", "Lambda-Runtime-Aws-Request-Id: id-2\r\nLambda-Runtime-Deadline-Ms: -5\r\n")}}});
  RuntimeApi api(address_of(server));
  const lambda::Invocation* invocation = api.next();
  REQUIRE(invocation != nullptr);
  CHECK(invocation->event == "{\"a\":1}");
  CHECK(invocation->request_id == "id-1");
  CHECK(invocation->invocation_id == "try\t7");
  CHECK(invocation->deadline_ms == 1542409706888);
  CHECK(invocation->function_arn == "arn:aws:lambda:us-east-1:0:function:f");
  CHECK(invocation->trace_id == "Root=1-a;Sampled=1");
  CHECK(invocation->client_context == "{\"client\":{}}");
  CHECK(invocation->cognito_identity == "{\"id\":\"x\"}");

  invocation = api.next();
  REQUIRE(invocation != nullptr);
  CHECK(invocation->event == "");
  CHECK(invocation->request_id == "id-2");
  CHECK(invocation->invocation_id == "");
  CHECK(invocation->deadline_ms == 0);
  CHECK(invocation->trace_id == "");
  CHECK_THAT(server.requests().at(0), Catch::StartsWith("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n"));
}

TEST_CASE("deliveries") {
  const std::string taken = http_response("202 Accepted", R"({"status":"OK"})");
  ScriptedServer server({{{.bytes = taken},
                          {.bytes = taken},
                          {.bytes = taken},
                          {.bytes = http_response("403 Forbidden", "{\"errorType\":\"Invalid\x01State\"}")}}});
  RuntimeApi api(address_of(server));
  const lambda::Invocation plain{.event = {}, .request_id = "id-1"};
  const lambda::Invocation named{.event = {}, .request_id = "id 2/x", .invocation_id = "try\t7"};
  CHECK(api.respond(plain, "[1]").taken());
  CHECK(api.fail(named, "BadEvent", "{}").taken());
  CHECK(api.fail_to_start("Runtime.InvalidModel", "no \"model\"").taken());
  const Receipt refused = api.respond(named, "[1]");
  CHECK_FALSE(refused.taken());
  CHECK(refused.reason == "the Runtime API said 403 {\"errorType\":\"Invalid State\"}");

  const std::vector<std::string>& requests = server.requests();
  CHECK_THAT(requests.at(0), Catch::StartsWith("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n") &&
                                 Contains("Content-Type: application/json\r\n") && Catch::EndsWith("\r\n\r\n[1]"));
  CHECK_THAT(requests.at(0), !Contains("Invocation-Id"));
  CHECK_THAT(requests.at(3),
             Contains("/response HTTP/1.1\r\n") && Contains("Lambda-Runtime-Invocation-Id: try\t7\r\n"));
  CHECK_THAT(requests.at(1), Catch::StartsWith("POST /2018-06-01/runtime/invocation/id%202%2Fx/error HTTP/1.1\r\n") &&
                                 Contains("Lambda-Runtime-Function-Error-Type: BadEvent\r\n") &&
                                 Contains("Lambda-Runtime-Invocation-Id: try\t7\r\n"));
  CHECK_THAT(requests.at(2), Catch::StartsWith("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n") &&
                                 Contains("Lambda-Runtime-Function-Error-Type: Runtime.InvalidModel\r\n"));
  const std::string body = requests.at(2).substr(requests.at(2).find("\r\n\r\n") + 4);
  CHECK(nlohmann::json::parse(body) ==
        nlohmann::json::parse(
            R"({"errorMessage": "no \"model\"", "errorType": "Runtime.InvalidModel", "stackTrace": []})"));
}

TEST_CASE("an API that is no use ends it") {
  const std::pair<std::string, std::string> rows[] = {
      {http_response("200 OK", "{}"), "without Lambda-Runtime-Aws-Request-Id"},
      {http_response("204 No Content", ""), "the Runtime API said 204"},
      {http_response("403 Forbidden", "{\"errorType\":\"InvalidStateTransition\"}"), "InvalidStateTransition"},
      {http_response("500 Internal Server Error", "dead"), "the Runtime API said 500 dead"},
      {"", "closed the connection without an answer"},
  };
  for (const auto& [bytes, reason] : rows) {
    ScriptedServer server({{{.bytes = bytes}}});
    RuntimeApi api(address_of(server));
    CHECK_THROWS_WITH(api.next(), Catch::StartsWith(address_of(server)) && Contains(reason));
  }
  ScriptedServer server({{{.bytes = http_response("500 Internal Server Error", "dead")}}});
  RuntimeApi api(address_of(server));
  CHECK_THROWS_WITH(api.respond({.event = {}, .request_id = "id"}, "{}"), Contains("an answer was not taken"));
  CHECK_THROWS_AS(RuntimeApi("nowhere"), io::Error);
}

TEST_CASE("a path of the address stands in front of every call") {
  const std::string taken = http_response("202 Accepted", R"({"status":"OK"})");
  ScriptedServer server({{{.bytes = api_work("{}", "Lambda-Runtime-Aws-Request-Id: id\r\n")},
                          {.bytes = taken},
                          {.bytes = taken},
                          {.bytes = taken}}});
  RuntimeApi api("http://" + address_of(server) + "/.rt/tickets/");
  const lambda::Invocation* invocation = api.next();
  REQUIRE(invocation != nullptr);
  CHECK(api.respond(*invocation, "[1]").taken());
  CHECK(api.fail(*invocation, "BadEvent", "{}").taken());
  CHECK(api.fail_to_start("Runtime.InvalidModel", "none").taken());
  const std::vector<std::string>& requests = server.requests();
  const std::string base = "/.rt/tickets/2018-06-01/runtime/";
  CHECK_THAT(requests.at(0), Catch::StartsWith("GET " + base + "invocation/next HTTP/1.1\r\n"));
  CHECK_THAT(requests.at(1), Catch::StartsWith("POST " + base + "invocation/id/response HTTP/1.1\r\n"));
  CHECK_THAT(requests.at(2), Catch::StartsWith("POST " + base + "invocation/id/error HTTP/1.1\r\n"));
  CHECK_THAT(requests.at(3), Catch::StartsWith("POST " + base + "init/error HTTP/1.1\r\n"));
  CHECK_THAT(requests.at(0), Contains("Host: " + address_of(server) + "\r\n"));
}

TEST_CASE("an interrupt ends the wait, before it and in it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ScriptedServer server({{{.bytes = api_work("{}", "Lambda-Runtime-Aws-Request-Id: id\r\n")}}});
  RuntimeApi api(address_of(server), ends[0]);
  CHECK(api.next() != nullptr);
  REQUIRE(::write(ends[1], "x", 1) == 1);
  CHECK(api.next() == nullptr);
  CHECK(server.requests().size() == 1);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace textlambda::runtime
