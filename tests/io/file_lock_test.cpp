#include "textlambda/io/file_lock.h"

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda::io;

TEST_CASE("a lock is held once at a time, and given back with its object") {
  const TemporaryFolder folder;
  const std::string file = folder.write("f", "x");
  for (const std::string& path : {file, folder.path("")}) {
    {
      const FileLock first(path, 0);
      CHECK_THROWS_WITH(FileLock(path, 0), path + ": is locked by another run");
    }
    CHECK_NOTHROW(FileLock(path, 0));
  }
  CHECK_THROWS_AS(FileLock(folder.path("none"), 0), Error);
}
