#include "textlambda/io/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "textlambda/io/error.h"

namespace textlambda::io {

// For writing where that can be: NFS, and so EFS, locks a file exclusively only through a descriptor that may write
// (flock(2), "NFS details").
FileLock::FileLock(const std::string& path, unsigned seconds) : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
  if (file_.get() < 0) file_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file_.get() < 0 && errno != EACCES) throw_system("cannot open", path, errno);
  if (file_.get() < 0) return;
  constexpr unsigned kTriesASecond = 50;
  for (unsigned tries = 0; ::flock(file_.get(), LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK && errno != EINTR) return;
    if (tries >= seconds * kTriesASecond) throw_input("is locked by another run", path);
    std::this_thread::sleep_for(std::chrono::milliseconds(1000 / kTriesASecond));
  }
}

}  // namespace textlambda::io
