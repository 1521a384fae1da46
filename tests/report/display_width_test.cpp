#include "textlambda/report/display_width.h"

#include "tests/catch.h"

using textlambda::report::display_width;
using textlambda::report::printable;

TEST_CASE("widths are those of a terminal") {
  const struct {
    const char* text;
    std::size_t width;
  } cases[] = {{"", 0}, {"abc", 3}, {"é", 1}, {"e\u0301", 1}, {"洗发水", 6}, {"ｱ", 1}, {"😀", 2}, {"한국", 4}};
  for (const auto& test : cases) {
    CAPTURE(test.text);
    CHECK(display_width(test.text) == test.width);
  }
}

TEST_CASE("what could move the cursor is replaced, what is too long is cut") {
  const struct {
    const char* bytes;
    std::size_t width;
    const char* shown;
  } cases[] = {{"plain", 10, "plain"},
               {"plain", 5, "plain"},
               {"plain", 4, "pla…"},
               {"a\nb\tc", 10, "a b c"},
               {"\x1B[31mred", 20, "\uFFFD[31mred"},
               {"\u202Eevil", 20, "\uFFFDevil"},
               {"broken\xFFutf8", 20, "broken\uFFFDutf8"},
               {"洗发水", 6, "洗发水"},
               {"洗发水", 5, "洗发…"},
               {"洗发水", 4, "洗…"}};
  for (const auto& test : cases) {
    CAPTURE(test.shown);
    CHECK(printable(test.bytes, test.width) == test.shown);
    CHECK(display_width(printable(test.bytes, test.width)) <= test.width);
  }
}
