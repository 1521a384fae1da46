#include "textlambda/io/remote_files.h"

#include <sys/stat.h>

#include <atomic>

namespace textlambda::io {
namespace {

std::atomic<RemoteFiles*> known{nullptr};

}  // namespace

void set_remote_files(RemoteFiles* files) { known.store(files); }

RemoteFiles* remote_files_for(std::string_view path) {
  RemoteFiles* const files = known.load();
  return files != nullptr && files->owns(path) ? files : nullptr;
}

bool exists(const std::string& path) {
  if (RemoteFiles* const remote = remote_files_for(path); remote != nullptr) return remote->exists(path);
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace textlambda::io
