#include "textlambda/emulator/browser_guard.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace textlambda::emulator {
namespace {

constexpr std::array<std::string_view, 4> kOwnDomains = {".localhost", ".internal", ".local", ".test"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// HOST of HOST, HOST:PORT, [HOST] and [HOST]:PORT; empty for anything else.
std::string_view host_name(std::string_view authority) {
  std::string_view host = authority;
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return "";
    host = host.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    host = host.substr(0, host.find(':'));
    authority.remove_prefix(host.size());
  }
  if (authority.empty()) return host;
  authority.remove_prefix(1);
  const bool port = !authority.empty() && authority.find_first_not_of("0123456789") == std::string_view::npos;
  return port ? host : "";
}

bool is_own_name(std::string_view host, const std::vector<std::string>& more_hosts) {
  if (host.empty()) return false;
  boost::system::error_code error;
  asio::ip::make_address(std::string(host), error);
  if (!error) return true;
  if (host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view kInNames = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  if (host.empty() || host.find_first_not_of(kInNames) != std::string_view::npos) return false;
  if (host.find('.') == std::string_view::npos) return true;
  return std::any_of(kOwnDomains.begin(), kOwnDomains.end(), [&](auto domain) { return host.ends_with(domain); }) ||
         std::any_of(more_hosts.begin(), more_hosts.end(), [&](const auto& name) { return host == lower_case(name); });
}

std::size_t count_of(const ServerRequest& request, std::string_view name) {
  const std::string wanted = lower_case(name);
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [&](const http::Header& header) { return lower_case(header.name) == wanted; }));
}

// A link that somebody followed, or an address typed: it only shows what it leads to, and to nobody else.
bool is_navigation(const ServerRequest& request) {
  return request.method == "GET" && request.header("Sec-Fetch-Mode") == "navigate" &&
         request.header("Sec-Fetch-Dest") == "document";
}

}  // namespace

std::string browser_refusal(const ServerRequest& request, const std::vector<std::string>& more_hosts) {
  if (count_of(request, "Host") != 1) return "expected one Host header";
  const std::string authority = lower_case(request.header("Host"));
  const std::string host(host_name(authority));
  if (!is_own_name(host, more_hosts)) return "\"" + authority + "\" is no name of this machine";
  if (count_of(request, "Origin") > 0) {
    const std::string origin = lower_case(request.header("Origin"));
    if (count_of(request, "Origin") > 1 || (origin != "http://" + authority && origin != "https://" + authority)) {
      return "a page of \"" + origin + "\" is not to call http://" + authority;
    }
  }
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none" && !is_navigation(request)) {
    return "a page of another origin is not to call http://" + authority;
  }
  return "";
}

http::Response refused_browser(const std::string& reason) {
  return {.status = 403,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}},
          .body = "textlambda-emulate: " + reason + "\n"};
}

}  // namespace textlambda::emulator
