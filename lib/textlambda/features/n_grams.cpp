#include "textlambda/features/n_grams.h"

#include "textlambda/text/utf8.h"

namespace textlambda::features {

std::string word_n_gram_string(const text::NormalisedText& text, const WordNGram& n_gram) {
  std::string result = n_gram.negated ? "NOT_" : "";
  for (int i = 0; i < n_gram.count; ++i) {
    if (i > 0) result += ' ';
    const TokenSpan& token = n_gram.first[i];
    for (std::size_t at = token.begin; at < token.end; ++at) text::append_utf8(result, text.data()[at]);
  }
  return result;
}

std::string character_n_gram_string(const text::NormalisedText& text, std::size_t begin, std::size_t end) {
  std::string result;
  for (std::size_t at = begin; at < end; ++at) {
    const char32_t code = text.data()[at];
    text::append_utf8(result, code == U' ' ? U'\u2423' : code);
  }
  return result;
}

}  // namespace textlambda::features
