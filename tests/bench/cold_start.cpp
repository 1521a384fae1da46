// From the start of a process to its first request for work, bootstrap and bare_client in turns.
//   bench_cold_start BARE_CLIENT BOOTSTRAP MODEL [RUNS]
// Prints both medians and the median of the differences of the pairs, in milliseconds.
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

class Listener {
 public:
  Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd_, any, length) != 0 || ::listen(fd_, 8) != 0 || ::getsockname(fd_, any, &length) != 0) {
      throw std::runtime_error("no port on the loopback interface");
    }
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  const std::string& address() const { return address_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  std::string address_;
};

bool wait_for(int fd) {
  pollfd waited{fd, POLLIN, 0};
  return ::poll(&waited, 1, 10000) == 1;
}

double start_once(const Listener& listener, const char* program, const std::string& model) {
  std::string api = "AWS_LAMBDA_RUNTIME_API=" + listener.address();
  std::string path = "TEXTLAMBDA_MODEL=" + model;
  std::array<char*, 3> environment = {api.data(), path.data(), nullptr};
  std::string name = program;
  std::array<char*, 2> arguments = {name.data(), nullptr};
  const Clock::time_point begin = Clock::now();
  pid_t child = 0;
  if (::posix_spawn(&child, program, nullptr, nullptr, arguments.data(), environment.data()) != 0) {
    throw std::runtime_error("cannot start " + name);
  }
  double milliseconds = -1;
  if (wait_for(listener.fd())) {
    const int connection = ::accept(listener.fd(), nullptr, nullptr);
    std::array<char, 4096> request{};
    if (wait_for(connection) && ::recv(connection, request.data(), request.size(), 0) > 4 && request[0] == 'G') {
      milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    }
    ::kill(child, SIGKILL);
    ::close(connection);
  } else {
    ::kill(child, SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  if (milliseconds < 0) throw std::runtime_error(name + " asked for no work");
  return milliseconds;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_cold_start BARE_CLIENT BOOTSTRAP MODEL [RUNS]\n", stderr);
    return 2;
  }
  try {
    const int runs = argc > 4 ? std::atoi(argv[4]) : 50;
    const Listener listener;
    std::vector<double> bare;
    std::vector<double> full;
    std::vector<double> differences;
    for (int i = -3; i < runs; ++i) {  // three to warm the page cache
      const double first = start_once(listener, argv[1], argv[3]);
      const double second = start_once(listener, argv[2], argv[3]);
      if (i < 0) continue;
      bare.push_back(first);
      full.push_back(second);
      differences.push_back(second - first);
    }
    std::printf("bare client %.3f ms, bootstrap %.3f ms, difference %.3f ms (medians of %d pairs)\n", median(bare),
                median(full), median(differences), runs);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_cold_start: %s\n", error.what());
    return 5;
  }
}
