// What goes over a connection, and what of answers is not taken.
#include "textlambda/tls/connection.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/http/scripted_server.h"

namespace textlambda::tls {
namespace {

Deadline in(std::chrono::milliseconds time) { return {Clock::now() + time, nullptr}; }
Deadline soon() { return in(std::chrono::seconds(10)); }

Target at(const ScriptedServer& server) { return parse_target("http://127.0.0.1:" + std::to_string(server.port())); }

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const io::Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("endpoints") {
  struct Case {
    const char* url;
    const char* host;
    std::uint16_t port;
    bool tls;
    const char* shown;
  };
  for (const Case& each : std::vector<Case>{{"http://127.0.0.1:9001", "127.0.0.1", 9001, false, "127.0.0.1:9001"},
                                            {"http://localhost", "localhost", 80, false, "localhost"},
                                            {"https://lambda.us-east-1.amazonaws.com", "lambda.us-east-1.amazonaws.com",
                                             443, true, "lambda.us-east-1.amazonaws.com"},
                                            {"HTTPS://x:8443/base/", "x", 8443, true, "x:8443"},
                                            {"https://[::1]", "::1", 443, true, "[::1]"},
                                            {"https://[::1]:80", "::1", 80, true, "[::1]:80"}}) {
    INFO(each.url);
    const Target target = parse_target(each.url);
    CHECK(target.endpoint.host == each.host);
    CHECK(target.endpoint.port == each.port);
    CHECK(target.tls == each.tls);
    CHECK(target.host() == each.shown);
  }
  CHECK_THROWS_AS(parse_target("ftp://x:1"), io::Error);
  CHECK_THROWS_AS(parse_target("https://"), io::Error);
}

TEST_CASE("a request as it is on the wire, two on one connection") {
  ScriptedServer server(
      {{{.bytes = http_response("200 OK", "{}", "X-One: 1\r\n")}, {.bytes = http_response("202 Accepted", "")}}});
  Connection connection(at(server), {}, soon());
  const http::Response first =
      connection.send({.target = "/a", .headers = {{"X-Two", "2"}}, .body = "{\"a\":1}"}, soon());
  CHECK(first.status == 200);
  CHECK(first.body == "{}");
  CHECK(first.header("x-one") == "1");
  CHECK(connection.stays_open());
  CHECK(connection.send({.method = "GET", .target = "/b"}, soon()).status == 202);
  const std::string host = "Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\nUser-Agent: textlambda\r\n";
  CHECK(server.requests() ==
        std::vector<std::string>{"POST /a HTTP/1.1\r\n" + host + "X-Two: 2\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
                                 "GET /b HTTP/1.1\r\n" + host + "\r\n"});
}

TEST_CASE("a signer sees the request and adds to it") {
  ScriptedServer server({{{.bytes = http_response("200 OK", "")}}});
  std::string seen;
  const Signer signer = [&](const std::string& method, const std::string& target, std::string_view body,
                            std::vector<http::Header>& headers) {
    seen = method + " " + target + " " + std::string(body) + " " + headers.front().name;
    headers.push_back({"Authorization", "signed"});
  };
  Connection connection(parse_target("http://127.0.0.1:" + std::to_string(server.port()) + "/base"), {.signer = signer},
                        soon());
  connection.send({.target = "/a?b=1", .body = "x"}, soon());
  CHECK(seen == "POST /base/a?b=1 x Host");
  CHECK(server.requests().front().find("\r\nAuthorization: signed\r\n") != std::string::npos);
}

TEST_CASE("a body in chunks") {
  // The chunks end as headers do.
  ScriptedServer server({{{.bytes = "", .reads_headers_only = true},
                          {.bytes = http_response("200 OK", ""), .reads_headers_only = true}}});
  Connection connection(at(server), {}, soon());
  CHECK(connection.send({.body = "0123456789", .chunked = true}, soon()).status == 200);
  const std::vector<std::string>& requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(requests[0].find("Content-Length") == std::string::npos);
  CHECK(requests[1] == "a\r\n0123456789\r\n0\r\n\r\n");
}

TEST_CASE("a client that waits for 100 Continue takes the answer, too") {
  for (const bool told : {true, false}) {
    ScriptedServer server({{{.bytes = told ? "HTTP/1.1 100 Continue\r\n\r\n" : "", .reads_headers_only = true},
                            {.bytes = http_response("200 OK", "ok"), .reads_request = false, .hangs = true}}});
    Connection connection(at(server), {}, soon());
    const http::Response response = connection.send({.body = "later", .expects_continue = true}, soon());
    CHECK(response.status == 200);
    CHECK(response.body == "ok");
  }
}

TEST_CASE("HEAD has no body, whatever its length says") {
  ScriptedServer server(
      {{{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}, {.bytes = http_response("200 OK", "next")}}});
  Connection connection(at(server), {}, soon());
  CHECK(connection.send({.method = "HEAD"}, soon()).body == "");
  CHECK(connection.send({.method = "GET"}, soon()).body == "next");
}

TEST_CASE("an answer that comes before the body is taken") {
  ScriptedServer server({{{.bytes = http_response("413 Too Large", "no", "Connection: close\r\n"),
                           .reads_headers_only = true,
                           .hangs = true}}});
  const std::string large(std::size_t{12} << 20, 'x');
  Connection connection(at(server), {}, soon());
  const http::Response response = connection.send({.body = large}, soon());
  CHECK(response.status == 413);
  CHECK_FALSE(connection.stays_open());
}

TEST_CASE("what is no answer, and what is too much of one") {
  struct Case {
    std::string bytes;
    const char* reason;
  };
  const std::string endless(200'000, 'x');
  for (const Case& each : std::vector<Case>{
           {"", "closed the connection without an answer"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "in the middle of its answer"},
           {"SSH-2.0-OpenSSH\r\n\r\n", "did not answer in HTTP"},
           {"HTTP/1.1 200 OK\r\nX: " + endless, "the headers of the answer are longer than 65536 bytes"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "the answer is longer than 16777216 bytes"}}) {
    INFO(each.reason);
    ScriptedServer server({{{.bytes = each.bytes}}});
    Connection connection(at(server), {}, soon());
    const std::string error = error_of([&] { connection.send({.method = "GET"}, soon()); });
    CHECK(error.find(each.reason) != std::string::npos);
    CHECK(error.find("127.0.0.1:") == 0);
  }
}

TEST_CASE("a server that says nothing, or not enough, is waited for until the deadline") {
  for (const char* const bytes : {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"}) {
    ScriptedServer server({{{.bytes = bytes, .hangs = true}}});
    Connection connection(at(server), {}, soon());
    CHECK(error_of([&] {
            connection.send({.method = "GET"}, in(std::chrono::milliseconds(150)));
          }).find("no answer in time") != std::string::npos);
    { const Connection gone = std::move(connection); }
  }
}

TEST_CASE("an interrupt ends a wait", "[threads]") {
  std::atomic<bool> interrupted{true};
  ScriptedServer server({{{.bytes = "", .hangs = true}}});
  Connection connection(at(server), {}, soon());
  CHECK(error_of([&] {
          connection.send({.method = "GET"}, {Clock::now() + std::chrono::hours(1), &interrupted});
        }) != "");
  { const Connection gone = std::move(connection); }
}

TEST_CASE("nobody listens") {
  std::uint16_t port = 0;
  {
    ScriptedServer server(std::vector<ScriptedServer::Connection>{});
    port = server.port();
  }
  CHECK(error_of([&] {
          Connection(parse_target("http://127.0.0.1:" + std::to_string(port)), {}, soon());
        }).find("cannot connect") != std::string::npos);
}

}  // namespace
}  // namespace textlambda::tls
