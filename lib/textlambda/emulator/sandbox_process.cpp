#include "textlambda/emulator/sandbox_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "textlambda/io/error.h"

namespace textlambda::emulator {

// In memory that both processes see.
struct SandboxProcess::Shared {
  std::atomic<std::uint64_t> peak_bytes{0};
};

namespace {

constexpr int kSampleMs = 10;

struct Pipe {
  io::FileDescriptor read{-1};
  io::FileDescriptor write{-1};
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) io::throw_system("cannot make a pipe", "a function's process", errno);
  return {io::FileDescriptor(ends[0]), io::FileDescriptor(ends[1])};
}

// Reads a small file of /proc into `bytes`; the number of bytes, 0 where it cannot be read.
std::size_t read_small_file(const char* path, std::array<char, 4096>& bytes) {
  const io::FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return 0;
  const ssize_t size = ::read(file.get(), bytes.data(), bytes.size() - 1);
  if (size <= 0) return 0;
  bytes[static_cast<std::size_t>(size)] = '\0';
  return static_cast<std::size_t>(size);
}

// Every process below `parent`, by the lists of children that the kernel keeps for each thread.
void add_descendants(pid_t parent, std::vector<pid_t>& found) {
  constexpr std::size_t kMost = 100'000;
  std::array<char, 64> folder{};
  std::snprintf(folder.data(), folder.size(), "/proc/%d/task", static_cast<int>(parent));
  DIR* const threads = ::opendir(folder.data());
  if (threads == nullptr) return;
  std::vector<pid_t> children;
  while (const dirent* const thread = ::readdir(threads)) {
    if (thread->d_name[0] == '.') continue;
    std::array<char, 384> path{};
    std::snprintf(path.data(), path.size(), "%s/%s/children", folder.data(), thread->d_name);
    std::array<char, 4096> list{};
    if (read_small_file(path.data(), list) == 0) continue;
    char* at = list.data();
    for (char* end = nullptr;; at = end) {
      const long child = std::strtol(at, &end, 10);
      if (end == at) break;
      children.push_back(static_cast<pid_t>(child));
    }
  }
  ::closedir(threads);
  for (const pid_t child : children) {
    if (found.size() >= kMost) return;
    found.push_back(child);
    add_descendants(child, found);
  }
}

std::uint64_t resident_bytes(pid_t process) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/statm", static_cast<int>(process));
  std::array<char, 4096> text{};
  if (read_small_file(path.data(), text) == 0) return 0;
  // size resident …, in pages
  char* end = nullptr;
  std::strtoull(text.data(), &end, 10);
  static const auto kPage = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return std::strtoull(end, nullptr, 10) * kPage;
}

// Stands between the emulator and the function's process. Runs in a process that has one thread and ends with _exit.
class Supervisor {
 public:
  Supervisor(const ProcessSettings& settings, int control, int status, int output, std::atomic<std::uint64_t>& peak)
      : settings_(settings), control_(control), status_(status), output_(output), peak_(peak) {
    for (const std::string& variable : settings.environment) variables_.push_back(const_cast<char*>(variable.c_str()));
    variables_.push_back(nullptr);
  }

