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
  };
  const Row rows[] = {
      {"127.0.0.1:9001", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"http://127.0.0.1:9001", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"http://127.0.0.1:9001/", "127.0.0.1", 9001, "127.0.0.1:9001"},
      {"http://localhost", "localhost", 80, "localhost:80"},
      {"[::1]:9001", "::1", 9001, "[::1]:9001"},
      {"http://[fe80::1]", "fe80::1", 80, "[fe80::1]:80"},
      {"sandbox.example-1.test:65535", "sandbox.example-1.test", 65535, "sandbox.example-1.test:65535"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Endpoint endpoint = parse_endpoint(row.text);
    CHECK(endpoint.host == row.host);
    CHECK(endpoint.port == row.port);
    CHECK(endpoint.text() == row.back);
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
      {"http://127.0.0.1:9001/functions", "it has a path"},
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
