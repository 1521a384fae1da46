// All bytes of one input: a plain file mapped in place, the decompressed content of a gzip or Zstandard file (told by
// its first bytes, not its name), or a pipe's or standard input's ("-"), read once; what is not mapped is kept
// (spool.h). Owns them; views live as long as the object. Movable; a const object may be read by any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/archive/spool.h"
#include "textlambda/io/mapped_file.h"

namespace textlambda::archive {

class InputBytes {
 public:
  // Throws Error(input_output) if the input is missing, unreadable, corrupt or truncated, or larger than `max_bytes`
  // once decompressed (a small file may hold a decompression bomb).
  static InputBytes open(const std::string& path, std::uint64_t max_bytes = kDefaultMaxBytes);

  // The same of bytes already read, which are decompressed by their first ones too; `name` is for messages.
  static InputBytes from_memory(std::string bytes, const std::string& name, std::uint64_t max_bytes = kDefaultMaxBytes);

  // What was spooled, as it is.
  static InputBytes from_spool(Spool& spool, const std::string& name);

  static constexpr std::uint64_t kDefaultMaxBytes = std::uint64_t{16} << 30;

  std::string_view view() const { return mapped_.view().empty() ? std::string_view(memory_) : mapped_.view(); }
  // As given, or "standard input" for "-": for messages.
  const std::string& name() const { return name_; }
  // True where an offset in view() is an offset in the file (neither compressed nor piped).
  bool is_mapped() const { return in_file_ && !mapped_.view().empty(); }
  // See MappedFile::release; does nothing for bytes in memory.
  void release(std::size_t offset, std::size_t length) const { mapped_.release(offset, length); }

 private:
  // Replaces compressed content by what it holds.
  void decompress(std::uint64_t max_bytes);

  std::string name_;
  io::MappedFile mapped_;
  std::string memory_;
  bool in_file_ = false;  // mapped_ is the input itself
};

}  // namespace textlambda::archive
