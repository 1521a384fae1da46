#include "textlambda/package/unpacked_zip.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "textlambda/archive/zip_writer.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

}  // namespace

TEST_CASE("A zip is unpacked with folders and modes, and is gone with the object") {
  const TemporaryFolder parent;
  const std::string zip = archive::write_zip(
      {{"bootstrap", "program", true}, {"extensions/deep/log", "script", true}, {"model.tlm", "weights", false}});
  std::string folder;
  const mode_t before = ::umask(0077);  // a strict umask does not take the bits away
  {
    const package::UnpackedZip unpacked(zip, parent.path("."));
    folder = unpacked.folder();
    CHECK(content_of(folder + "/bootstrap") == "program");
    CHECK(mode_of(folder + "/bootstrap") == 0755);
    CHECK(content_of(folder + "/extensions/deep/log") == "script");
    CHECK(mode_of(folder + "/extensions/deep/log") == 0755);
    CHECK(mode_of(folder + "/model.tlm") == 0644);
    const package::UnpackedZip another(zip, parent.path("."));
    CHECK(another.folder() != folder);
  }
  ::umask(before);
  CHECK_FALSE(std::filesystem::exists(folder));
  CHECK(parent.file_count() == 0);
}

TEST_CASE("What cannot be unpacked leaves nothing behind") {
  const TemporaryFolder parent;
  CHECK_THROWS_AS(package::UnpackedZip("no zip", parent.path(".")), io::Error);
  CHECK(parent.file_count() == 0);
  CHECK_THROWS_AS(package::UnpackedZip(archive::write_zip({}), parent.path("none")), io::Error);
}

TEST_CASE("What a killed process left is removed by the next, and nothing else") {
  const TemporaryFolder parent;
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  REQUIRE(::waitpid(gone, nullptr, 0) == gone);
  const std::string abandoned = "textlambda-package-" + std::to_string(gone) + "-abcdef";
  const std::string running = "textlambda-package-" + std::to_string(::getppid()) + "-abcdef";
  const std::string strange = "textlambda-package-" + std::to_string(gone) + "-abcdefg";
  for (const std::string& name : {abandoned, running, strange}) {
    std::filesystem::create_directories(parent.path(name + "/deep"));
    std::ofstream(parent.path(name + "/deep/file")) << "x";
  }
  const package::UnpackedZip unpacked(archive::write_zip({{"bootstrap", "program", true}}), parent.path("."));
  CHECK_FALSE(std::filesystem::exists(parent.path(abandoned)));
  CHECK(std::filesystem::exists(parent.path(running + "/deep/file")));
  CHECK(std::filesystem::exists(parent.path(strange + "/deep/file")));
}
