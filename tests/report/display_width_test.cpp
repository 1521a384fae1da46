#include "textlambda/report/display_width.h"

#include "tests/catch.h"

using textlambda::report::display_width;
using textlambda::report::printable;
using textlambda::report::printable_ends;

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

TEST_CASE("a name that is too long keeps both its ends") {
  const struct {
    const char* bytes;
    std::size_t width;
    const char* shown;
  } cases[] = {{"card_payment_fee_charged", 24, "card_payment_fee_charged"},
               {"card_payment_wrong_exchange_rate", 24, "card_payment…change_rate"},
               {"card_payment_wrong_amount_sent", 24, "card_payment…amount_sent"},
               {"abcdefgh", 5, "ab…gh"},
               {"abcdefgh", 4, "ab…h"},
               {"abcdefgh", 2, "a…"},
               {"洗发水洗发水", 6, "洗…水"},
               {"xxxxxxe\u0301y", 5, "xx…e\u0301y"},
               {"xxxxxxe\u0301y", 3, "x…y"},
               {"a\nbcdefgh", 5, "a …gh"}};
  for (const auto& test : cases) {
    CAPTURE(test.shown);
    CHECK(printable_ends(test.bytes, test.width) == test.shown);
    CHECK(display_width(printable_ends(test.bytes, test.width)) <= test.width);
  }
}
