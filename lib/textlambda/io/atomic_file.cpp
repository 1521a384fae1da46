#include "textlambda/io/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <climits>

#include "textlambda/io/error.h"

namespace textlambda::io {
namespace {

// Temporary files that a signal handler may have to unlink: fixed slots, because a handler may not take a lock.
struct PendingFile {
  std::atomic<bool> used{false};
  std::atomic<bool> ready{false};
  std::array<char, PATH_MAX> path{};
};
std::array<PendingFile, 16> pending_files;

void remember(const std::string& path) {
  if (path.size() >= PATH_MAX) return;
  for (PendingFile& slot : pending_files) {
    bool expected = false;
    if (!slot.used.compare_exchange_strong(expected, true)) continue;
    std::memcpy(slot.path.data(), path.c_str(), path.size() + 1);
    slot.ready.store(true, std::memory_order_release);
    return;
  }
}

void forget(const std::string& path) {
  for (PendingFile& slot : pending_files) {
    if (!slot.ready.load(std::memory_order_acquire) || path != slot.path.data()) continue;
    slot.ready.store(false, std::memory_order_release);
    slot.used.store(false, std::memory_order_release);
    return;
  }
}

// While it lives, the calling thread takes no signal: a file that is made has to be remembered before a handler runs.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

// New files get the permissions an ordinary open() would give them, not mkstemp's 0600.
mode_t default_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return static_cast<mode_t>(0666) & ~mask;
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  if (path.empty()) throw_usage("the output file has no name");
  std::error_code ignored;
  if (std::filesystem::is_symlink(path, ignored)) {
    const std::filesystem::path target = std::filesystem::canonical(path, ignored);
    if (!ignored) path_ = target.string();
  }
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw_input("is a directory, expected a file to write", path);
  if (exists && !S_ISREG(status.st_mode)) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd_ < 0) throw_system("cannot write", path_, errno);
    return;
  }
  temporary_ = path_ + ".XXXXXX";
  int fault = 0;
  {
    const SignalsHeld held;
    fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
    fault = errno;
    if (fd_ >= 0) remember(temporary_);
  }
  if (fd_ < 0) {
    temporary_.clear();
    throw_system("cannot write", path_, fault);
  }
  ::fchmod(fd_, exists ? (status.st_mode & 07777) : default_mode());
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
    forget(temporary_);
  }
}

void AtomicFile::fail(std::string_view action, int error_number) { throw_system(action, path_, error_number); }

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("cannot write", errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  if (temporary_.empty()) {  // a pipe or a device: nothing to rename, and it may not know how to sync
    const int fd = fd_;
    fd_ = -1;
    if (::close(fd) != 0) fail("cannot write", errno);
    return;
  }
  if (::fsync(fd_) != 0) fail("cannot write", errno);
  const int fd = fd_;
  fd_ = -1;
  if (::close(fd) != 0) fail("cannot write", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot put the finished file in place", errno);
  forget(temporary_);
  temporary_.clear();
}

void write_file(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void remove_pending_files() noexcept {
  for (const PendingFile& slot : pending_files) {
    if (slot.ready.load(std::memory_order_acquire)) ::unlink(slot.path.data());
  }
}

}  // namespace textlambda::io
