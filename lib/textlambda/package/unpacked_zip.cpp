#include "textlambda/package/unpacked_zip.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"

namespace textlambda::package {
namespace {

namespace fs = std::filesystem;

void unpack(std::string_view zip, const fs::path& folder) {
  archive::ZipReader reader(zip, "the zip");
  while (const std::optional<archive::ZipEntry> entry = reader.next()) {
    const fs::path path = folder / entry->path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) io::throw_system("cannot make the folder", path.parent_path().string(), error.value());
    io::write_file(path.string(), entry->content);
    if (::chmod(path.c_str(), static_cast<mode_t>(entry->mode)) != 0) {
      io::throw_system("cannot set the mode", path.string(), errno);
    }
  }
}

void remove(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

}  // namespace

UnpackedZip::UnpackedZip(std::string_view zip, const std::string& parent)
    : folder_((fs::path(parent) / "textlambda-package-XXXXXX").string()) {
  if (::mkdtemp(folder_.data()) == nullptr) io::throw_system("cannot make a temporary folder", parent, errno);
  try {
    unpack(zip, folder_);
  } catch (...) {
    remove(folder_);
    throw;
  }
}

UnpackedZip::~UnpackedZip() { remove(folder_); }

}  // namespace textlambda::package
