#include "textlambda/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "textlambda/io/error.h"

namespace textlambda::io {

MappedFile MappedFile::open(const std::string& path, Access access) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw_system("cannot open", path, errno);
  return map(file, path, access);
}

MappedFile MappedFile::map(const FileDescriptor& file, const std::string& path, Access access) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system("cannot read its size", path, errno);
  if (S_ISDIR(status.st_mode)) throw_input("is a directory, expected a file", path);
  if (!S_ISREG(status.st_mode)) throw_input("is not a regular file", path);

  MappedFile mapped;
  mapped.size_ = static_cast<std::size_t>(status.st_size);
  if (mapped.size_ == 0) return mapped;
  const int flags = MAP_PRIVATE | (access == Access::resident ? MAP_POPULATE : 0);
  void* address = ::mmap(nullptr, mapped.size_, PROT_READ, flags, file.get(), 0);
  if (address == MAP_FAILED) {
    mapped.size_ = 0;
    throw_system("cannot map", path, errno);
  }
  mapped.data_ = static_cast<const char*>(address);
  if (access == Access::sequential) ::madvise(address, mapped.size_, MADV_SEQUENTIAL);
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

void MappedFile::release(std::size_t offset, std::size_t length) const {
  // Only whole pages inside the range: its neighbours may still be in use.
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t begin = (offset + page - 1) / page * page;
  const std::size_t end = (offset + length) / page * page;
  if (data_ != nullptr && begin < end && end <= size_) {
    ::madvise(const_cast<char*>(data_) + begin, end - begin, MADV_DONTNEED);
  }
}

}  // namespace textlambda::io
