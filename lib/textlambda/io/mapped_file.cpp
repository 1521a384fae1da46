#include "textlambda/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::io {
namespace {

// What is mapped, for a signal handler: fixed slots, because a handler may not take a lock. `begin` is written last and
// taken away first.
struct Mapping {
  std::atomic<const char*> begin{nullptr};
  std::atomic<std::size_t> size{0};
  std::atomic<const char*> path{nullptr};
  std::atomic<bool> used{false};
};
std::array<Mapping, 256> mappings;

void remember_mapping(const char* begin, std::size_t size, const char* path) {
  for (Mapping& slot : mappings) {
    bool expected = false;
    if (!slot.used.compare_exchange_strong(expected, true)) continue;
    slot.path.store(path);
    slot.size.store(size);
    slot.begin.store(begin);
    return;
  }
}

void forget(const char* begin) {
  for (Mapping& slot : mappings) {
    if (slot.begin.load() != begin) continue;
    slot.begin.store(nullptr);
    slot.used.store(false);
    return;
  }
}

}  // namespace

MappedFile MappedFile::open(const std::string& path, Access access) {
  if (RemoteFiles* const remote = remote_files_for(path); remote != nullptr) {
    return map(remote->fetch(path), remote->shown(path), access);
  }
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
  mapped.path_ = std::make_unique<const std::string>(path);
  remember_mapping(mapped.data_, mapped.size_, mapped.path_->c_str());
  if (access == Access::sequential) ::madvise(address, mapped.size_, MADV_SEQUENTIAL);
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), path_(std::move(other.path_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ == nullptr) return;
  forget(data_);
  ::munmap(const_cast<char*>(data_), size_);
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

const char* mapped_file_at(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  for (const Mapping& slot : mappings) {
    const auto begin = reinterpret_cast<std::uintptr_t>(slot.begin.load());
    if (begin != 0 && at >= begin && at - begin < slot.size.load()) return slot.path.load();
  }
  return nullptr;
}

}  // namespace textlambda::io
