// Where the rows of a result go that an option names: a file, which appears whole or not at all, or standard output.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "textlambda/io/atomic_file.h"

namespace textlambda::command {

class ResultFile {
 public:
  // An empty path is none: what is added then is dropped. Throws Error(input_output) where it cannot be written.
  explicit ResultFile(const std::string& path);

  // Gathers rows and writes many at a time. Throws as print() does, or AtomicFile.
  void add(const std::string& line);
  // Once, when all are there.
  void finish();

  bool wanted() const { return to_stdout_ || file_; }
  bool to_stdout() const { return to_stdout_; }

 private:
  void flush();

  bool to_stdout_ = false;
  std::optional<io::AtomicFile> file_;
  std::string pending_;
};

}  // namespace textlambda::command
