#include "textlambda/text/tokenizer.h"

#include <string>
#include <vector>

#include "textlambda/text/normaliser.h"
#include "textlambda/text/utf8.h"

#include "tests/catch.h"

using namespace textlambda::text;

namespace {

std::string tokens(std::string_view utf8) {
  NormalisedText text;
  text.assign(utf8, {});
  std::string result;
  for_each_token(text.data(), text.size(), [&](std::size_t begin, std::size_t end) {
    if (!result.empty()) result += '|';
    for (std::size_t i = begin; i < end; ++i) append_utf8(result, text.data()[i]);
  });
  return result;
}

}  // namespace

TEST_CASE("texts are cut into tokens") {
  const struct {
    const char* text;
    const char* tokens;
  } cases[] = {
      {"", ""},
      {"one two", "one|two"},
      {"don't", "don|'|t"},
      {"wow!!! really?!", "wow|!!!|really|?|!"},
      {"£9.99", "£|9|.|99"},
      {"abc123", "abc123"},
      {"snake_case", "snake|_|case"},
      {"洗发水ok", "洗|发|水|ok"},
      {"ひらカナ", "ひ|ら|カ|ナ"},
      {"ไทย", "ไ|ท|ย"},
      {"हिन्दी", "हिन्दी"},  // vowel signs and virama belong to the word
      {"naïve", "naïve"},
      {"한국어 문장", "한국어|문장"},
      {"😀😀 ok", "😀😀|ok"},
      {"a—b", "a|—|b"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.text);
    CHECK(tokens(test.text) == test.tokens);
  }
}
