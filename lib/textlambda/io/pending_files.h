// Temporary files that have a name: which they are, so that a signal can take them away; and what a run that was killed
// left of them.
#pragma once

#include <functional>
#include <string>

namespace textlambda::io {

// Unlinks the named temporary files now pending. Async-signal-safe: for a handler of SIGINT and SIGTERM.
void remove_pending_files() noexcept;

// A temporary name beside a file: short, whatever that one's name is, and one of a few that the name leads to, so that
// a later run over the same file meets what an earlier one left. Not thread-safe.
class PendingName {
 public:
  PendingName() = default;
  PendingName(const PendingName&) = delete;
  PendingName& operator=(const PendingName&) = delete;
  // Unlinks the file, unless forget() was called.
  ~PendingName();

  // Removes what runs that are over have left beside `path`, then calls `create(name)`, which makes a file of that name
  // and returns its descriptor, or -1 with errno; where the name is taken (EEXIST), the next one is tried. The
  // descriptor is locked (flock) for as long as it is open: that is how others know that the file is in use. Returns
  // it, or -1 with errno.
  int make(const std::string& path, const std::function<int(const std::string& name)>& create);

  bool exists() const { return !name_.empty(); }
  const std::string& name() const { return name_; }
  // It has been renamed: nothing is left to unlink.
  void forget();

 private:
  std::string name_;
};

}  // namespace textlambda::io
