#include "textlambda/package/cold_start.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/protocol/runtime_api.h"

namespace textlambda::package {
namespace {

using io::FileDescriptor;

// A listening socket on a free port of the loopback interface.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (socket_.get() < 0 || ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      io::throw_system("cannot listen", "127.0.0.1", errno);
    }
    address_ = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
  }
  int fd() const { return socket_.get(); }
  const std::string& address() const { return address_; }

 private:
  FileDescriptor socket_;
  std::string address_;
};

// The bootstrap's process; killed when the object goes. What it prints is kept in memory for messages.
class Sandbox {
 public:
  Sandbox(const std::string& folder, const std::string& api)
      : name_(folder + "/bootstrap"), log_(::memfd_create("log", MFD_CLOEXEC)) {
    std::vector<std::string> environment =
        protocol::runtime_environment({.runtime_api = api, .task_root = folder, .function_name = "measured"});
    std::vector<char*> variables;
    variables.reserve(environment.size() + 1);
    for (std::string& variable : environment) variables.push_back(variable.data());
    variables.push_back(nullptr);
    std::array<char*, 2> arguments = {name_.data(), nullptr};

    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, log_.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, log_.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    const int error = ::posix_spawn(&process_, name_.c_str(), &actions, nullptr, arguments.data(), variables.data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      process_ = -1;
      io::throw_system("cannot start", name_, error);
    }
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Throws if the process has ended.
  void require_running() {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return;
    process_ = -1;
    fail(WIFSIGNALED(status) ? fmt::format("was ended by signal {} before it asked for an event", WTERMSIG(status))
                             : fmt::format("exited with status {} before it asked for an event", WEXITSTATUS(status)));
  }

  // With the last that the process printed.
  [[noreturn]] void fail(const std::string& what) const {
    std::string printed(std::size_t{1} << 12, '\0');
    const off_t size = ::lseek(log_.get(), 0, SEEK_END);
    const off_t from = std::max<off_t>(0, size - static_cast<off_t>(printed.size()));
    const ssize_t length = size > 0 ? ::pread(log_.get(), printed.data(), printed.size(), from) : 0;
    printed.resize(static_cast<std::size_t>(std::max<ssize_t>(0, length)));
    while (!printed.empty() && printed.back() == '\n') printed.pop_back();
    io::throw_input(what + (printed.empty() ? "" : "; it printed: " + printed), "bootstrap");
  }

 private:
  std::string name_;
  FileDescriptor log_;
  pid_t process_ = -1;
};

// Calls `done` until it is true, waiting for `fd` to be readable in between.
template <typename Done>
void wait_for(int fd, Sandbox& sandbox, const Clock& now, std::chrono::nanoseconds until, Done&& done) {
  while (true) {
    pollfd poll{fd, POLLIN, 0};
    constexpr int kSliceMs = 20;
    if (::poll(&poll, 1, kSliceMs) > 0 && done()) return;
    if ((poll.revents & POLLIN) == 0) sandbox.require_running();
    if (now() > until) sandbox.fail("asked for no event within its time");
  }
}

// What more of a request arrives within a moment.
std::string read_rest(int fd) {
  std::string rest;
  pollfd poll{fd, POLLIN, 0};
  constexpr int kMomentMs = 100;
  constexpr std::size_t kEnough = 4096;
  std::array<char, kEnough> block{};
  while (rest.size() < kEnough && ::poll(&poll, 1, kMomentMs) > 0) {
    const ssize_t size = ::read(fd, block.data(), block.size());
    if (size <= 0) break;
    rest.append(block.data(), static_cast<std::size_t>(size));
  }
  return rest;
}

void check_request(const std::string& request, int connection, const Sandbox& sandbox) {
  const std::string line = request.substr(0, request.find('\r'));
  switch (protocol::recognise_call(line)) {
    case protocol::RuntimeCall::next:
      return;
    case protocol::RuntimeCall::init_error: {
      const std::string whole = request + read_rest(connection);
      sandbox.fail("reported an initialisation error: " +
                   whole.substr(std::min(whole.find("\r\n\r\n"), whole.size() - 4) + 4));
    }
    case protocol::RuntimeCall::other:
      sandbox.fail(fmt::format("asked for \"{}\", expected GET {}", line.substr(0, 100), protocol::kNextPath));
  }
}

std::chrono::nanoseconds one_cold_start(const std::string& folder, std::chrono::nanoseconds timeout, const Clock& now) {
  const Listener listener;
  const std::chrono::nanoseconds started = now();
  Sandbox sandbox(folder, listener.address());
  int accepted = -1;
  wait_for(listener.fd(), sandbox, now, started + timeout, [&] {
    accepted = ::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    return accepted >= 0;
  });
  const FileDescriptor connection(accepted);
  std::string request;
  std::chrono::nanoseconds asked{};
  wait_for(connection.get(), sandbox, now, started + timeout, [&] {
    std::array<char, 4096> block{};
    const ssize_t size = ::read(connection.get(), block.data(), block.size());
    asked = now();
    if (size <= 0) sandbox.fail("closed its connection before it had asked for an event");
    request.append(block.data(), static_cast<std::size_t>(size));
    constexpr std::size_t kMaxHead = std::size_t{1} << 16;
    return request.find("\r\n\r\n") != std::string::npos || request.size() > kMaxHead;
  });
  check_request(request, connection.get(), sandbox);
  return asked - started;
}

}  // namespace

std::vector<std::chrono::nanoseconds> measure_cold_starts(const std::string& folder, const ColdStartOptions& options,
                                                          const Clock& now) {
  if (options.runs == 0) io::throw_usage("runs: 0 given, expected 1 or more");
  std::vector<std::chrono::nanoseconds> times;
  for (unsigned run = 0; run < options.runs; ++run) times.push_back(one_cold_start(folder, options.timeout, now));
  return times;
}

InitEstimate estimate_init(double exec_to_next_ms) {
  const double beyond = std::max(0.0, exec_to_next_ms - kBareStartMs);
  return {kPublishedInitMsLow + beyond, kPublishedInitMsHigh + beyond};
}

}  // namespace textlambda::package
