// When a request is sent again, and what is told where that was in vain.
#include "textlambda/aws/client.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/aws/surroundings_of_a_test.h"
#include "tests/catch.h"
#include "tests/http/scripted_server.h"

namespace textlambda::aws {
namespace {

using std::chrono::milliseconds;

struct Fixture {
  explicit Fixture(std::vector<ScriptedServer::Connection> script) : server(std::move(script)) {
    test.variables["AWS_ACCESS_KEY_ID"] = "AKID";
    test.variables["AWS_SECRET_ACCESS_KEY"] = "SECRET";
    to = {tls::parse_target("http://127.0.0.1:" + std::to_string(server.port())), {"eu-central-1", "lambda"}};
  }
  http::Response send(Request request = {}, const ClientOptions& options = {}) {
    Client client(std::make_shared<Session>(test.get(), SessionOptions{}), options);
    return client.send(to, std::move(request), "thing");
  }

  TestSurroundings test;
  ScriptedServer server;
  Destination to;
};

TEST_CASE("busy servers and broken connections are asked again") {
  Fixture fixture({{{.bytes = http_response("503 Slow Down", "<Error><Code>SlowDown</Code></Error>")},
                    {.bytes = http_response("429 Too Many Requests", "", "Retry-After: 7\r\n")}},
                   {},  // hangs up
                   {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"}},
                   {{.bytes = http_response("200 OK", "done")}}});
  // The connection that has answered twice is closed behind that: whether it is found so before or behind writing is a
  // matter of time.
  const http::Response response = fixture.send({}, {.attempts = 6});
  CHECK(response.status == 200);
  CHECK(response.body == "done");
  REQUIRE(fixture.test.sleeps.size() >= 4);
  CHECK(fixture.test.sleeps[0] == milliseconds(500));
  CHECK(fixture.test.sleeps[1] == milliseconds(7000));  // asked for
  CHECK(fixture.test.sleeps[2] == milliseconds(2000));
}

TEST_CASE("attempts and time have a bound, and the last answer is told") {
  const ScriptedServer::Connection busy = {{.bytes = http_response("500 Oops", "", "Connection: close\r\n")}};
  Fixture by_count({busy, busy, busy});
  CHECK(by_count.send({}, {.attempts = 3}).status == 500);
  CHECK(by_count.test.sleeps.size() == 2);
  Fixture by_time({busy, busy});
  CHECK(by_time.send({}, {.attempts = 100, .time = std::chrono::seconds(1)}).status == 500);
  CHECK(by_time.test.sleeps.size() == 1);
}

TEST_CASE("nobody listens") {
  Fixture fixture({});
  {
    const ScriptedServer gone(std::vector<ScriptedServer::Connection>{});
    fixture.to.target = tls::parse_target("http://127.0.0.1:" + std::to_string(gone.port()));
  }
  CHECK_THROWS_WITH(fixture.send({}, {.attempts = 2}), Catch::Matchers::StartsWith("thing: 127.0.0.1:") &&
                                                           Catch::Matchers::Contains("cannot connect") &&
                                                           Catch::Matchers::EndsWith("(tried 2 times)"));
}

TEST_CASE("what may have been begun is not asked for twice, unless it was refused") {
  Fixture broken({{{.bytes = ""}}});
  CHECK_THROWS_WITH(broken.send({.method = "POST", .repeatable = false}),
                    Catch::Matchers::Contains("closed the connection without an answer"));
  CHECK(broken.test.sleeps.empty());
  Fixture failed({{{.bytes = http_response("500 Oops", "")}}});
  CHECK(failed.send({.method = "POST", .repeatable = false}).status == 500);
  Fixture refused({{{.bytes = http_response("429 Too Many Requests", "")}, {.bytes = http_response("200 OK", "")}}});
  CHECK(refused.send({.method = "POST", .repeatable = false}).status == 200);
}

TEST_CASE("what is wrong with a request is not tried again") {
  Fixture fixture({{{.bytes = http_response("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>")}}});
  CHECK(fixture.send().status == 403);
  CHECK(fixture.test.sleeps.empty());
}

TEST_CASE("a clock that is wrong is found out by the other side's") {
  Fixture fixture({{{.bytes = http_response("403 Forbidden", "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                                            "Date: Sun, 30 Aug 2015 14:36:00 GMT\r\n")},
                    {.bytes = http_response("200 OK", "")}}});
  CHECK(fixture.send().status == 200);
  const std::vector<std::string>& requests = fixture.server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].find("X-Amz-Date: 20150830T123600Z") != std::string::npos);
  CHECK(requests[1].find("X-Amz-Date: 20150830T143600Z") != std::string::npos);
}

TEST_CASE("a token that has expired is an error where there is no other one") {
  Fixture fixture({{{.bytes = http_response("400 Bad Request", "<Error><Code>ExpiredToken</Code></Error>")}}});
  CHECK(fixture.send().status == 400);
}

TEST_CASE("what takes the body may fail, and is not asked again") {
  Fixture fixture({{{.bytes = http_response("200 OK", "body")}}});
  Request request;
  request.sink = [](const http::Response&, std::string_view) { throw std::runtime_error("the disk is full"); };
  CHECK_THROWS_WITH(fixture.send(request), "the disk is full");
  CHECK(fixture.test.sleeps.empty());
}

TEST_CASE("the body of an error is no sink's") {
  Fixture fixture({{{.bytes = http_response("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>")}}});
  Request request;
  bool taken = false;
  request.sink = [&](const http::Response&, std::string_view) { taken = true; };
  CHECK(fault_of(fixture.send(request)).code == "NoSuchKey");
  CHECK_FALSE(taken);
}

TEST_CASE("an answer beyond the limit is refused") {
  Fixture fixture({{{.bytes = http_response("200 OK", std::string(2000, 'x'))}}});
  CHECK_THROWS_WITH(fixture.send({}, {.attempts = 1, .longest_body = 1000}),
                    Catch::Matchers::Contains("the answer is longer than 1000 bytes"));
}

}  // namespace
}  // namespace textlambda::aws
