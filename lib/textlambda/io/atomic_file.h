// A file that appears whole or not at all: written beside its target under a temporary name, synced, renamed. Not
// thread-safe. A signal that ends the process leaves at most the temporary file, and remove_pending_files() takes that
// away too.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::io {

class AtomicFile {
 public:
  // Creates the temporary file in the target's folder. A target that is a symbolic link has what it points to
  // replaced; one that is not a regular file (a pipe, /dev/stdout, /dev/null) is written to directly, since renaming
  // over it would destroy it. Throws Error(input_output).
  explicit AtomicFile(const std::string& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  // Without commit(): the target is as it was, the temporary file gone.
  ~AtomicFile();

  // Throws Error(input_output), e.g. on a full disk.
  void write(std::string_view bytes);
  // Sync and rename. At most once.
  void commit();

 private:
  [[noreturn]] void fail(std::string_view action, int error_number);

  std::string path_;
  std::string temporary_;
  int fd_ = -1;
};

// One call for content already in memory.
void write_file(const std::string& path, std::string_view bytes);

// Unlinks the temporary files of AtomicFiles now open. Async-signal-safe: for a handler of SIGINT and SIGTERM.
void remove_pending_files() noexcept;

}  // namespace textlambda::io
