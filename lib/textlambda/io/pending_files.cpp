#include "textlambda/io/pending_files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <climits>

#include "textlambda/io/file_descriptor.h"

namespace textlambda::io {
namespace {

// What a signal handler may have to unlink: fixed slots, because a handler may not take a lock.
struct PendingFile {
  std::atomic<bool> used{false};
  std::atomic<bool> ready{false};
  std::array<char, PATH_MAX> path{};
};
std::array<PendingFile, 16> pending_files;

void remember_pending(const std::string& path) {
  if (path.size() >= PATH_MAX) return;
  for (PendingFile& slot : pending_files) {
    bool expected = false;
    if (!slot.used.compare_exchange_strong(expected, true)) continue;
    std::memcpy(slot.path.data(), path.c_str(), path.size() + 1);
    slot.ready.store(true, std::memory_order_release);
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

constexpr int kNames = 8;

// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): the same in every run.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

// The n-th name; from kNames on one of this process alone.
std::string nth_name(const std::string& path, int n) {
  const std::size_t slash = path.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  constexpr const char* kDigits = "0123456789abcdef";
  std::string name = path.substr(0, begin) + ".textlambda-";
  const std::uint64_t hash = hash_of(path.substr(begin));
  for (int shift = 60; shift >= 0; shift -= 4) name += kDigits[hash >> static_cast<unsigned>(shift) & 0xF];
  name += "-" + std::to_string(n);
  return n < kNames ? name : name + "-" + std::to_string(::getpid());
}

// A file under one of the names that nobody holds a lock on is of a run that is over.
void remove_abandoned(const std::string& name) {
  const FileDescriptor file(::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return;
  if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) return;
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(name.c_str());
}

// False where another run took the file for abandoned before it was locked. File systems without locks have none that
// could be taken for abandoned.
bool lock(int fd) {
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return errno != EWOULDBLOCK;
  struct stat status {};
  return ::fstat(fd, &status) != 0 || status.st_nlink > 0;
}

}  // namespace

int PendingName::make(const std::string& path, const std::function<int(const std::string& name)>& create) {
  for (int n = 0; n < kNames; ++n) remove_abandoned(nth_name(path, n));
  const SignalsHeld held;
  for (int n = 0; n < 2 * kNames; ++n) {
    std::string name = nth_name(path, n);
    const int fd = create(name);
    if (fd < 0 && errno == EEXIST) continue;
    if (fd < 0) return -1;
    if (!lock(fd)) {
      ::close(fd);
      continue;
    }
    remember_pending(name);
    name_ = std::move(name);
    return fd;
  }
  errno = EEXIST;
  return -1;
}

void PendingName::forget() {
  for (PendingFile& slot : pending_files) {
    if (!slot.ready.load(std::memory_order_acquire) || name_ != slot.path.data()) continue;
    slot.ready.store(false, std::memory_order_release);
    slot.used.store(false, std::memory_order_release);
    break;
  }
  name_.clear();
}

PendingName::~PendingName() {
  if (!exists()) return;
  ::unlink(name_.c_str());
  forget();
}

void remove_pending_files() noexcept {
  for (const PendingFile& slot : pending_files) {
    if (slot.ready.load(std::memory_order_acquire)) ::unlink(slot.path.data());
  }
}

}  // namespace textlambda::io
