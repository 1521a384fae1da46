#include "textlambda/http/socket_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <boost/asio/error.hpp>
#include <climits>
namespace textlambda::http {
namespace {

ErrorCode last_error() { return {errno, boost::system::system_category()}; }

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// The length of the address, 0 if `literal` is not one.
socklen_t read_literal(const std::string& literal, std::uint16_t port, SocketAddress& address) {
  address = {};
  if (::inet_pton(AF_INET, literal.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    return sizeof address.v4;
  }
  if (::inet_pton(AF_INET6, literal.c_str(), &address.v6.sin6_addr) == 1) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    return sizeof address.v6;
  }
  return 0;
}

}  // namespace

void SocketStream::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void SocketStream::connect(const std::string& address, std::uint16_t port, ErrorCode& error) {
  close();
  SocketAddress peer{};
  const socklen_t length = read_literal(address, port, peer);
  if (length == 0) {
    error = boost::asio::error::host_not_found;
    return;
  }
  // Without blocking, so that the timeout holds for connecting too.
  fd_ = ::socket(peer.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) {
    error = last_error();
    return;
  }
  // A request goes out in few large writes, and nobody waits for the acknowledgement of a small last one.
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  error = {};
  if (::connect(fd_, &peer.any, length) != 0) {
    if (errno == EINPROGRESS || errno == EINTR) {
      wait(POLLOUT, error);
      int status = 0;
      socklen_t size = sizeof status;
      if (!error && ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &status, &size) == 0 && status != 0) {
        error = {status, boost::system::system_category()};
      }
    } else {
      error = last_error();
    }
  }
  if (error) close();
}

bool SocketStream::is_idle() const {
  char byte = 0;
  return fd_ >= 0 && ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

short SocketStream::wait(short events, ErrorCode& error) const {
  std::array<pollfd, 2> waited = {{{fd_, events, 0}, {interrupt_, POLLIN, 0}}};
  const int milliseconds =
      timeout_ ? static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(timeout_->count(), 0, INT_MAX)) : -1;
  int ready = 0;
  do {
    ready = ::poll(waited.data(), interrupt_ >= 0 ? 2 : 1, milliseconds);
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) {
    error = last_error();
  } else if (ready == 0) {
    error = kTimeout;
  } else if (waited[0].revents != 0) {
    error = {};
    return waited[0].revents;
  } else {
    error = kInterrupted;
  }
  return 0;
}

std::size_t SocketStream::receive(Parts parts, ErrorCode& error) {
  error = {};
  if (parts.count == 0) return 0;
  while (true) {
    const ssize_t received = ::readv(fd_, parts.parts.data(), static_cast<int>(parts.count));
    if (received > 0) {
      interrupt_ = -1;
      return static_cast<std::size_t>(received);
    }
    if (received == 0) {
      error = boost::asio::error::eof;
      return 0;
    }
    if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
      error = last_error();
      return 0;
    }
    if (errno != EINTR && wait(POLLIN, error) == 0) return 0;
  }
}

std::size_t SocketStream::transmit(Parts parts, ErrorCode& error) {
  error = {};
  msghdr message{};
  message.msg_iov = parts.parts.data();
  message.msg_iovlen = parts.count;
  while (parts.count != 0) {
    const ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
      error = last_error();
      return 0;
    }
    if (errno == EINTR) continue;
    const short events = wait(POLLIN | POLLOUT, error);
    if (events == 0) return 0;
    // A server that refuses a body may answer and read no further.
    if ((events & POLLOUT) == 0) {
      error = kEarlyAnswer;
      return 0;
    }
  }
  return 0;
}

}  // namespace textlambda::http
