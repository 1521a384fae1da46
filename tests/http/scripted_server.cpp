#include "tests/http/scripted_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace {

constexpr int kPatience = 20000;  // milliseconds: a broken test ends

// False at the end of the connection, or when nothing comes.
bool read_more(int fd, std::string& bytes) {
  pollfd waited{fd, POLLIN, 0};
  if (::poll(&waited, 1, kPatience) != 1) return false;
  std::string part(1U << 16, '\0');
  const ssize_t count = ::recv(fd, part.data(), part.size(), 0);
  if (count <= 0) return false;
  bytes.append(part, 0, static_cast<std::size_t>(count));
  return true;
}

std::size_t body_length(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

// Takes one request from the front of `pending`, reading more as needed; empty if the client closed before.
std::string read_request(int fd, std::string& pending, bool headers_only) {
  std::size_t end = 0;
  while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more(fd, pending)) return "";
  }
  end += 4;
  if (!headers_only) end += body_length(pending.substr(0, end));
  while (pending.size() < end) {
    if (!read_more(fd, pending)) return "";
  }
  std::string request = pending.substr(0, end);
  pending.erase(0, end);
  return request;
}

void send_all(int fd, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<Connection> connections) : connections_(std::move(connections)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, any, length) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, any, &length) != 0) {
    throw std::runtime_error("no port on the loopback interface");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  if (thread_.joinable()) thread_.join();
  ::close(listener_);
}

const std::vector<std::string>& ScriptedServer::requests() {
  if (thread_.joinable()) thread_.join();
  return requests_;
}

void ScriptedServer::serve() {
  for (const Connection& connection : connections_) {
    pollfd waited{listener_, POLLIN, 0};
    if (::poll(&waited, 1, kPatience) != 1) return;
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    play(fd, connection);
    ::close(fd);
  }
}

void ScriptedServer::play(int fd, const Connection& connection) {
  std::string pending;
  for (const Step& step : connection) {
    if (step.reads_request) {
      std::string request = read_request(fd, pending, step.reads_headers_only);
      if (request.empty()) return;
      requests_.push_back(std::move(request));
    }
    send_all(fd, step.bytes);
    if (step.hangs) {
      // A client that has sent all of a body that was refused may keep the connection: it is closed then.
      std::size_t left = step.reads_headers_only ? body_length(requests_.back()) : SIZE_MAX;
      do {
        left -= std::min(left, pending.size());
        pending.clear();
      } while (left > 0 && read_more(fd, pending));
    }
  }
}

std::string http_response(const std::string& status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}
