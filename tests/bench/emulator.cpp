// What textlambda-emulate adds to a call, beside two hops over the loopback interface that only echo, in turns:
//   bench_emulator EMULATE BOOTSTRAP MODEL [CALLS]
// Prints the medians of a synchronous invocation over one connection and of the echo, their ratio, cold starts of
// bootstrap through the emulator (its Init Duration, and the first call as its client sees it), and the time from the
// emulator's start to its ready file. In milliseconds.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

void send_all(int fd, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t size = ::write(fd, bytes.data() + sent, bytes.size() - sent);
    if (size <= 0) throw std::runtime_error("the connection broke off");
    sent += static_cast<std::size_t>(size);
  }
}

// A whole HTTP response with a Content-Length.
std::string read_response(int fd) {
  std::string bytes;
  std::array<char, 65536> block{};
  for (;;) {
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head != std::string::npos) {
      std::string lower = bytes.substr(0, head);
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
      const std::size_t length = lower.find("content-length:");
      const std::size_t body = length == std::string::npos ? 0 : std::stoul(lower.substr(length + 15));
      if (bytes.size() >= head + 4 + body) return bytes;
    }
    const ssize_t size = ::read(fd, block.data(), block.size());
    if (size <= 0) throw std::runtime_error("the connection broke off");
    bytes.append(block.data(), static_cast<std::size_t>(size));
  }
}

std::string http_call(std::uint16_t port, const std::string& method, const std::string& path, const std::string& body) {
  const int fd = connect_to(port);
  send_all(fd, method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body);
  std::string response = read_response(fd);
  ::close(fd);
  return response;
}

// A process that passes on what it is sent: to `next`, and the answer back; or, without one, straight back.
std::uint16_t start_hop(std::uint16_t next, std::vector<pid_t>& children) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, any, length) != 0 || ::listen(listener, 8) != 0 || ::getsockname(listener, any, &length) != 0) {
    throw std::runtime_error("no port on the loopback interface");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int in = ::accept(listener, nullptr, nullptr);
    const int on = 1;
    ::setsockopt(in, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int out = next == 0 ? -1 : connect_to(next);
    std::array<char, 65536> block{};
    for (;;) {
      ssize_t size = ::read(in, block.data(), block.size());
      if (size <= 0) ::_exit(0);
      if (out >= 0) {
        if (::write(out, block.data(), static_cast<std::size_t>(size)) != size) ::_exit(1);
        size = ::read(out, block.data(), block.size());
        if (size <= 0) ::_exit(1);
      }
      if (::write(in, block.data(), static_cast<std::size_t>(size)) != size) ::_exit(1);
    }
  }
  children.push_back(child);
  ::close(listener);
  return ntohs(address.sin_port);
}

class Emulator {
 public:
  Emulator(const std::string& program, const std::string& bootstrap, const std::string& model)
      : ready_("/tmp/bench-emulator-" + std::to_string(::getpid())) {
    std::remove(ready_.c_str());
    std::vector<std::string> words = {program,  "--function", "classify=" + bootstrap, "--model", model,
                                      "--port", "0",          "--ready-file",          ready_,    "-q"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const Clock::time_point begin = Clock::now();
    if (::posix_spawn(&child_, program.c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
      throw std::runtime_error("cannot start " + program);
    }
    struct stat status {};
    while (::stat(ready_.c_str(), &status) != 0) {
      if (ms_since(begin) > 10000) throw std::runtime_error("the emulator is not ready");
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    ready_ms_ = ms_since(begin);
    std::ifstream file(ready_);
    std::string word, address;
    file >> word >> address;
    port_ = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  }
  ~Emulator() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    std::remove(ready_.c_str());
  }
  std::uint16_t port() const { return port_; }
  double ready_ms() const { return ready_ms_; }

 private:
  std::string ready_;
  pid_t child_ = 0;
  std::uint16_t port_ = 0;
  double ready_ms_ = 0;
};

const std::string kEvent = R"({"text": "I was charged twice this month"})";

std::string invocation() {
  return "POST /2015-03-31/functions/classify/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: " +
         std::to_string(kEvent.size()) + "\r\n\r\n" + kEvent;
}

void warm(const Emulator& emulator, int calls) {
  std::vector<pid_t> children;
  const std::uint16_t back = start_hop(0, children);
  const int echo = connect_to(start_hop(back, children));
  const int lambda = connect_to(emulator.port());
  const std::string request = invocation();
  std::array<char, 65536> block{};
  std::vector<double> raw, called;
  for (int i = -calls / 10; i < calls; ++i) {
    Clock::time_point begin = Clock::now();
    send_all(echo, request);
    for (std::size_t size = 0; size < request.size();) {
      const ssize_t got = ::read(echo, block.data(), block.size());
      if (got <= 0) throw std::runtime_error("the echo broke off");
      size += static_cast<std::size_t>(got);
    }
    const double hop = ms_since(begin);
    begin = Clock::now();
    send_all(lambda, request);
    const std::string response = read_response(lambda);
    const double call = ms_since(begin);
    if (response.find(" 200 ") == std::string::npos || response.find("\"label\"") == std::string::npos) {
      throw std::runtime_error("no answer: " + response);
    }
    if (i < 0) continue;
    raw.push_back(hop);
    called.push_back(call);
  }
  std::printf("two hops that echo     p50 %.3f  p99 %.3f\n", quantile(raw, .5), quantile(raw, .99));
  std::printf("invocation             p50 %.3f  p99 %.3f\n", quantile(called, .5), quantile(called, .99));
  std::printf("ratio of the medians   %.2f\n", quantile(called, .5) / quantile(raw, .5));
  ::close(echo);
  ::close(lambda);
  for (const pid_t child : children) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
}

void cold(const Emulator& emulator, int starts) {
  std::vector<double> seen;
  for (int i = 0; i < starts; ++i) {
    // A changed setting retires the environment.
    http_call(emulator.port(), "PUT", "/2015-03-31/functions/classify/configuration",
              "{\"Description\":\"" + std::to_string(i) + "\"}");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const int fd = connect_to(emulator.port());
    const Clock::time_point begin = Clock::now();
    send_all(fd, invocation());
    read_response(fd);
    seen.push_back(ms_since(begin));
    ::close(fd);
  }
  std::printf("cold call              p50 %.3f  p99 %.3f\n", quantile(seen, .5), quantile(seen, .99));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_emulator EMULATE BOOTSTRAP MODEL [CALLS]\n", stderr);
    return 2;
  }
  try {
    const int calls = argc > 4 ? std::atoi(argv[4]) : 5000;
    std::vector<double> ready;
    for (int i = 0; i < 9; ++i) ready.push_back(Emulator(argv[1], argv[2], argv[3]).ready_ms());
    const Emulator emulator(argv[1], argv[2], argv[3]);
    warm(emulator, calls);
    cold(emulator, 41);
    std::printf("start to ready         p50 %.3f\n", quantile(ready, .5));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_emulator: %s\n", error.what());
    return 1;
  }
  return 0;
}
