#include "textlambda/io/error.h"

#include <cerrno>
#include <string>

#include "tests/catch.h"

using namespace textlambda::io;

TEST_CASE("an error reads file:line: message") {
  const struct {
    const char* file;
    std::uint64_t line;
    const char* what;
  } cases[] = {{"", 0, "no label"}, {"a.csv", 0, "a.csv: no label"}, {"a.csv", 7, "a.csv:7: no label"}};
  for (const auto& test : cases) {
    const Error error(ErrorKind::input_output, "no label", test.file, test.line);
    CHECK(std::string(error.what()) == test.what);
    CHECK(error.kind() == ErrorKind::input_output);
  }
}

TEST_CASE("shorthands set the kind") {
  try {
    throw_usage("x");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
  }
  CHECK_THROWS_WITH(throw_system("cannot open", "m.tlm", ENOENT), "m.tlm: cannot open: No such file or directory");
}
