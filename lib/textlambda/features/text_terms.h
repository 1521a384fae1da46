// From a text to the n-grams counted in it: normalised, cut into tokens, hashed, counted. Training and serving both go
// this way; between hashing and counting, serving puts features in the place of hashes (training has none yet: it
// counts the hashes, and gives them numbers when it has seen them all).
//
//   TextTerms terms;
//   terms.assign(text, options);
//   for (Group group : kGroups) {
//     std::span<std::uint32_t> hashes = terms.n_grams(group, options, hash_bits);
//     for (const TermCounter::Term& term : terms.count(hashes, hashes.size())) …
//   }
//
// Keeps its memory from one text to the next: allocates nothing once it has seen a text as long. One a thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/features/options.h"
#include "textlambda/features/term_counter.h"
#include "textlambda/text/normaliser.h"

namespace textlambda::features {

class TextTerms {
 public:
  // Takes a text: valid UTF-8, which need not outlive the call.
  void assign(std::string_view utf8, const FeatureOptions& options) { text_.assign(utf8, options.normaliser); }

  // Tells normalised texts apart: equal for equal ones, on this machine and in this version.
  std::uint64_t fingerprint() const;

  // The same for texts that differ at most in numbers, in punctuation and in the order of their words: what one text
  // becomes when it is copied, filled in or sent again. Texts without letters have that of fingerprint().
  std::uint64_t gist() const;

  // Code points of the normalised text, without the space at either end.
  std::size_t characters() const { return text_.size() < 2 ? 0 : text_.size() - 2; }

  // The group's n-grams in the text's order, repeats included: the upper `hash_bits` (1 … 32) bits of each hash. They
  // may be overwritten, and hold until the next call.
  std::span<std::uint32_t> n_grams(Group group, const FeatureOptions& options, unsigned hash_bits);

  // Counts equal numbers, in the order of their first occurrence. `distinct`: about how many different ones there are.
  // Holds until the next call.
  std::span<const TermCounter::Term> count(std::span<const std::uint32_t> numbers, std::size_t distinct);

 private:
  text::NormalisedText text_;
  std::vector<std::uint32_t> numbers_;  // grown, never shrunk
  TermCounter counter_;
};

// Calls visit(group, hash, name) for each n-gram of a text of valid UTF-8, word n-grams first; name() makes the string
// that a person reads.
template <typename Visit>
void for_each_named_n_gram(std::string_view utf8, const FeatureOptions& options, Visit&& visit) {
  text::NormalisedText text;
  text.assign(utf8, options.normaliser);
  for_each_word_n_gram(text, options, [&](std::uint64_t hash, const WordNGram& n_gram) {
    visit(Group::words, hash, [&] { return word_n_gram_string(text, n_gram); });
  });
  for_each_character_n_gram(text, options, [&](std::uint64_t hash, std::size_t begin, std::size_t end) {
    visit(Group::characters, hash, [&] { return character_n_gram_string(text, begin, end); });
  });
}

}  // namespace textlambda::features
