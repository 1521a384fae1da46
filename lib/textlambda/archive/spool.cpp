#include "textlambda/archive/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "textlambda/io/error.h"

namespace textlambda::archive {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

// A file without a name where the file system has them, else one whose name is taken away at once.
int open_nameless(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  std::string path = folder + "/textlambda-XXXXXX";
  const int named = ::mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(path.c_str());
  return named;
}

}  // namespace

Spool::Spool(std::string name, std::size_t in_memory) : name_(std::move(name)), in_memory_(in_memory) {}

void Spool::append(std::string_view bytes) {
  memory_.append(bytes);
  if (written_ > 0 ? memory_.size() >= kBlock : memory_.size() > in_memory_) write_out();
}

void Spool::write_out() {
  if (file_.get() < 0) {
    std::error_code error;
    folder_ = std::filesystem::temp_directory_path(error).string();
    if (error) io::throw_system("cannot keep the bytes of " + name_ + " in TMPDIR", folder_, error.value());
    file_ = io::FileDescriptor(open_nameless(folder_));
    if (file_.get() < 0) io::throw_system("cannot keep the bytes of " + name_ + " in", folder_, errno);
  }
  if (!io::write_all(file_.get(), memory_)) {
    io::throw_system("cannot keep the bytes of " + name_ + " in", folder_, errno);
  }
  written_ += memory_.size();
  memory_ = std::string();
}

Spool::Content Spool::finish() {
  Content content;
  if (written_ == 0) {
    content.memory = std::move(memory_);
  } else {
    write_out();
    content.file = io::MappedFile::map(file_, name_);
    file_ = io::FileDescriptor(-1);
  }
  memory_.clear();
  written_ = 0;
  return content;
}

}  // namespace textlambda::archive
