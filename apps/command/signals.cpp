#include "command/signals.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "textlambda/io/mapped_file.h"
#include "textlambda/io/pending_files.h"

#include "command/exit_status.h"

namespace textlambda::command {
namespace {

// Read by a handler: a fixed place.
std::array<char, 64> name_of_command{};

// A line in a fixed buffer, for a handler.
class FixedLine {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      if (size_ == bytes_.size()) return;
      // What a name of a file may do to a terminal; a handler is no place to tell good bytes above 0x7F from others.
      bytes_[size_++] = c >= 0x20 && c < 0x7F ? c : '?';
    }
  }
  void end() {
    if (size_ == bytes_.size()) --size_;
    bytes_[size_++] = '\n';
    if (::write(STDERR_FILENO, bytes_.data(), size_) < 0) return;  // nobody is there to be told
  }

 private:
  std::array<char, 1024> bytes_{};
  std::size_t size_ = 0;
};

void end_with(int number) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(number, &action, nullptr);
  ::raise(number);
}

extern "C" void end_by_signal(int number) {
  io::remove_pending_files();
  end_with(number);
}

extern "C" void end_by_lost_bytes(int number, siginfo_t* info, void* /*context*/) {
  io::remove_pending_files();
  const char* const file = io::mapped_file_at(info->si_addr);
  if (file == nullptr) return end_with(number);
  FixedLine line;
  line.add(name_of_command.data());
  line.add(": ");
  line.add(file);
  line.add(": was cut off, or its disk failed, while it was read");
  line.end();
  ::_exit(kInputOutput);
}

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
         action.sa_handler == SIG_IGN;
}

}  // namespace

void handle_signals(const std::string& name) {
  name.copy(name_of_command.data(), name_of_command.size() - 1);
  struct sigaction action {};
  sigfillset(&action.sa_mask);
  action.sa_handler = end_by_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU}) {
    if (!is_ignored(number)) ::sigaction(number, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  for (const int number : {SIGPIPE, SIGXFSZ}) ::sigaction(number, &action, nullptr);
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = end_by_lost_bytes;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace textlambda::command
