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
#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::archive {
namespace {

// Pipes, sockets, terminals, /dev/stdin and the /dev/fd/N of a shell's process substitution cannot be mapped.
bool is_stream(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;  // opening it gives the better message
  return S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode);
}

Spool::Content read_stream(int fd, const std::string& name, std::uint64_t max_bytes) {
  Spool spool(name);
  std::array<char, std::size_t{1} << 16> block{};
  while (true) {
    const ssize_t size = ::read(fd, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) io::throw_system("cannot read", name, errno);
    if (size == 0) return spool.finish();
    spool.append({block.data(), static_cast<std::size_t>(size)});
    if (spool.size() > max_bytes) throw_too_large(name, max_bytes);
  }
}

Spool::Content open_and_read_stream(const std::string& path, std::uint64_t max_bytes) {
  const io::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) io::throw_system("cannot open", path, errno);
  return read_stream(file.get(), path, max_bytes);
}

}  // namespace

void throw_too_large(const std::string& file, std::uint64_t max_bytes) {
  io::throw_input("is larger than the limit of " + std::to_string(max_bytes) + " bytes", file);
}

InputBytes InputBytes::open(const std::string& path, std::uint64_t max_bytes) {
  InputBytes input;
  input.name_ = path == "-" ? "standard input" : path;
  if (path == "-" || is_stream(path)) {
    Spool::Content content =
        path == "-" ? read_stream(STDIN_FILENO, input.name_, max_bytes) : open_and_read_stream(path, max_bytes);
    input.memory_ = std::move(content.memory);
    input.mapped_ = std::move(content.file);
  } else {
    const io::RemoteFiles* const remote = io::remote_files_for(path);
    if (remote != nullptr) input.name_ = remote->shown(path);
    input.mapped_ = io::MappedFile::open(path);
    input.in_file_ = remote == nullptr;
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

InputBytes InputBytes::from_spool(Spool& spool, const std::string& name) {
  Spool::Content content = spool.finish();
  InputBytes input;
  input.name_ = name;
  input.memory_ = std::move(content.memory);
  input.mapped_ = std::move(content.file);
  return input;
}

void InputBytes::decompress(std::uint64_t max_bytes) {
  Spool spool(name_);
  const auto keep = [&](std::string_view some) { spool.append(some); };
  if (encoding::is_gzip(view())) {
    decompress_gzip(view(), name_, max_bytes, keep);
  } else if (is_zstandard(view())) {
    decompress_zstandard(view(), name_, max_bytes, keep);
  } else {
    if (view().size() > max_bytes) throw_too_large(name_, max_bytes);
    return;
  }
  *this = from_spool(spool, name_);
}

}  // namespace textlambda::archive
