#include "textlambda/http/endpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "textlambda/io/error.h"

namespace textlambda::http {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kLongestHost = 253;  // RFC 1035

[[noreturn]] void refuse(std::string_view text, std::string_view reason) {
  io::throw_usage("\"" + std::string(text.substr(0, 100)) + "\" is not an endpoint: " + std::string(reason) +
                  ", expected HOST:PORT or http://HOST:PORT, with a path where there is one");
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_ipv6_character(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

// What a path may consist of (RFC 3986), a query or a fragment left out.
bool is_path_character(char c) {
  constexpr std::string_view kMarks = "-._~%!$&'()*+,;=:@/";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool has_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() && std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string Endpoint::text() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Endpoint parse_endpoint(std::string_view text) {
  std::string_view rest = text;
  if (has_scheme(rest, "https://")) refuse(text, "https is not spoken");
  const bool with_scheme = has_scheme(rest, kScheme);
  if (with_scheme) rest.remove_prefix(kScheme.size());
  std::string_view path = rest.substr(std::min(rest.find('/'), rest.size()));
  rest.remove_suffix(path.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!std::all_of(path.begin(), path.end(), is_path_character)) {
    refuse(text, "its path has more than a path has in a URL");
  }

  std::string_view host;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) refuse(text, "a bracket is not closed");
    host = rest.substr(1, close - 1);
    if (!std::all_of(host.begin(), host.end(), is_ipv6_character)) refuse(text, "the IPv6 address is not one");
    rest.remove_prefix(close + 1);
  } else {
    host = rest.substr(0, rest.find(':'));
    if (!std::all_of(host.begin(), host.end(), is_host_character)) refuse(text, "the host is not a name or an address");
    rest.remove_prefix(host.size());
  }
  if (host.empty()) refuse(text, "the host is missing");
  if (host.size() > kLongestHost) refuse(text, "the host is too long");

  Endpoint endpoint{.host = std::string(host), .path = std::string(path)};
  if (rest.empty() && with_scheme) return endpoint;
  if (!rest.starts_with(':')) refuse(text, "the port is missing");
  const std::optional<std::uint16_t> port = parse_port(rest.substr(1));
  if (!port) refuse(text, "the port is not a number from 1 to 65535");
  endpoint.port = *port;
  return endpoint;
}

}  // namespace textlambda::http
