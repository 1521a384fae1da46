#include "textlambda/text/normaliser.h"

#include <string>

#include "textlambda/text/utf8.h"

#include "tests/catch.h"

using namespace textlambda::text;

namespace {

std::string normalise(std::string_view utf8, bool lower_case = true) {
  NormalisedText text;
  text.assign(utf8, {lower_case});
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) append_utf8(result, text.data()[i]);
  return result;
}

}  // namespace

TEST_CASE("texts take their normal form") {
  const struct {
    const char* text;
    const char* normal;
  } cases[] = {
      {"", " "},
      {" \t\r\n ", " "},
      {"Hello  World", " hello world "},
      {" a\x01"
       "b\x7F"
       "c ",
       " a b c "},
      {"ÀÉÎ Ωσς ПРИВЕТ", " àéî ωσς привет "},
      {"ＡＢＣ１２３！", " abc123! "},
      {"a\u3000b\u00A0c\u2003d", " a b c d "},
      {"e\u0301", " é "},              // decomposed, as some systems write it
      {"\u1112\u1161\u11AB", " 한 "},  // conjoining jamo
      {"か\u3099", " が "},
      {"so\u00ADft\u200B\uFEFF", " soft "},
      {"❤\uFE0F", " ❤ "},
      {"洗发水😀", " 洗发水😀 "},
  };
  for (const auto& test : cases) {
    CAPTURE(test.text);
    CHECK(normalise(test.text) == test.normal);
  }
}

TEST_CASE("case can be kept") { CHECK(normalise("Hello ＡÉ", false) == " Hello AÉ "); }

TEST_CASE("composed and decomposed spellings are one text") {
  CHECK(normalise("Ame\u0301lie cafe\u0301") == normalise("Amélie café"));
  CHECK(normalise("a\u0323\u0302") == normalise("a\u0302\u0323"));  // marks in either order
}

TEST_CASE("a reused object forgets the text before") {
  NormalisedText text;
  text.assign(std::string(1000, 'x'), {});
  text.assign("ab", {});
  CHECK(text.size() == 4);
  CHECK(text.is_ascii());
  text.assign("é", {});
  CHECK_FALSE(text.is_ascii());
}
