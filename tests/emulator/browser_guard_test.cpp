// Whose requests are answered.
#include "textlambda/emulator/browser_guard.h"

#include "tests/catch.h"

using namespace textlambda::emulator;
using textlambda::http::Header;

namespace {

ServerRequest asked(std::vector<Header> headers, std::string method = "POST") {
  ServerRequest request;
  request.method = std::move(method);
  request.target = "/2015-03-31/functions/f/invocations";
  request.headers = std::move(headers);
  return request;
}

}  // namespace

TEST_CASE("programs that are no browser are let through by the names of this machine") {
  for (const char* const host :
       {"127.0.0.1:9001", "127.0.0.1", "localhost:9001", "LOCALHOST", "[::1]:9001", "[::1]", "192.168.1.7:9001",
        "emulator:9001", "host.docker.internal:9001", "f1.lambda-url.us-east-1.localhost:8080", "box.local", "a.test:1",
        "localhost.", "my_service:9001"}) {
    CAPTURE(host);
    CHECK(browser_refusal(asked({{"Host", host}})).empty());
  }
}

TEST_CASE("a name that somebody else could have made one of this machine is refused") {
  for (const char* const host :
       {"evil.example:9001", "evil.example", "127.0.0.1.evil.example:9001", "localhost.evil.example", "a.b", "",
        ":9001", "[::1", "[::1]x", "127.0.0.1:", "127.0.0.1:80x", "evil.example:9001:1", "a b", "evil.example.", "x@y",
        "notlocal.evillocal", "0x7f.1"}) {
    CAPTURE(host);
    CHECK_FALSE(browser_refusal(asked({{"Host", host}})).empty());
    CHECK_FALSE(browser_refusal(asked({{"Host", host}}, "GET")).empty());
  }
  CHECK(browser_refusal(asked({{"Host", "build.example:9001"}}), {"other.example", "Build.example"}).empty());
  CHECK_FALSE(browser_refusal(asked({{"Host", "a.build.example"}}), {"build.example"}).empty());
  CHECK_FALSE(browser_refusal(asked({})).empty());
  CHECK_FALSE(browser_refusal(asked({{"Host", "localhost"}, {"host", "evil.example"}})).empty());
}

TEST_CASE("a page may call its own origin alone") {
  const struct {
    const char* host;
    const char* origin;
    bool let_through;
  } cases[] = {
      {"127.0.0.1:9001", "http://127.0.0.1:9001", true},
      {"LocalHost:9001", "http://localhost:9001", true},
      {"localhost", "https://localhost", true},  // behind a proxy that speaks TLS
      {"127.0.0.1:9001", "http://127.0.0.1:3000", false},
      {"127.0.0.1:9001", "http://localhost:9001", false},
      {"127.0.0.1:9001", "https://evil.example", false},
      {"127.0.0.1:9001", "null", false},
      {"127.0.0.1:9001", "", false},
      {"127.0.0.1:9001", "file://", false},
      {"evil.example:9001", "http://evil.example:9001", false},  // DNS rebinding
  };
  for (const auto& test : cases) {
    CAPTURE(test.host, test.origin);
    CHECK(browser_refusal(asked({{"Host", test.host}, {"Origin", test.origin}})).empty() == test.let_through);
  }
  CHECK_FALSE(
      browser_refusal(asked({{"Host", "localhost"}, {"Origin", "http://localhost"}, {"Origin", "null"}})).empty());
}

TEST_CASE("what a browser says of where a request comes from") {
  const struct {
    const char* method;
    const char* site;
    const char* mode;
    const char* destination;
    bool let_through;
  } cases[] = {
      {"GET", "same-origin", "cors", "empty", true},
      {"GET", "none", "navigate", "document", true},
      {"GET", "cross-site", "navigate", "document", true},  // a link
      {"GET", "cross-site", "navigate", "iframe", false},
      {"GET", "cross-site", "no-cors", "image", false},
      {"GET", "cross-site", "no-cors", "script", false},
      {"GET", "same-site", "cors", "empty", false},           // another port
      {"POST", "cross-site", "navigate", "document", false},  // a form
      {"POST", "same-origin", "cors", "empty", true},
  };
  for (const auto& test : cases) {
    CAPTURE(test.method, test.site, test.mode);
    CHECK(browser_refusal(asked({{"Host", "127.0.0.1:9001"},
                                 {"Sec-Fetch-Site", test.site},
                                 {"Sec-Fetch-Mode", test.mode},
                                 {"Sec-Fetch-Dest", test.destination}},
                                test.method))
              .empty() == test.let_through);
  }
}

TEST_CASE("the refusal is text") {
  const auto response = refused_browser(browser_refusal(asked({{"Host", "<script>.example"}})));
  CHECK(response.status == 403);
  CHECK(response.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(response.header("X-Content-Type-Options") == "nosniff");
}
