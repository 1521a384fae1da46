// A lock between processes on an open file or folder (flock(2)): advisory, and gone with the process that holds it.
#pragma once

#include <string>

#include "textlambda/io/file_descriptor.h"

namespace textlambda::io {

class FileLock {
 public:
  // Waits for the lock on `path`, which may be a folder, for about `seconds`; then throws Error(input_output). Where
  // the file system has no locks, or `path` may not be read, there is none, and no error.
  FileLock(const std::string& path, unsigned seconds);

  int descriptor() const { return file_.get(); }

 private:
  FileDescriptor file_;
};

}  // namespace textlambda::io
