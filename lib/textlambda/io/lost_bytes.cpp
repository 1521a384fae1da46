#include "textlambda/io/lost_bytes.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

#include "textlambda/io/mapped_file.h"
#include "textlambda/io/pending_files.h"

namespace textlambda::io {
namespace {

// Read by a handler: fixed places.
std::array<char, 64> name_of_program{};
int status_of_end = 0;
// Several threads may read the same lost bytes: one tells of it.
std::atomic_flag is_told = ATOMIC_FLAG_INIT;

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

extern "C" void end_by_lost_bytes(int number, siginfo_t* info, void* /*context*/) {
  remove_pending_files();
  const char* const file = mapped_file_at(info->si_addr);
  if (file == nullptr) {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    ::sigaction(number, &action, nullptr);
    ::raise(number);
    return;
  }
  while (is_told.test_and_set()) ::pause();
  FixedLine line;
  line.add(name_of_program.data());
  line.add(": ");
  line.add(file);
  line.add(": was cut off, or its disk failed, while it was read");
  line.end();
  ::_exit(status_of_end);
}

}  // namespace

void end_on_lost_bytes(const std::string& program, int status) {
  program.copy(name_of_program.data(), name_of_program.size() - 1);
  status_of_end = status;
  struct sigaction action {};
  sigfillset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = end_by_lost_bytes;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace textlambda::io