  [[noreturn]] void run() {
    // Ctrl-C at the terminal is the emulator's to hear.
    ::setsid();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::prctl(PR_SET_NAME, "textlambda-sand");
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child, nullptr);
    const int signals = ::signalfd(-1, &child, SFD_CLOEXEC);
    for (const std::string& companion : settings_.companions) {
      const pid_t process = start(companion);
      if (process < 0) break;
      companions_.push_back(process);
    }
    if (settings_.companions.empty()) start_function();
    std::array<pollfd, 2> waited = {{{control_, POLLIN, 0}, {signals, POLLIN, 0}}};
    while (!ended_) {
      ::poll(waited.data(), waited.size(), kSampleMs);
      if ((waited[0].revents & (POLLIN | POLLHUP)) != 0) obey();
      reap();
      if (!ended_) watch_memory();
    }
    kill_all();
    // A write that is whole: fewer bytes than PIPE_BUF.
    if (::write(status_, &end_, sizeof end_) < 0) ::_exit(1);
    ::_exit(0);
  }

 private:
  void start_function() {
    if (function_ >= 0 || ended_) return;
    function_ = start(settings_.executable);
    ::close(output_);
  }

  // The process; -1 where it does not start, which is the end of all.
  pid_t start(const std::string& program) {
    char* const arguments[] = {const_cast<char*>(program.c_str()), nullptr};
    volatile int error = 0;
    // It uses this process's memory until it is another program: copying that took longer than all else of a start.
    const pid_t process = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): nothing between it and exec
                                      // allocates or returns
    if (process == 0) {
      become(arguments);
      error = errno;
      ::_exit(1);
    }
    if (process < 0) error = errno;
    if (error != 0) {
      end_ = {ProcessEnd::How::not_started, error};
      ended_ = true;
      return -1;
    }
    return process;
  }

  // Returns only where it cannot, with errno set.
  void become(char* const* arguments) const {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == 1) ::_exit(1);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGBUS})
      ::signal(number, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output_, STDOUT_FILENO);
    ::dup2(output_, STDERR_FILENO);
    // All that the emulator has open besides: other functions' pipes and connections among them.
    ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    if (::chdir(settings_.folder.c_str()) != 0) return;
    ::execve(arguments[0], arguments, variables_.data());
  }

  void obey() {
    char order = 0;
    // The end of the pipe is the emulator's.
    if (::read(control_, &order, 1) <= 0) kill_all();
    if (order == 'R') start_function();
    if (order == 'D') draining_ = true;
    if (order == 'T' && function_ > 0) ::kill(function_, SIGTERM);
    if (order == 'K') kill_all();
  }

  // Collects every process that has ended; that of the function ends all of it.
  void reap() {
    for (;;) {
      int status = 0;
      const pid_t process = ::waitpid(-1, &status, WNOHANG);
      if (process <= 0) return;
      if (process == function_) note_end(status);
      note_companion(process);
    }
  }

  void note_companion(pid_t process) {
    for (std::size_t i = 0; i < companions_.size(); ++i) {
      if (companions_[i] != process) continue;
      companions_[i] = 0;
      ++companions_gone_;
      if (ended_ || (draining_ && companions_gone_ < companions_.size())) return;
      ended_ = true;
      end_ = {ProcessEnd::How::companion_ended, static_cast<int>(i)};
      return;
    }
  }

  void note_end(int status) {
    if (ended_) return;
    ended_ = true;
    if (out_of_memory_) {
      end_ = {ProcessEnd::How::out_of_memory, SIGKILL};
    } else if (WIFSIGNALED(status)) {
      end_ = {ProcessEnd::How::signalled, WTERMSIG(status)};
    } else {
      end_ = {ProcessEnd::How::exited, WEXITSTATUS(status)};
    }
  }

  void watch_memory() {
    std::vector<pid_t> all;
    add_descendants(::getpid(), all);
    std::uint64_t bytes = 0;
    for (const pid_t process : all) bytes += resident_bytes(process);
    if (bytes > peak_.load(std::memory_order_relaxed)) peak_.store(bytes, std::memory_order_relaxed);
    if (settings_.memory_bytes > 0 && bytes > settings_.memory_bytes) {
      out_of_memory_ = true;
      kill_all();
    }
  }

  // Whatever forks meanwhile is met by the next round: nobody starts another who was not alive in the round before.
  void kill_all() {
    for (;;) {
      std::vector<pid_t> all;
      add_descendants(::getpid(), all);
      for (const pid_t process : all) ::kill(process, SIGKILL);
      int status = 0;
      const pid_t process = ::waitpid(-1, &status, all.empty() ? WNOHANG : 0);
      if (process > 0 && process == function_) note_end(status);
      if (process < 0 && errno == ECHILD) {
        if (function_ < 0 && !ended_) note_end(SIGKILL);  // it had not begun
        return;
      }
    }
  }

  const ProcessSettings& settings_;
  std::vector<char*> variables_;  // of its environment, as execve() wants them
  int control_;
  int status_;
  int output_;
  std::atomic<std::uint64_t>& peak_;
  pid_t function_ = -1;
  std::vector<pid_t> companions_;  // 0: has ended
  std::size_t companions_gone_ = 0;
  bool draining_ = false;
  bool ended_ = false;
  bool out_of_memory_ = false;
  ProcessEnd end_;  // what it writes when the function's process has ended
};

}  // namespace

SandboxProcess::SandboxProcess(const ProcessSettings& settings) {
  Pipe control = make_pipe();
  Pipe status = make_pipe();
  Pipe output = make_pipe();
  void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) io::throw_system("cannot share memory", settings.executable, errno);
  shared_ = new (memory) Shared;
  supervisor_ = ::fork();
  if (supervisor_ < 0) {
    const int error = errno;
    ::munmap(memory, sizeof(Shared));
    io::throw_system("cannot start a process", settings.executable, error);
  }
  if (supervisor_ == 0) {
    // Its own ends alone: another function's pipe that it held open would never end. Those of this function become
    // the lowest there are.
    std::array<int, 3> kept = {::fcntl(control.read.get(), F_DUPFD_CLOEXEC, 1000),
                               ::fcntl(status.write.get(), F_DUPFD_CLOEXEC, 1000),
                               ::fcntl(output.write.get(), F_DUPFD_CLOEXEC, 1000)};
    ::syscall(SYS_close_range, 3U, 999U, 0U);
    for (int i = 0; i < 3; ++i)
      kept[static_cast<std::size_t>(i)] = ::dup3(kept[static_cast<std::size_t>(i)], 3 + i, O_CLOEXEC);
    ::syscall(SYS_close_range, 6U, ~0U, 0U);
    Supervisor(settings, kept[0], kept[1], kept[2], shared_->peak_bytes).run();
  }
  control_ = std::move(control.write);
  status_ = std::move(status.read);
  output_ = std::move(output.read);
}

SandboxProcess::~SandboxProcess() {
  kill();
  while (::waitpid(supervisor_, nullptr, 0) < 0 && errno == EINTR) {
  }
  ::munmap(shared_, sizeof(Shared));
}

ProcessEnd SandboxProcess::end() {
  ProcessEnd end;
  // A supervisor that is gone without a word was killed, and with it all that it held.
  if (::read(status_.get(), &end, sizeof end) != static_cast<ssize_t>(sizeof end)) {
    return {ProcessEnd::How::signalled, SIGKILL};
  }
  return end;
}

std::uint64_t SandboxProcess::peak_bytes() const { return shared_->peak_bytes.load(std::memory_order_relaxed); }

void SandboxProcess::release() {
  if (::write(control_.get(), "R", 1) < 0) return;  // it is gone
}

void SandboxProcess::drain() {
  if (::write(control_.get(), "D", 1) < 0) return;  // it is gone
}

void SandboxProcess::terminate() {
  if (::write(control_.get(), "T", 1) < 0) return;  // it is gone
}

void SandboxProcess::kill() {
  if (::write(control_.get(), "K", 1) < 0) return;  // it is gone
}

}  // namespace textlambda::emulator
