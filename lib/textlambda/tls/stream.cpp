#include "textlambda/tls/stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "textlambda/http/name_service.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/tls/session.h"

namespace textlambda::tls {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

bool starts_with_scheme(std::string_view url, std::string_view scheme) {
  return url.size() >= scheme.size() && ::strncasecmp(url.data(), scheme.data(), scheme.size()) == 0;
}

bool has_port(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket) != std::string_view::npos;
}

// Of the addresses of a name, the literals as they are.
std::vector<std::string> addresses_of_host(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)] = {};
  if (::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1) return {host};
  if (host == "localhost") return {"127.0.0.1", "::1"};  // RFC 6761
  return http::resolve_name(host);
}

union Peer {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t fill_peer(const std::string& literal, std::uint16_t port, Peer& peer) {
  peer = {};
  if (::inet_pton(AF_INET, literal.c_str(), &peer.v4.sin_addr) == 1) {
    peer.v4.sin_family = AF_INET;
    peer.v4.sin_port = htons(port);
    return sizeof peer.v4;
  }
  if (::inet_pton(AF_INET6, literal.c_str(), &peer.v6.sin6_addr) != 1) return 0;
  peer.v6.sin6_family = AF_INET6;
  peer.v6.sin6_port = htons(port);
  return sizeof peer.v6;
}

}  // namespace

std::string Target::host() const {
  const bool usual = endpoint.port == (tls ? kHttpsPort : kHttpPort);
  const bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return usual ? (ipv6 ? "[" + endpoint.host + "]" : endpoint.host) : endpoint.text();
}

Target parse_target(std::string_view url) {
  if (!starts_with_scheme(url, kHttps)) return {http::parse_endpoint(url), false};
  const std::string_view rest = url.substr(kHttps.size());
  Target target{http::parse_endpoint(std::string(kHttp) + std::string(rest)), true};
  if (!has_port(rest.substr(0, rest.find('/')))) target.endpoint.port = kHttpsPort;
  return target;
}

struct Stream::Socket {
  std::string name;  // in messages
  io::FileDescriptor fd{-1};
  std::unique_ptr<Session> tls;

  // The events that came; 0 when time is over.
  short wait(short events, const Deadline& deadline) const {
    while (true) {
      pollfd waited{fd.get(), events, 0};
      const int ready = ::poll(&waited, 1, deadline.poll_ms());
      if (ready > 0) return waited.revents;
      if (ready < 0 && errno != EINTR) io::throw_system("cannot wait", name, errno);
      if (deadline.is_over()) return 0;
    }
  }

  void wait_or_throw(short events, const Deadline& deadline) const {
    if (wait(events, deadline) == 0) io::throw_input("no answer in time", name);
  }

  // True where an operation of TLS is to be tried again, the socket being ready for it now.
  bool try_again(Session::Outcome outcome, const Deadline& deadline) const {
    switch (outcome) {
      case Session::Outcome::wants_read:
        wait_or_throw(POLLIN, deadline);
        return true;
      case Session::Outcome::wants_write:
        wait_or_throw(POLLOUT, deadline);
        return true;
      case Session::Outcome::done:
      case Session::Outcome::closed:
      case Session::Outcome::cut:
        break;
    }
    return false;
  }

  bool connect_to(const std::string& address, std::uint16_t port, const Deadline& deadline, std::string& reason) {
    Peer peer{};
    const socklen_t length = fill_peer(address, port, peer);
    if (length == 0) {
      reason = "not an address";
      return false;
    }
    fd = io::FileDescriptor(::socket(peer.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd.get() < 0) {
      reason = std::strerror(errno);
      return false;
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd.get(), &peer.any, length) == 0) return true;
    int status = errno;
    if (status == EINPROGRESS || status == EINTR) {
      socklen_t size = sizeof status;
      status = wait(POLLOUT, deadline) == 0 ? ETIMEDOUT : 0;
      if (status == 0) ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &status, &size);
    }
    if (status != 0) reason = std::strerror(status);
    return status == 0;
  }

  void begin_tls(const std::string& host, const TrustOptions& trust, const Deadline& deadline) {
    tls = std::make_unique<Session>(fd.get(), host, trust, name);
    Session::Outcome outcome = tls->shake_hands();
    while (try_again(outcome, deadline)) outcome = tls->shake_hands();
    if (outcome != Session::Outcome::done) io::throw_input("TLS: " + tls->error(), name);
  }
};

Stream::Stream(const Target& target, const TrustOptions& trust, const Deadline& deadline)
    : socket_(std::make_unique<Socket>()) {
  socket_->name = target.endpoint.text();
  std::string reason = "the host has no address";
  bool connected = false;
  for (const std::string& address : addresses_of_host(target.endpoint.host)) {
    connected = socket_->connect_to(address, target.endpoint.port, deadline, reason);
    if (connected) break;
  }
  if (!connected) io::throw_input("cannot connect: " + reason, socket_->name);
  if (target.tls) socket_->begin_tls(target.endpoint.host, trust, deadline);
}

Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

bool Stream::write(std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    if (socket_->tls) {
      std::size_t written = 0;
      const Session::Outcome outcome = socket_->tls->write(bytes, written);
      if (outcome == Session::Outcome::done) {
        bytes.remove_prefix(written);
      } else if (!socket_->try_again(outcome, deadline)) {
        return false;
      }
      continue;
    }
    const ssize_t written = ::send(socket_->fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      const short events = socket_->wait(POLLIN | POLLOUT, deadline);
      if (events == 0) io::throw_input("takes no more of the request, and no answer in time", socket_->name);
      // A server that refuses a body may answer and read no further.
      if ((events & POLLOUT) == 0) return false;
    } else if (written < 0 && errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::size_t Stream::read(char* into, std::size_t size, const Deadline& deadline) {
  while (true) {
    if (socket_->tls) {
      std::size_t count = 0;
      const Session::Outcome outcome = socket_->tls->read(into, size, count);
      if (outcome == Session::Outcome::done) return count;
      if (outcome == Session::Outcome::closed) return 0;
      if (!socket_->try_again(outcome, deadline)) io::throw_input("TLS: " + socket_->tls->error(), socket_->name);
      continue;
    }
    const ssize_t count = ::recv(socket_->fd.get(), into, size, 0);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      socket_->wait_or_throw(POLLIN, deadline);
    } else if (errno != EINTR) {
      io::throw_system("the connection broke", socket_->name, errno);
    }
  }
}

bool Stream::readable(const Deadline& deadline) {
  if (socket_->tls && socket_->tls->has_bytes()) return true;
  return socket_->wait(POLLIN, deadline) != 0;
}

}  // namespace textlambda::tls
