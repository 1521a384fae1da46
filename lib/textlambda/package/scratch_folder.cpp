#include "textlambda/package/scratch_folder.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>

#include "textlambda/io/error.h"

namespace textlambda::package {
namespace {

namespace fs = std::filesystem;

void remove_tree(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// The process that PREFIX + "PID-XXXXXX" names; 0 for other names.
pid_t owner_of(std::string_view name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  pid_t owner = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), owner);
  const bool whole = error == std::errc() && name.data() + name.size() - end == 7 && *end == '-';
  return whole && owner > 0 ? owner : 0;
}

// A number that somebody else's process has by now keeps the folder for another time.
void remove_abandoned(const std::string& parent, const std::string& prefix) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, ignored)) {
    const pid_t owner = owner_of(entry.path().filename().string(), prefix);
    struct stat status {};
    if (owner == 0 || ::kill(owner, 0) == 0 || errno != ESRCH) continue;
    if (::lstat(entry.path().c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid())
      continue;
    remove_tree(entry.path().string());
  }
}

}  // namespace

ScratchFolder::ScratchFolder(const std::string& parent, const std::string& name) {
  const std::string prefix = name + "-";
  remove_abandoned(parent, prefix);
  path_ = (fs::path(parent) / (prefix + std::to_string(::getpid()) + "-XXXXXX")).string();
  if (::mkdtemp(path_.data()) == nullptr) io::throw_system("cannot make a temporary folder", parent, errno);
}

ScratchFolder::~ScratchFolder() { remove_tree(path_); }

}  // namespace textlambda::package
