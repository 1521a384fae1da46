#include "textlambda/features/text_terms.h"

namespace textlambda::features {

std::span<std::uint32_t> TextTerms::n_grams(Group group, const FeatureOptions& options, unsigned hash_bits) {
  const bool characters = group == Group::characters;
  const NGramRange range = characters ? options.characters : options.words;
  if (range.empty()) return {};
  // At each place in the text one n-gram of each length ends at most, and one negated token.
  const int ends = range.max - range.min + 1 + static_cast<int>(!characters && options.negation_scope > 0);
  const std::size_t most = text_.size() * static_cast<std::size_t>(ends);
  if (numbers_.size() < most) numbers_.resize(most);
  std::uint32_t* at = numbers_.data();
  const unsigned shift = 64 - hash_bits;
  const auto put = [&](std::uint64_t hash, auto&&...) { *at++ = static_cast<std::uint32_t>(hash >> shift); };
  if (characters) {
    for_each_character_n_gram(text_, options, put);
  } else {
    for_each_word_n_gram(text_, options, put);
  }
  return {numbers_.data(), at};
}

std::span<const TermCounter::Term> TextTerms::count(std::span<const std::uint32_t> numbers, std::size_t distinct) {
  counter_.reset(distinct);
  for (const std::uint32_t number : numbers) counter_.add(number);
  return counter_.terms();
}

}  // namespace textlambda::features
