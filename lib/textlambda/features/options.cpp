#include "textlambda/features/options.h"

#include <algorithm>

namespace textlambda::features {
namespace {

bool is_valid(const NGramRange& range, int largest) {
  if (range.min == 0 && range.max == 0) return true;
  return range.min >= 1 && range.min <= range.max && range.max <= largest;
}

}  // namespace

const char* find_flaw(const FeatureOptions& options) {
  if (!is_valid(options.words, kMaxWordNGram)) return "word n-grams: expected a range MIN-MAX within 1-5, or none";
  if (!is_valid(options.characters, kMaxCharacterNGram)) {
    return "character n-grams: expected a range MIN-MAX within 1-8, or none";
  }
  if (options.words.empty() && options.characters.empty()) return "word and character n-grams are both off";
  if (options.negation_scope < 0 || options.negation_scope > kMaxNegationScope) {
    return "negation scope: expected 0-15 tokens";
  }
  if (!std::is_sorted(options.stop_words.begin(), options.stop_words.end())) return "stop words are not sorted";
  return nullptr;
}

}  // namespace textlambda::features
