// A whole regular file mapped read-only. Owns the mapping; views into it live as long as the object. Movable, not
// copyable; a const MappedFile may be read from any number of threads.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/io/file_descriptor.h"

namespace textlambda::io {

class MappedFile {
 public:
  enum class Access {
    sequential,  // read once from front to back: pages behind may be dropped
    resident,    // used in place for long: pages are read in at once
  };

  MappedFile() = default;
  // Throws Error(input_output) if `path` is missing, unreadable or not a regular file. A file of another machine
  // (remote_files.h) is a copy of what it is now.
  static MappedFile open(const std::string& path, Access access = Access::sequential);

  // The file behind a descriptor, which may be closed afterwards; `path` is for messages.
  static MappedFile map(const FileDescriptor& file, const std::string& path, Access access = Access::sequential);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  // The bytes; page-aligned where not empty. Reading what the file has lost since it was opened raises SIGBUS: see
  // mapped_file_at().
  std::string_view view() const { return {data_, size_}; }
  // Tells the kernel that [offset, offset + length) is not needed soon; its pages no longer count as resident.
  void release(std::size_t offset, std::size_t length) const;

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
  std::unique_ptr<const std::string> path_;  // mapped_file_at() gives it out: it stays where it is
};

// The path of the file that is mapped at `address`, or null: for a handler of SIGBUS, which tells of a file that was
// cut off while it was read. Async-signal-safe; knows the first few hundred files that are mapped at a time.
const char* mapped_file_at(const void* address) noexcept;

}  // namespace textlambda::io
