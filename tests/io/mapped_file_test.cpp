#include "textlambda/io/mapped_file.h"

#include <string>
#include <utility>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using textlambda::io::mapped_file_at;
using textlambda::io::MappedFile;

TEST_CASE("a file is mapped whole") {
  const TemporaryFolder folder;
  const std::string content(10000, 'x');
  MappedFile file = MappedFile::open(folder.write("f", content));
  CHECK(file.view() == content);
  file.release(0, content.size());  // a hint: the content is still there
  CHECK(file.view() == content);
  const MappedFile moved = std::move(file);
  CHECK(moved.view() == content);
}

TEST_CASE("an empty file is empty") {
  const TemporaryFolder folder;
  CHECK(MappedFile::open(folder.write("f", "")).view().empty());
}

TEST_CASE("what cannot be mapped is named") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(MappedFile::open(folder.path("none")),
                    Catch::EndsWith("none: cannot open: No such file or directory"));
  CHECK_THROWS_WITH(MappedFile::open(folder.path("")), Catch::Contains("is a directory, expected a file"));
  CHECK_THROWS_WITH(MappedFile::open("/dev/null"), "/dev/null: is not a regular file");
}

TEST_CASE("a handler is told which file is at an address") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", std::string(10000, 'x'));
  MappedFile moved;
  const char* begin = nullptr;
  {
    MappedFile file = MappedFile::open(path);
    begin = file.view().data();
    moved = std::move(file);
  }
  CHECK(std::string(mapped_file_at(begin)) == path);
  CHECK(std::string(mapped_file_at(begin + 9999)) == path);
  CHECK(mapped_file_at(begin + 10000) == nullptr);
  CHECK(mapped_file_at(nullptr) == nullptr);
  moved = MappedFile();
  CHECK(mapped_file_at(begin) == nullptr);
}
