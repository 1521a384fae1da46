#include "textlambda/text/utf8.h"

#include <string>

#include "tests/catch.h"

using namespace textlambda::text;

TEST_CASE("ill-formed UTF-8 is repaired as the Unicode Standard recommends") {
  // The third to fifth cases are tables 3-8 to 3-11 of the standard; the others checked with Python's
  // bytes.decode("utf-8", "replace").
  const struct {
    std::string bytes;
    std::string repaired;
  } cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"caf\xE9", "caf\uFFFD"},
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xF5", "\uFFFD"},
      {"ab\xF0\x9F\x98", "ab\uFFFD"},
      {"\xF0\x9F\x98\x80\xE6\xB4\x97", "😀洗"},
      {std::string("a\0b", 3), std::string("a\0b", 3)},
      {"12345678\x80"
       "12345678",
       "12345678\uFFFD12345678"},
  };
  for (const auto& test : cases) {
    std::string buffer;
    const Utf8Repair repair = repair_utf8(test.bytes, buffer);
    CAPTURE(test.repaired);
    CHECK(repair.text == test.repaired);
    CHECK(repair.repaired == (test.bytes != test.repaired));
    CHECK(valid_utf8_prefix(repair.text) == repair.text.size());
  }
}

TEST_CASE("every code point survives writing and reading") {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code);
    std::size_t position = 0;
    if (next_code_point(text, position) != code || position != text.size() || valid_utf8_prefix(text) != text.size()) {
      FAIL("code point " << static_cast<unsigned>(code));
    }
  }
}

TEST_CASE("the front of a text ends between characters") {
  const std::string text = "a\u00E9\u20AC\U0001F642";  // 1, 2, 3 and 4 bytes
  const std::vector<std::size_t> ends = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t longest = 0; longest < ends.size(); ++longest) {
    CAPTURE(longest);
    CHECK(utf8_front(text, longest) == text.substr(0, ends[longest]));
  }
  // Of what is no UTF-8 at most three bytes are lost.
  CHECK(utf8_front(std::string(20, '\x80'), 10).size() == 7);
}
