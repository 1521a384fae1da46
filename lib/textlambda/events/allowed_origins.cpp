#include "textlambda/events/allowed_origins.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::events {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_scheme(std::string_view scheme) {
  return !scheme.empty() && is_letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool is_host(std::string_view host) {
  const bool ipv6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (ipv6) host = host.substr(1, host.size() - 2);
  return !host.empty() && std::all_of(host.begin(), host.end(), [ipv6](char c) {
    return is_digit(c) || c == '.' ||
           (ipv6 ? c == ':' || (c >= 'a' && c <= 'f') : is_letter(c) || c == '-' || c == '_');
  });
}

bool is_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() && port != 0;
}

// As browsers spell it: lower case, without the scheme's own port.
std::string read_origin(std::string_view item) {
  const auto refuse = [&](std::string_view reason) {
    io::throw_usage("\"" + std::string(item.substr(0, 100)) + "\" " + std::string(reason) +
                    ", expected an origin such as https://app.example or http://localhost:3000");
  };
  if (item.empty()) refuse("between the commas is no origin");
  if (item.find('*') != std::string_view::npos) refuse("has a *, which stands for all origins only where it is alone");
  std::string origin(item);
  for (char& c : origin) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t mark = origin.find("://");
  if (mark == std::string::npos || !is_scheme(std::string_view(origin).substr(0, mark))) refuse("has no scheme");
  const std::string_view scheme = std::string_view(origin).substr(0, mark);
  std::string_view host = std::string_view(origin).substr(mark + 3);
  if (host.find('/') != std::string_view::npos) refuse("has a path, or a slash at its end");
  std::string_view port;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
    if (!is_port(port)) refuse("has a port that is no number from 1 to 65535");
  }
  if (!is_host(host)) refuse("has no host in letters, digits, dots and hyphens");
  if ((scheme == "http" && port == "80") || (scheme == "https" && port == "443")) {
    origin.resize(origin.size() - port.size() - 1);
  }
  return origin;
}

}  // namespace

AllowedOrigins::AllowedOrigins(std::string_view list) {
  if (text::trimmed(list) == "*") {
    origins_.emplace_back("*");
    return;
  }
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    std::string origin = read_origin(text::trimmed(list.substr(at, comma - at)));
    if (std::find(origins_.begin(), origins_.end(), origin) == origins_.end()) origins_.push_back(std::move(origin));
    at = comma + 1;
  }
}

std::string_view AllowedOrigins::answer_to(std::string_view origin) const {
  if (origins_.size() == 1) return origins_.front();
  const auto found = std::find(origins_.begin(), origins_.end(), origin);
  return found == origins_.end() ? std::string_view() : std::string_view(*found);
}

}  // namespace textlambda::events
