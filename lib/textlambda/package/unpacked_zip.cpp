#include "textlambda/package/unpacked_zip.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"

namespace textlambda::package {
namespace {

namespace fs = std::filesystem;

const std::string kPrefix = "textlambda-package-";

bool stays_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

void unpack(std::string_view zip, const fs::path& folder, const std::string& file) {
  archive::ZipReader reader(zip, file);
  while (const std::optional<archive::ZipEntry> entry = reader.next()) {
    if (!stays_inside(entry->path))
      io::throw_input("has the name \"" + entry->path + "\", which leads out of it", file);
    const fs::path path = folder / entry->path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) io::throw_system("cannot make the folder", path.parent_path().string(), error.value());
    io::write_file(path.string(), entry->content);
    // A zip that was not made on Unix says nothing: a file that is no program.
    const mode_t mode = entry->mode == 0 ? 0644 : static_cast<mode_t>(entry->mode);
    if (::chmod(path.c_str(), mode) != 0) {
      io::throw_system("cannot set the mode", path.string(), errno);
    }
  }
}

void remove(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// The process that "textlambda-package-PID-XXXXXX" names; 0 for other names.
pid_t owner_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) return 0;
  name.remove_prefix(kPrefix.size());
  pid_t owner = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), owner);
  const bool whole = error == std::errc() && name.data() + name.size() - end == 7 && *end == '-';
  return whole && owner > 0 ? owner : 0;
}

// A number that somebody else's process has by now keeps the folder for another time.
void remove_abandoned(const std::string& parent) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, ignored)) {
    const pid_t owner = owner_of(entry.path().filename().string());
    struct stat status {};
    if (owner == 0 || ::kill(owner, 0) == 0 || errno != ESRCH) continue;
    if (::lstat(entry.path().c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid())
      continue;
    remove(entry.path().string());
  }
}

}  // namespace

UnpackedZip::UnpackedZip(std::string_view zip, const std::string& parent, const std::string& file)
    : folder_((fs::path(parent) / (kPrefix + std::to_string(::getpid()) + "-XXXXXX")).string()) {
  remove_abandoned(parent);
  if (::mkdtemp(folder_.data()) == nullptr) io::throw_system("cannot make a temporary folder", parent, errno);
  try {
    unpack(zip, folder_, file);
  } catch (...) {
    remove(folder_);
    throw;
  }
}

UnpackedZip::~UnpackedZip() { remove(folder_); }

}  // namespace textlambda::package
