// Bytes that do not stay in memory: a file without a name in TMPDIR (or /tmp), which is gone with the process however
// that ends. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/io/file_descriptor.h"

namespace textlambda::io {

// The folder for such files. Throws Error(input_output) where TMPDIR is none; `what` is kept there, for messages.
std::string scratch_folder(const std::string& what);

// Opens a file without a name in `folder`, for reading and writing; negative, with errno, where it cannot.
FileDescriptor open_nameless(const std::string& folder);

class ScratchFile {
 public:
  // `what` is kept in it, for messages. Throws Error(input_output) where the folder takes no file.
  explicit ScratchFile(const std::string& what);

  // Where the bytes have been put. Throws Error(input_output), e.g. on a full disk.
  std::uint64_t append(std::string_view bytes);
  // Over bytes that were appended.
  void write(std::uint64_t offset, std::string_view bytes);
  void read(std::uint64_t offset, void* bytes, std::size_t size) const;

 private:
  [[noreturn]] void fail(const char* action, int error_number) const;

  std::string what_;
  std::string folder_;
  FileDescriptor file_;
  std::atomic<std::uint64_t> size_{0};
};

}  // namespace textlambda::io
