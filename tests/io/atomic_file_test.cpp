#include "textlambda/io/atomic_file.h"

#include <sys/stat.h>

#include <filesystem>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda::io;

TEST_CASE("the target is untouched until commit and whole after it") {
  const TemporaryFolder folder;
  folder.write("m", "old");
  {
    AtomicFile file(folder.path("m"));
    file.write("ne");
    file.write("w");
    CHECK(folder.read("m") == "old");
    file.commit();
    CHECK(folder.read("m") == "new");
  }
  CHECK(folder.file_count() == 1);
}

TEST_CASE("without commit nothing is left") {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder.path("m"));
    file.write("half");
    CHECK(folder.file_count() == 1);
  }
  CHECK(folder.file_count() == 0);
}

TEST_CASE("permissions are an ordinary file's, or those of the file replaced") {
  const TemporaryFolder folder;
  const mode_t mask = ::umask(022);
  write_file(folder.path("new"), "x");
  folder.write("private", "x");
  ::chmod(folder.path("private").c_str(), 0600);
  write_file(folder.path("private"), "y");
  ::umask(mask);
  struct stat status {};
  ::stat(folder.path("new").c_str(), &status);
  CHECK((status.st_mode & 0777) == 0644);
  ::stat(folder.path("private").c_str(), &status);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a symbolic link stays one") {
  const TemporaryFolder folder;
  folder.write("real", "old");
  std::filesystem::create_symlink(folder.path("real"), folder.path("link"));
  write_file(folder.path("link"), "new");
  CHECK(std::filesystem::is_symlink(folder.path("link")));
  CHECK(folder.read("real") == "new");
}

TEST_CASE("devices are written to, not replaced") {
  write_file("/dev/null", "x");
  CHECK(std::filesystem::is_character_file("/dev/null"));
  CHECK_THROWS_WITH(write_file("/dev/full", "x"), "/dev/full: cannot write: No space left on device");
}

TEST_CASE("what cannot be written is named") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(AtomicFile(folder.path("no/such/folder")),
                    Catch::Contains("cannot write: No such file or directory"));
  CHECK_THROWS_WITH(AtomicFile(folder.path("")), Catch::Contains("is a directory, expected a file to write"));
  CHECK_THROWS_WITH(AtomicFile(""), "the output file has no name");
}

TEST_CASE("a signal handler can take pending files away") {
  const TemporaryFolder folder;
  AtomicFile file(folder.path("m"));
  CHECK(folder.file_count() == 1);
  remove_pending_files();
  CHECK(folder.file_count() == 0);
}
