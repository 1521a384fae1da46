#include "textlambda/http/client.h"

#include <unistd.h>

#include <array>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/http/scripted_server.h"

namespace textlambda::http {
namespace {

using Catch::Contains;
using Step = ScriptedServer::Step;

Client client_of(const ScriptedServer& server, ClientOptions options = {}) {
  if (!options.timeout) options.timeout = std::chrono::seconds(20);  // a broken test ends
  return Client({.host = "127.0.0.1", .port = server.port()}, options);
}

Request get(const std::string& target) { return {.target = target, .headers = {}, .body = {}, .repeatable = true}; }

Request post(std::string_view body) {
  return {.method = "POST", .target = "/p", .headers = {{"Content-Type", "application/json"}}, .body = body};
}

TEST_CASE("a request and its answer, over one kept connection") {
  ScriptedServer server({{{.bytes = http_response("200 OK", "first", "X-Number: 1\r\nx-number: 2\r\n")},
                          {.bytes = http_response("404 Not Found", "")}}});
  Client client = client_of(server);
  const Response first = client.send(post("{\"a\":1}"));
  CHECK(first.status == 200);
  CHECK(first.body == "first");
  CHECK(first.header("X-NUMBER") == "1");
  CHECK(first.header("Content-Type") == "");
  CHECK(client.send(get("/next?x=%20")).status == 404);

  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0] == "POST /p HTTP/1.1\r\nHost: " + host +
                                    "\r\nUser-Agent: textlambda\r\nContent-Type: application/json\r\n"
                                    "Content-Length: 7\r\n\r\n{\"a\":1}");
  CHECK(server.requests()[1] == "GET /next?x=%20 HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: textlambda\r\n\r\n");
}

TEST_CASE("each way a body may come") {
  const std::pair<std::string, std::string> rows[] = {
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n", "abcde"},
      {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"},
      {"HTTP/1.1 204 No Content\r\n\r\n", ""},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + http_response("200 OK", "x"), "x"},
      {"HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", "x"},
  };
  for (const auto& [bytes, body] : rows) {
    CAPTURE(bytes);
    // The second connection: what follows the answer is right too.
    ScriptedServer server({{{.bytes = bytes}}, {{.bytes = http_response("200 OK", "again")}}});
    Client client = client_of(server);
    CHECK(client.send(get("/")).body == body);
    CHECK(client.send(get("/")).body == "again");
  }
}

TEST_CASE("bodies of several mebibytes both ways") {
  std::string body(7U << 20, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1009) body[i] = static_cast<char>('a' + i % 26);
  ScriptedServer server({{{.bytes = http_response("200 OK", body)}, {.bytes = http_response("202 Accepted", "")}}});
  Client client = client_of(server);
  CHECK(client.send(get("/")).body == body);
  CHECK(client.send(post(body)).status == 202);
  const std::string& request = server.requests().at(1);
  CHECK(request.substr(request.size() - body.size()) == body);
}

TEST_CASE("a kept connection that the server closed is opened anew") {
  SECTION("before the request") {
    ScriptedServer server({{{.bytes = http_response("200 OK", "1")}}, {{.bytes = http_response("200 OK", "2")}}});
    Client client = client_of(server);
    CHECK(client.send(get("/")).body == "1");
    ::usleep(20000);  // let the end of the connection arrive
    CHECK(client.send(post("{}")).body == "2");
  }
  SECTION("instead of an answer: again, once, where that does no harm") {
    ScriptedServer server(
        {{{.bytes = http_response("200 OK", "1")}, {.bytes = ""}}, {{.bytes = http_response("200 OK", "2")}}});
    Client client = client_of(server);
    CHECK(client.send(get("/")).body == "1");
    CHECK(client.send(get("/")).body == "2");
    CHECK(server.requests().size() == 3);
  }
  SECTION("instead of an answer, where it might do harm") {
    ScriptedServer server({{{.bytes = http_response("200 OK", "1")}, {.bytes = ""}}});
    Client client = client_of(server);
    CHECK(client.send(get("/")).body == "1");
    CHECK_THROWS_WITH(client.send(post("{}")), Contains("closed the connection without an answer"));
    CHECK(server.requests().size() == 2);
  }
  SECTION("a fresh connection is not stale") {
    ScriptedServer server({{{.bytes = ""}}});
    Client client = client_of(server);
    CHECK_THROWS_WITH(client.send(get("/")), Contains("closed the connection without an answer"));
    CHECK(server.requests().size() == 1);
  }
  SECTION("a part of an answer has come") {
    ScriptedServer server({{{.bytes = http_response("200 OK", "1")}, {.bytes = "HTT"}}});
    Client client = client_of(server);
    CHECK(client.send(get("/")).body == "1");
    CHECK_THROWS_AS(client.send(get("/")), io::Error);
    CHECK(server.requests().size() == 2);
  }
  SECTION("the server said so") {
    ScriptedServer server({{{.bytes = http_response("200 OK", "1", "Connection: close\r\n")}},
                           {{.bytes = http_response("200 OK", "2")}}});
    Client client = client_of(server);
    CHECK(client.send(post("{}")).body == "1");
    CHECK(client.send(post("{}")).body == "2");
  }
}

TEST_CASE("bytes nobody asked for are not taken for the next answer") {
  ScriptedServer server({{{.bytes = http_response("200 OK", "1") + http_response("200 OK", "unasked"), .hangs = true}},
                         {{.bytes = http_response("200 OK", "2")}}});
  Client client = client_of(server);
  CHECK(client.send(get("/")).body == "1");
  CHECK(client.send(get("/")).body == "2");
}

