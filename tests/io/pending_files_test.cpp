#include "textlambda/io/pending_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "textlambda/io/file_descriptor.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda::io;

namespace {

int create(const std::string& name) { return ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); }

}  // namespace

TEST_CASE("a signal handler can take pending files away") {
  const TemporaryFolder folder;
  PendingName pending;
  const FileDescriptor file(pending.make(folder.path("m"), create));
  REQUIRE(file.get() >= 0);
  CHECK(folder.file_count() == 1);
  remove_pending_files();
  CHECK(folder.file_count() == 0);
}

TEST_CASE("a pending file goes with its object, unless it was renamed") {
  const TemporaryFolder folder;
  {
    PendingName pending;
    const FileDescriptor file(pending.make(folder.path("m"), create));
    CHECK(folder.file_count() == 1);
  }
  CHECK(folder.file_count() == 0);
  PendingName pending;
  const FileDescriptor file(pending.make(folder.path("m"), create));
  ::rename(pending.name().c_str(), folder.path("m").c_str());
  pending.forget();
  remove_pending_files();
  CHECK(folder.file_count() == 1);
}

TEST_CASE("what a killed run left is removed, what a running one has is not") {
  const TemporaryFolder folder;
  std::string name;
  {
    PendingName killed;
    const FileDescriptor file(killed.make(folder.path("m"), create));
    name = killed.name();
    ::link(name.c_str(), folder.path("left").c_str());
  }
  // As a killed process leaves it: there, and locked by nobody.
  ::rename(folder.path("left").c_str(), name.c_str());
  CHECK(folder.file_count() == 1);

  PendingName running;
  const FileDescriptor first(running.make(folder.path("m"), create));
  CHECK(running.name() == name);
  CHECK(folder.file_count() == 1);
  PendingName other;
  const FileDescriptor second(other.make(folder.path("m"), create));
  CHECK(other.name() != name);
  CHECK(folder.file_count() == 2);
}

TEST_CASE("the name is short, and nothing but regular files is removed for it") {
  const TemporaryFolder folder;
  const std::string target = folder.path(std::string(255, 'n'));
  std::string name;
  {
    PendingName pending;
    const FileDescriptor file(pending.make(target, create));
    REQUIRE(file.get() >= 0);
    name = pending.name();
  }
  ::symlink("elsewhere", name.c_str());
  PendingName pending;
  const FileDescriptor file(pending.make(target, create));
  REQUIRE(file.get() >= 0);
  CHECK(pending.name() != name);
  struct stat status {};
  CHECK(::lstat(name.c_str(), &status) == 0);
  ::unlink(name.c_str());
}

TEST_CASE("where no name can be made, errno tells why") {
  const TemporaryFolder folder;
  PendingName pending;
  CHECK(pending.make(folder.path("no/such/folder"), create) == -1);
  CHECK(errno == ENOENT);
  CHECK_FALSE(pending.exists());
}
