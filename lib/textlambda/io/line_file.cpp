#include "textlambda/io/line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"

namespace textlambda::io {
namespace {

// Bytes up to the end of the last whole line.
off_t whole_bytes(int file, off_t size, const std::string& path) {
  std::array<char, 4096> block;
  for (off_t end = size; end > 0;) {
    const off_t begin = end > static_cast<off_t>(block.size()) ? end - static_cast<off_t>(block.size()) : 0;
    const auto wanted = static_cast<std::size_t>(end - begin);
    const ssize_t got = ::pread(file, block.data(), wanted, begin);
    if (got != static_cast<ssize_t>(wanted)) throw_system("cannot read", path, got < 0 ? errno : EIO);
    const std::size_t at = std::string_view(block.data(), wanted).rfind('\n');
    if (at != std::string_view::npos) return begin + static_cast<off_t>(at) + 1;
    end = begin;
  }
  return 0;
}

}  // namespace

std::uint64_t append_lines(const std::string& path, std::string_view lines) {
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) throw_system("cannot open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system("cannot read", path, errno);
  const off_t size = whole_bytes(file.get(), status.st_size, path);
  const auto go_back = [&] { return ::ftruncate(file.get(), size) == 0; };
  if (size < status.st_size && !go_back()) throw_system("cannot write", path, errno);
  if (::lseek(file.get(), size, SEEK_SET) != size) throw_system("cannot write", path, errno);
  if (!write_all(file.get(), lines) || ::fsync(file.get()) != 0) {
    const int error = errno;
    go_back();
    throw_system("cannot write", path, error);
  }
  return static_cast<std::uint64_t>(size) + lines.size();
}

}  // namespace textlambda::io
