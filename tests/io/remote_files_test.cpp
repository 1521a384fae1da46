// Files of other machines, as those see them who read and write files by their names.
#include "textlambda/io/remote_files.h"

#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/scratch_file.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::io {
namespace {

// "far://NAME", in memory.
class FarFiles final : public RemoteFiles {
 public:
  FarFiles() { set_remote_files({this}); }
  ~FarFiles() override { set_remote_files({}); }

  bool owns(std::string_view path) const override { return path.starts_with("far://"); }
  FileDescriptor fetch(const std::string& path) override {
    if (!exists(path)) throw_input("is not there", path);
    FileDescriptor copy = open_nameless(scratch_folder("a copy"));
    REQUIRE(write_all(copy.get(), contents[path]));
    return copy;
  }
  void prepare(const std::string& path) override {
    if (path.ends_with('/')) throw_usage("no name of a file: " + path);
  }
  void store(const std::string& path, const FileDescriptor& content) override {
    contents[path] = MappedFile::map(content, path).view();
  }
  bool exists(const std::string& path) override { return contents.count(path) > 0; }
  std::vector<std::string> list(const std::string& /*beginning*/) override { return {}; }

  std::map<std::string, std::string> contents;
};

TEST_CASE("a remote file is mapped from a copy") {
  FarFiles far;
  far.contents["far://one"] = "content";
  const MappedFile file = MappedFile::open("far://one");
  far.contents["far://one"] = "another";
  CHECK(file.view() == "content");
  CHECK_THROWS_WITH(MappedFile::open("far://two"), "far://two: is not there");
  CHECK(exists("far://one"));
  CHECK_FALSE(exists("far://two"));
  far.contents["far://empty"] = "";
  CHECK(MappedFile::open("far://empty").view().empty());
}

TEST_CASE("a remote file is written whole, at the end, or not at all") {
  FarFiles far;
  far.contents["far://one"] = "before";
  {
    AtomicFile dropped("far://one");
    dropped.write("half of ");
  }
  CHECK(far.contents["far://one"] == "before");
  AtomicFile file("far://one");
  file.write("the ");
  file.write("whole");
  CHECK(far.contents["far://one"] == "before");
  file.commit();
  CHECK(far.contents["far://one"] == "the whole");
  CHECK_THROWS_WITH(AtomicFile("far://folder/"), Catch::Matchers::Contains("no name of a file"));
  write_file("far://two", "at once", "far://one");
  CHECK(far.contents["far://two"] == "at once");
}

TEST_CASE("other names, and all names where nobody knows remote ones, are this machine's") {
  const TemporaryFolder folder;
  folder.write("near", "here");
  {
    FarFiles far;
    CHECK(MappedFile::open(folder.path("near")).view() == "here");
    CHECK(remote_files_for(folder.path("near")) == nullptr);
    CHECK(exists(folder.path("near")));
  }
  CHECK(remote_files_for("far://one") == nullptr);
  CHECK_FALSE(exists("far://one"));
  CHECK_THROWS_WITH(MappedFile::open("far://one"), Catch::Matchers::Contains("cannot open"));
}

}  // namespace
}  // namespace textlambda::io
