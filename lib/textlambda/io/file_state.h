// What tells a file from another that came under its name, and from itself before it was written to. Pure but for the
// look at the file; thread-safe.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace textlambda::io {

struct FileState {
  dev_t device = 0;
  ino_t number = 0;
  std::int64_t size = 0;
  std::int64_t seconds = 0;  // when it was last written to, since 1970
  std::int64_t nanoseconds = 0;

  bool operator==(const FileState&) const = default;
};

inline FileState state_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

// Of what a symbolic link leads to; nothing where there is no file, or none that may be looked at.
inline std::optional<FileState> state_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return state_of(status);
}

}  // namespace textlambda::io
