#include "textlambda/io/output_target.h"

#include <unistd.h>

#include <filesystem>

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda::io;

TEST_CASE("an output is an input however the two are spelt") {
  const TemporaryFolder folder;
  const std::string input = folder.write("in.jsonl", "x");
  folder.write("other", "x");
  std::filesystem::create_directory(folder.path("sub"));
  std::filesystem::create_symlink("in.jsonl", folder.path("soft"));
  std::filesystem::create_symlink(folder.path("sub"), folder.path("folder"));
  std::filesystem::create_hard_link(input, folder.path("hard"));
  for (const char* name :
       {"in.jsonl", "./in.jsonl", "sub/../in.jsonl", "folder/../in.jsonl", "soft", "hard", "sub/..//soft"}) {
    CAPTURE(name);
    CHECK(overwrites(folder.path(name), input));
    CHECK(overwrites(input, folder.path(name)));
  }
  for (const char* name : {"other", "new", "sub/in.jsonl", ""}) {
    CAPTURE(name);
    CHECK_FALSE(overwrites(folder.path(name), input));
  }
}

TEST_CASE("what is not there yet is told by its name") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("new", folder.path("link"));
  CHECK(same_output(folder.path("new"), folder.path("./new")));
  CHECK(same_output(folder.path("link"), folder.path("new")));
  CHECK_FALSE(same_output(folder.path("new"), folder.path("newer")));
  CHECK_FALSE(same_output(folder.path("new"), folder.write("there", "")));
}

TEST_CASE("standard output has several names; /dev/null takes any number of outputs") {
  CHECK(same_output("-", "/dev/stdout"));
  CHECK(same_output("/dev/fd/1", "/proc/self/fd/1"));
  CHECK(is_standard_output("-"));
  CHECK(is_standard_output("/dev/stdout"));
  CHECK_FALSE(is_standard_output("/dev/stderr"));
  CHECK_FALSE(is_standard_output("stdout"));
  CHECK_FALSE(same_output("/dev/null", "/dev/null"));
  CHECK_FALSE(overwrites("/dev/null", "/dev/null"));
}

TEST_CASE("links are followed to their end, descriptors are numbers") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("b", folder.path("a"));
  CHECK(std::filesystem::path(resolve_output(folder.path("a")).path).filename() == "b");
  CHECK(resolve_output("/dev/fd/7").descriptor == 7);
  CHECK(resolve_output("/dev/stderr").descriptor == 2);
  CHECK(resolve_output("/proc/thread-self/fd/1").descriptor == 1);
  CHECK(resolve_output("/dev/null").descriptor == -1);
  CHECK(resolve_output(folder.path("1")).descriptor == -1);
  CHECK(resolve_output("/proc/1/fd/1").foreign);
}
