#include "textlambda/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"

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

// What `write` writes to descriptor 1 while that is `path`, opened with `flags`.
void to_standard_output(const std::string& path, int flags, const std::function<void()>& write) {
  const FileDescriptor before(::dup(STDOUT_FILENO));
  {
    const FileDescriptor file(::open(path.c_str(), flags));
    ::dup2(file.get(), STDOUT_FILENO);
  }
  write();
  ::dup2(before.get(), STDOUT_FILENO);
}

TEST_CASE("a descriptor's name is the descriptor, not the file behind it") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/stdout", folder.path("link"));
  for (const std::string& name :
       {std::string("/dev/stdout"), std::string("/dev/fd/1"), std::string("/proc/self/fd/1"), folder.path("link")}) {
    CAPTURE(name);
    const std::string log = folder.write("log", "before\n");
    to_standard_output(log, O_WRONLY | O_APPEND, [&] { write_file(name, "after\n"); });
    CHECK(folder.read("log") == "before\nafter\n");
  }
  CHECK(std::filesystem::is_symlink(folder.path("link")));
  CHECK(folder.file_count() == 2);
  const std::string log = folder.write("log", "before\n");
  to_standard_output(log, O_RDONLY, [&] {
    CHECK_THROWS_WITH(AtomicFile("/dev/stdout"), "/dev/stdout: cannot write: Bad file descriptor");
  });
  CHECK_THROWS_WITH(AtomicFile("/dev/fd/987"), "/dev/fd/987: cannot write: Bad file descriptor");
}

TEST_CASE("a link to nothing stays one, and leads to the file") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("there", folder.path("second"));
  std::filesystem::create_symlink(folder.path("second"), folder.path("first"));
  write_file(folder.path("first"), "new");
  CHECK(std::filesystem::is_symlink(folder.path("first")));
  CHECK(std::filesystem::is_symlink(folder.path("second")));
  CHECK(folder.read("there") == "new");
  std::filesystem::create_symlink("no/such/folder", folder.path("astray"));
  CHECK_THROWS_WITH(AtomicFile(folder.path("astray")), Catch::Contains("cannot write: No such file or directory"));
  std::filesystem::create_symlink("round", folder.path("round"));
  CHECK_THROWS_WITH(AtomicFile(folder.path("round")), Catch::Contains("cannot write: Too many levels"));
}

TEST_CASE("names as long as a file system takes") {
  const TemporaryFolder folder;
  const std::string longest(255, 'n');
  write_file(folder.path(longest), "first");
  write_file(folder.path(longest), "second");
  CHECK(folder.read(longest) == "second");
  CHECK(folder.file_count() == 1);
  CHECK_THROWS_WITH(AtomicFile(folder.path(longest + "n")), Catch::EndsWith("cannot write: File name too long"));
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

TEST_CASE("what is written beside a private file is as private") {
  const TemporaryFolder folder;
  const mode_t mask = ::umask(022);
  ::chmod(folder.write("private", "x").c_str(), 0600);
  ::chmod(folder.write("shared", "x").c_str(), 0664);
  write_file(folder.path("beside private"), "y", folder.path("private"));
  write_file(folder.path("beside shared"), "y", folder.path("shared"));
  write_file(folder.path("beside nothing"), "y", folder.path("none"));
  ::chmod(folder.write("there", "x").c_str(), 0640);
  write_file(folder.path("there"), "y", folder.path("private"));
  ::umask(mask);
  CHECK(mode_of(folder.path("beside private")) == 0600);
  CHECK(mode_of(folder.path("beside shared")) == 0644);
  CHECK(mode_of(folder.path("beside nothing")) == 0644);
  CHECK(mode_of(folder.path("there")) == 0640);  // its owner's choice
}

TEST_CASE("a new file may be asked to be private, and not to wait for the disk") {
  const TemporaryFolder folder;
  folder.write("there", "old");
  ::chmod(folder.path("there").c_str(), 0644);
  const mode_t mask = ::umask(0);
  const AtomicFileOptions options{.mode = 0600, .durable = false};
  write_file(folder.path("new"), "content", options);
  write_file(folder.path("there"), "content", options);
  ::umask(mask);
  CHECK(folder.read("new") == "content");
  CHECK(mode_of(folder.path("new")) == 0600);
  CHECK(mode_of(folder.path("there")) == 0644);  // what was there keeps its own
  CHECK(folder.file_count() == 2);
}
