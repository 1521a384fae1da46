// Bytes that come once and are read often, as of a pipe: kept in memory while they are few, beyond that in a file
// without a name, which is gone with the process however that ends. Belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/mapped_file.h"

namespace textlambda::archive {

class Spool {
 public:
  static constexpr std::size_t kInMemory = std::size_t{64} << 20;

  // `name` is for messages. The file stands in TMPDIR, or in /tmp.
  explicit Spool(std::string name, std::size_t in_memory = kInMemory);

  // Throws Error(input_output) where the folder does not take the bytes.
  void append(std::string_view bytes);
  std::uint64_t size() const { return written_ + memory_.size(); }

  // All bytes, in one of the two; the spool is empty afterwards.
  struct Content {
    std::string memory;
    io::MappedFile file;
  };
  Content finish();

 private:
  void write_out();

  std::string name_;
  std::size_t in_memory_;
  std::string folder_;
  std::string memory_;  // what is not written yet
  io::FileDescriptor file_{-1};
  std::uint64_t written_ = 0;
};

}  // namespace textlambda::archive
