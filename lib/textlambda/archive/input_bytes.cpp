#include "textlambda/archive/input_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "textlambda/archive/decompress.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/io/error.h"

namespace textlambda::archive {
namespace {

// Pipes, sockets, terminals, /dev/stdin and the /dev/fd/N of a shell's process substitution cannot be mapped.
bool is_stream(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;  // opening it gives the better message
  return S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode);
}

std::string read_stream(int fd, const std::string& name, std::uint64_t max_bytes) {
  std::string bytes;
  std::array<char, std::size_t{1} << 16> block{};
  while (true) {
    const ssize_t size = ::read(fd, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) io::throw_system("cannot read", name, errno);
    if (size == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(size));
    if (bytes.size() > max_bytes) throw_too_large(name, max_bytes);
  }
}

std::string open_and_read_stream(const std::string& path, std::uint64_t max_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) io::throw_system("cannot open", path, errno);
  try {
    std::string bytes = read_stream(fd, path, max_bytes);
    ::close(fd);
    return bytes;
  } catch (...) {
    ::close(fd);
    throw;
  }
}

}  // namespace

void throw_too_large(const std::string& file, std::uint64_t max_bytes) {
  io::throw_input("is larger than the limit of " + std::to_string(max_bytes) + " bytes", file);
}

InputBytes InputBytes::open(const std::string& path, std::uint64_t max_bytes) {
  InputBytes input;
  input.name_ = path == "-" ? "standard input" : path;
  if (path == "-") {
    input.memory_ = read_stream(STDIN_FILENO, input.name_, max_bytes);
  } else if (is_stream(path)) {
    input.memory_ = open_and_read_stream(path, max_bytes);
  } else {
    input.mapped_ = io::MappedFile::open(path);
  }
  input.decompress(max_bytes);
  return input;
}

InputBytes InputBytes::from_memory(std::string bytes, const std::string& name, std::uint64_t max_bytes) {
  InputBytes input;
  input.name_ = name;
  input.memory_ = std::move(bytes);
  input.decompress(max_bytes);
  return input;
}

void InputBytes::decompress(std::uint64_t max_bytes) {
  if (encoding::is_gzip(view())) {
    memory_ = decompress_gzip(view(), name_, max_bytes);
    mapped_ = io::MappedFile();
  } else if (is_zstandard(view())) {
    memory_ = decompress_zstandard(view(), name_, max_bytes);
    mapped_ = io::MappedFile();
  } else if (view().size() > max_bytes) {
    throw_too_large(name_, max_bytes);
  }
}

}  // namespace textlambda::archive
