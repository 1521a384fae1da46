#include "textlambda/io/line_file.h"

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda::io;

TEST_CASE("lines are appended behind the last whole one") {
  const TemporaryFolder folder;
  const std::string path = folder.path("lines");
  CHECK(append_lines(path, "one\n") == 4);
  CHECK(append_lines(path, "two\nthree\n") == 14);
  CHECK(folder.read("lines") == "one\ntwo\nthree\n");
  // Of a run that was killed; longer than what is read at a time.
  for (const std::size_t rest : {1U, 4095U, 4096U, 9000U}) {
    folder.write("lines", "one\n" + std::string(rest, 'x'));
    CHECK(append_lines(path, "two\n") == 8);
    CHECK(folder.read("lines") == "one\ntwo\n");
  }
  folder.write("lines", "no end");
  CHECK(append_lines(path, "one\n") == 4);
  CHECK_THROWS_AS(append_lines(folder.path("none/lines"), "one\n"), Error);
}

TEST_CASE("the front of a text that is whole lines") {
  CHECK(whole_lines("") == "");
  CHECK(whole_lines("a") == "");
  CHECK(whole_lines("a\n") == "a\n");
  CHECK(whole_lines("a\nb\nc") == "a\nb\n");
}