TEST_CASE("broken answers are errors that name the endpoint") {
  const std::pair<std::string, std::string> rows[] = {
      {"", "closed the connection without an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "in the middle of its answer"},
      {"HTTP/1.1 200 OK\r\nContent-Le", "the connection"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "did not answer in HTTP"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "did not answer in HTTP"},
      {std::string("\0\xff\x80\r\n\r\n some more of it", 22), "did not answer in HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "did not answer in HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "did not answer in HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "did not answer in HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "longer than 4096 bytes"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\nab", "longer than 4096 bytes"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1400\r\n" + std::string(0x1400, 'x') + "\r\n0\r\n\r\n",
       "longer than 4096 bytes"},
      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'), "longer than 4096 bytes"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(3000, 'x') + "\r\n\r\n",
       "headers of the answer are longer than 2048 bytes"},
      {[] {
         std::string interim;
         for (int i = 0; i < 40; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
         return interim;
       }(),
       "did not answer in HTTP"},
  };
  for (const auto& [bytes, reason] : rows) {
    CAPTURE(bytes.substr(0, 100));
    ScriptedServer server({{{.bytes = bytes}}, {{.bytes = http_response("200 OK", "fine")}}});
    Client client = client_of(server, {.longest_body = 4096, .longest_headers = 2048});
    const std::string host = "127.0.0.1:" + std::to_string(server.port()) + ": ";
    CHECK_THROWS_WITH(client.send(get("/")), Catch::StartsWith(host) && Contains(reason));
    // And the client is as good as new.
    CHECK(client.send(get("/")).body == "fine");
  }
}

TEST_CASE("a server that refuses a body without reading it") {
  const std::string body(8U << 20, 'x');
  const std::string refusal = http_response("413 Payload Too Large", "too much");
  const bool closes = GENERATE(false, true);
  CAPTURE(closes);
  ScriptedServer server(
      {{{.bytes = refusal, .reads_headers_only = true, .hangs = !closes}}, {{.bytes = http_response("200 OK", "2")}}});
  Client client = client_of(server);
  if (closes) {
    // Closing with unread bytes resets the connection, which may overtake the answer.
    try {
      CHECK(client.send(post(body)).status == 413);
    } catch (const io::Error& error) {
      CHECK_THAT(error.what(), Contains("no answer"));
    }
  } else {
    CHECK(client.send(post(body)).status == 413);
  }
  CHECK(client.send(get("/")).body == "2");
}

TEST_CASE("a silent server is given up after the timeout") {
  ScriptedServer server({{{.bytes = "", .hangs = true}}, {{.bytes = "HTTP/1.1 200 OK\r\nConte", .hangs = true}}});
  Client client = client_of(server, {.timeout = std::chrono::milliseconds(30)});
  CHECK_THROWS_WITH(client.send(get("/")), Contains("timed out"));
  CHECK_THROWS_WITH(client.send(get("/")), Contains("timed out"));
}

TEST_CASE("a wait can be interrupted until the answer begins") {
  std::array<int, 2> pipe_ends{};
  REQUIRE(::pipe(pipe_ends.data()) == 0);
  REQUIRE(::write(pipe_ends[1], "x", 1) == 1);
  ScriptedServer server({{{.bytes = "", .hangs = true}}, {{.bytes = http_response("200 OK", "2")}}});
  Client client = client_of(server);
  CHECK_FALSE(client.send(get("/"), pipe_ends[0]).has_value());
  CHECK(client.send(get("/")).body == "2");
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST_CASE("who is not there") {
  SECTION("nobody listens") {
    std::uint16_t port = 0;
    {
      ScriptedServer server({});
      port = server.port();
    }
    Client client({.host = "127.0.0.1", .port = port});
    CHECK_THROWS_WITH(client.send(get("/")), Contains("cannot connect: Connection refused"));
  }
  SECTION("a name without a name service") {
    CHECK_THROWS_WITH(Client({.host = "sandbox.test", .port = 1}), Contains("sandbox.test:1: the host is a name"));
  }
  SECTION("localhost is the loopback interface, and what resolve says is used") {
    ScriptedServer server({{{.bytes = http_response("200 OK", "1")}}, {{.bytes = http_response("200 OK", "2")}}});
    CHECK(Client({.host = "localhost", .port = server.port()}).send(get("/")).body == "1");
    ClientOptions options;
    options.resolve = [](const std::string& host) -> std::vector<std::string> {
      if (host != "sandbox.test") return {};
      return {"::1", "127.0.0.1"};  // nothing listens on the first
    };
    CHECK(Client({.host = "sandbox.test", .port = server.port()}, options).send(get("/")).body == "2");
    CHECK_THROWS_WITH(Client({.host = "other.test", .port = 1}, options), Contains("has no address"));
  }
}

TEST_CASE("requests that would not be one request on the wire") {
  Client client({.host = "127.0.0.1", .port = 1});
  const Request rows[] = {
      {.method = "GET /x", .headers = {}},     {.method = "", .headers = {}},
      {.target = "next", .headers = {}},       {.target = "/a b", .headers = {}},
      {.target = "/a\r\nX: y", .headers = {}}, {.headers = {{"A: b", "c"}}},
      {.headers = {{"A", "b\r\nC: d"}}},       {.headers = {{"", "b"}}},
  };
  for (const Request& request : rows) {
    CHECK_THROWS_AS(client.send(request), io::Error);
    CHECK_THROWS_WITH(client.send(request), Contains("HTTP"));
  }
}

}  // namespace
}  // namespace textlambda::http
