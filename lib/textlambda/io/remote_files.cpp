#include "textlambda/io/remote_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace textlambda::io {
namespace {

std::vector<RemoteFiles*>& known() {
  static std::vector<RemoteFiles*> files;
  return files;
}

}  // namespace

void set_remote_files(std::vector<RemoteFiles*> files) { known() = std::move(files); }

RemoteFiles* remote_files_for(std::string_view path) {
  const auto found =
      std::find_if(known().begin(), known().end(), [&](const RemoteFiles* files) { return files->owns(path); });
  return found == known().end() ? nullptr : *found;
}

bool exists(const std::string& path) {
  if (RemoteFiles* const remote = remote_files_for(path); remote != nullptr) return remote->exists(path);
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace textlambda::io
