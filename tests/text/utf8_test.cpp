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
