#include "textlambda/io/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/output_target.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/io/scratch_file.h"

namespace textlambda::io {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string link_of(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

// The file without a name in `folder`, or -1 where there are none or nothing can be linked to it later.
int open_nameless(const std::string& folder, mode_t mode) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
  if (fd < 0) return -1;
  if (::faccessat(AT_FDCWD, link_of(fd).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    ::flock(fd, LOCK_EX | LOCK_NB);  // before it has a name under which it could be taken for abandoned
    return fd;
  }
  ::close(fd);
  return -1;
}

// The owner and the permissions of the file that is replaced. A group that it cannot be given gets no rights that
// others have not.
void take_over(int fd, const struct stat& replaced) {
  mode_t mode = replaced.st_mode & 07777U;
  struct stat own {};
  if (::fstat(fd, &own) == 0) {
    if (own.st_uid != replaced.st_uid && ::fchown(fd, replaced.st_uid, static_cast<gid_t>(-1)) != 0) mode &= 0777U;
    if (own.st_gid != replaced.st_gid && ::fchown(fd, static_cast<uid_t>(-1), replaced.st_gid) != 0) {
      mode &= 0707U | (mode & 07U) << 3U;
    }
  }
  ::fchmod(fd, mode);
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path, const std::string& no_wider_than)
    : AtomicFile(path, AtomicFileOptions{.no_wider_than = no_wider_than}) {}

AtomicFile::AtomicFile(const std::string& path, const AtomicFileOptions& options)
    : path_(path), durable_(options.durable) {
  if (path.empty()) throw_usage("the output file has no name");
  if (remote_ = remote_files_for(path); remote_ != nullptr) {
    remote_->prepare(path);
    const std::string folder = scratch_folder("what is written to " + path);
    fd_ = io::open_nameless(folder).release();
    if (fd_ < 0) throw_system("cannot keep what is written to " + path + " in", folder, errno);
    return;
  }
  const OutputTarget target = resolve_output(path);
  if (target.descriptor >= 0) {
    direct_ = true;
    const int flags = ::fcntl(target.descriptor, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) throw_system("cannot write", path, flags < 0 ? errno : EBADF);
    fd_ = ::fcntl(target.descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd_ < 0) throw_system("cannot write", path, errno);
    return;
  }
  struct stat status {};
  const bool exists = ::stat(target.path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) throw_system("cannot write", path, errno);  // a name that is too long, among others
  if (exists && S_ISDIR(status.st_mode)) throw_input("is a directory, expected a file to write", path);
  if (target.foreign || (exists && !S_ISREG(status.st_mode))) {
    direct_ = true;
    fd_ = ::open(target.path.c_str(), O_WRONLY | O_CLOEXEC | (target.foreign ? O_APPEND : 0));
    if (fd_ < 0) throw_system("cannot write", path, errno);
    return;
  }
  // Renaming over it asks for no right to write it: that it was made read-only counts all the same.
  if (exists && ::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0) {
    throw_system("cannot write", path, errno);
  }
  path_ = target.path;
  mode_t mode = options.mode;
  struct stat beside {};
  const std::string& narrow = options.no_wider_than;
  if (!narrow.empty() && ::stat(narrow.c_str(), &beside) == 0) mode &= beside.st_mode;
  open_in_folder(exists ? 0600U : mode | 0600U);
  if (exists) take_over(fd_, status);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
}

void AtomicFile::fail(std::string_view action, int error_number) { throw_system(action, path_, error_number); }

void AtomicFile::open_in_folder(unsigned mode) {
  fd_ = open_nameless(folder_of(path_), mode);
  if (fd_ >= 0) return;
  fd_ = temporary_.make(path_, [&](const std::string& name) {
    return ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  });
  if (fd_ < 0) fail("cannot write", errno);
}

void AtomicFile::write(std::string_view bytes) {
  if (!write_all(fd_, bytes)) fail("cannot write", errno);
}

void AtomicFile::give_name() {
  const std::string link = link_of(fd_);
  const int named = temporary_.make(path_, [&](const std::string& name) {
    return ::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0 ? fd_ : -1;
  });
  if (named < 0) copy_to_named();
}

void AtomicFile::copy_to_named() {
  const int nameless = std::exchange(fd_, -1);
  struct stat status {};
  ::fstat(nameless, &status);
  fd_ = temporary_.make(path_, [&](const std::string& name) {
    return ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  });
  if (fd_ < 0) {
    const int fault = errno;
    ::close(nameless);
    fail("cannot put the finished file in place", fault);
  }
  try {
    std::array<char, std::size_t{1} << 16> block{};
    off_t at = 0;
    for (ssize_t size = 0; (size = ::pread(nameless, block.data(), block.size(), at)) != 0; at += size) {
      if (size < 0) fail("cannot write", errno);
      write({block.data(), static_cast<std::size_t>(size)});
    }
  } catch (...) {
    ::close(nameless);
    throw;
  }
  ::close(nameless);
  take_over(fd_, status);
  if (durable_ && ::fsync(fd_) != 0) fail("cannot write", errno);
}

void AtomicFile::commit() {
  if (remote_ != nullptr) {
    const FileDescriptor content(std::exchange(fd_, -1));
    remote_->store(path_, content);
    return;
  }
  if (direct_) {  // a pipe or a device: nothing to rename, and it may not know how to sync
    if (::close(std::exchange(fd_, -1)) != 0) fail("cannot write", errno);
    return;
  }
  if (durable_ && ::fsync(fd_) != 0) fail("cannot write", errno);
  if (!temporary_.exists()) give_name();
  // It is closed, and so unlocked, when it has its own name: until then nobody may take it for abandoned.
  if (::rename(temporary_.name().c_str(), path_.c_str()) != 0) fail("cannot put the finished file in place", errno);
  temporary_.forget();
  if (::close(std::exchange(fd_, -1)) != 0) fail("cannot write", errno);
}

void write_file(const std::string& path, std::string_view bytes, const std::string& no_wider_than) {
  write_file(path, bytes, AtomicFileOptions{.no_wider_than = no_wider_than});
}

void write_file(const std::string& path, std::string_view bytes, const AtomicFileOptions& options) {
  AtomicFile file(path, options);
  file.write(bytes);
  file.commit();
}

}  // namespace textlambda::io
