// Where an HTTP server is reached.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace textlambda::http {

struct Endpoint {
  std::string host;  // an IP literal (IPv6 without its brackets) or a name
  std::uint16_t port = 80;
  std::string path = {};  // in front of the target of each request: "/a/b", without a slash at its end; or empty

  // "127.0.0.1:9001", "[::1]:9001": the Host header, and the name in messages.
  std::string text() const;
};

// Reads "HOST:PORT[/PATH]" or "http://HOST[:PORT][/PATH]"; an IPv6 literal stands in brackets. Throws Error(usage) that
// says what is wrong with `text`, e.g. that https is not spoken.
Endpoint parse_endpoint(std::string_view text);

}  // namespace textlambda::http
