#include "textlambda/package/unpacked_zip.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"

namespace textlambda::package {
namespace {

namespace fs = std::filesystem;

bool stays_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

void unpack(std::string_view zip, const fs::path& folder, const std::string& file, const archive::ZipLimits& limits) {
  archive::ZipReader reader(zip, file, limits);
  fs::create_directory(folder);
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

}  // namespace

UnpackedZip::UnpackedZip(std::string_view zip, const std::string& parent, const std::string& file,
                         const archive::ZipLimits& limits)
    : scratch_(parent, "textlambda-package") {
  unpack(zip, folder(), file, limits);
  io::write_file(zip_path(), zip);
}

}  // namespace textlambda::package
