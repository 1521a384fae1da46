#include "textlambda/http/endpoint.h"

#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::http {
namespace {

TEST_CASE("endpoints as users write them") {
  struct Row {
    const char* text;
    const char* host;
    int port;
    const char* back;
    const char* path = "";
  };
  const Row rows[] = {
      {"127.0.0.1:9001", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"http://127.0.0.1:9001", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"http://127.0.0.1:9001/", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"http://localhost", "localhost", 80, "localhost:80"},
      {"[::1]:9001", "::1", 9001, "[::1]:9001"},
      {"http://[fe80::1]", "fe80::1", 80, "[fe80::1]:80"},
      {"127.0.0.1:9001/", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"127.0.0.1:9001/tickets", "127.0.0.1", 9001, "127.0.0.1:9001", "/tickets"},
      {"http://127.0.0.1:9001/.rt/tickets//", "127.0.0.1", 9001, "127.0.0.1:9001", "/.rt/tickets"},
      {"HTTP://localhost/a%20b/c:1@x", "localhost", 80, "localhost:80", "/a%20b/c:1@x"},
      {"[::1]:9001/tickets", "::1", 9001, "[::1]:9001", "/tickets"},
      {"sandbox.example-1.test:65535", "sandbox.example-1.test", 65535, "sandbox.example-1.test:65535"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Endpoint endpoint = parse_endpoint(row.text);
    CHECK(endpoint.host == row.host);
    CHECK(endpoint.port == row.port);
    CHECK(endpoint.text() == row.back);
    CHECK(endpoint.path == row.path);
  }
}

TEST_CASE("what is not an endpoint is refused with its reason") {
  const std::pair<std::string, std::string> rows[] = {
      {"", "the host is missing"},
      {"127.0.0.1", "the port is missing"},
      {":9001", "the host is missing"},
      {"127.0.0.1:", "not a number from 1 to 65535"},
      {"127.0.0.1:0", "not a number from 1 to 65535"},
      {"127.0.0.1:65536", "not a number from 1 to 65535"},
      {"127.0.0.1:90x", "not a number from 1 to 65535"},
      {"127.0.0.1:-1", "not a number from 1 to 65535"},
      {"https://127.0.0.1:9001", "https is not spoken"},
      {"HTTPS://127.0.0.1:9001/tickets", "https is not spoken"},
      {"127.0.0.1:9001/a b", "its path has more than a path has in a URL"},
      {"127.0.0.1:9001/a?b=c", "its path has more than a path has in a URL"},
      {"127.0.0.1:9001/a#b", "its path has more than a path has in a URL"},
      {"127.0.0.1:9001/\xC3\xA9", "its path has more than a path has in a URL"},
      {"127.0.0.1/9001", "the port is missing"},
      {"/tickets", "the host is missing"},
      {"http:///tickets", "the host is missing"},
      {"[::1:9001", "a bracket is not closed"},
      {"[::g]:9001", "the IPv6 address is not one"},
      {"a host:9001", "not a name or an address"},
      {"host\r\nX: y:9001", "not a name or an address"},
      {std::string(300, 'a') + ":1", "too long"},
  };
  for (const auto& [text, reason] : rows) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_endpoint(text), Catch::Contains(reason));
    CHECK_THROWS_AS(parse_endpoint(text), io::Error);
  }
}

}  // namespace
}  // namespace textlambda::http
