#include "textlambda/text/blank.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace textlambda::text {
namespace {

TEST_CASE("Blank is ASCII's white space, U+00A0, U+3000 and byte order marks, in any mixture") {
  for (const std::string_view text :
       {"", " ", " \t\r\n\v\f", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF", "\xEF\xBB\xBF \xE3\x80\x80\n\xC2\xA0"}) {
    CAPTURE(text);
    CHECK(is_blank(text));
  }
  // A zero width space, a zero width joiner and a soft hyphen are not: they are characters of a text, if invisible.
  for (const std::string_view text : {"x", " x ", "\xC2\xA0.", "\xE3\x80\x81", "\xE2\x80\x8B", "\xE2\x80\x8D",
                                      "\xC2\xAD", "\xC2", "\xE3\x80", "\xEF\xBB"}) {
    CAPTURE(text);
    CHECK_FALSE(is_blank(text));
  }
  CHECK_FALSE(is_blank(std::string_view("\0", 1)));
}

TEST_CASE("ASCII white space is trimmed at both ends") {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"", ""}, {" \t\r\n\v\f", ""}, {" a b\n", "a b"}, {"a", "a"}, {"\xC2\xA0 a", "\xC2\xA0 a"}};
  for (const auto& [text, inner] : cases) CHECK(trimmed(text) == inner);
}

}  // namespace
}  // namespace textlambda::text
