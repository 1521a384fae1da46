#include "textlambda/io/scratch_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "textlambda/io/error.h"

namespace textlambda::io {

std::string scratch_folder(const std::string& what) {
  std::error_code error;
  std::string folder = std::filesystem::temp_directory_path(error).string();
  if (error) {
    const char* const named = ::getenv("TMPDIR");
    throw_system("cannot keep " + what + " in TMPDIR", named == nullptr ? "" : named, error.value());
  }
  return folder;
}

// Where the file system has no files without names, one whose name is taken away at once.
FileDescriptor open_nameless(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return FileDescriptor(fd);
  std::string path = folder + "/textlambda-XXXXXX";
  const int named = ::mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(path.c_str());
  return FileDescriptor(named);
}

ScratchFile::ScratchFile(const std::string& what)
    : what_(what), folder_(scratch_folder(what)), file_(open_nameless(folder_)) {
  if (file_.get() < 0) fail("cannot keep ", errno);
}

std::uint64_t ScratchFile::append(std::string_view bytes) {
  const std::uint64_t offset = size_.fetch_add(bytes.size(), std::memory_order_relaxed);
  write(offset, bytes);
  return offset;
}

void ScratchFile::write(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot keep ", errno);
    offset += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ScratchFile::read(std::uint64_t offset, void* bytes, std::size_t size) const {
  auto* to = static_cast<char*>(bytes);
  while (size > 0) {
    const ssize_t count = ::pread(file_.get(), to, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("cannot read back ", count < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(count);
    to += count;
    size -= static_cast<std::size_t>(count);
  }
}

void ScratchFile::fail(const char* action, int error_number) const {
  throw_system(action + what_ + " in", folder_, error_number);
}

}  // namespace textlambda::io
