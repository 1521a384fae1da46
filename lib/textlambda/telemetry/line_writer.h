// Lines to a file descriptor, each in one write, unbuffered: Lambda makes a log event of each, and a process that is
// killed has lost none. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::telemetry {

class LineWriter {
 public:
  // `fd` stays the caller's.
  explicit LineWriter(int fd) : fd_(fd) {}

  // Adds the newline. A log that cannot be written is no reason to fail: an error is passed over.
  void write(std::string_view line);

 private:
  int fd_;
  std::string buffer_;
};

}  // namespace textlambda::telemetry
