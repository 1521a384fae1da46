// Hashed n-grams of a normalised text, in two groups: runs of words (tokens) and runs of characters.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "textlambda/features/n_gram_hash.h"
#include "textlambda/features/negation.h"
#include "textlambda/features/options.h"
#include "textlambda/text/normaliser.h"
#include "textlambda/text/tokenizer.h"

namespace textlambda::features {

enum class Group : unsigned char { words = 0, characters = 1 };

// In the order in which they stand in a text's vector.
inline constexpr Group kGroups[] = {Group::words, Group::characters};

// A token's place in the text, in code points.
struct TokenSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct WordNGram {
  const TokenSpan* first = nullptr;  // `count` spans; they hold during the visit
  int count = 0;
  bool negated = false;  // one token, in its second form as a negated one
};

// Calls visit(hash, n_gram) for each word n-gram, in order of its last token; a negated token comes once more behind
// the n-grams that end with it.
template <typename Visit>
void for_each_word_n_gram(const text::NormalisedText& text, const FeatureOptions& options, Visit&& visit) {
  const int longest = options.words.max;
  if (longest == 0) return;
  // The last few tokens, oldest first.
  std::array<std::uint64_t, kMaxWordNGram> hashes{};
  std::array<TokenSpan, kMaxWordNGram> spans{};
  int known = 0;
  const auto& stop_words = options.stop_words;
  NegationScope negation(options.negation_scope);
  text::for_each_token(text.data(), text.size(), [&](std::size_t begin, std::size_t end) {
    const std::uint64_t token = hash_token(text.data() + begin, text.data() + end);
    if (!stop_words.empty() && std::binary_search(stop_words.begin(), stop_words.end(), token)) return;
    if (known == longest) {
      for (int i = 1; i < known; ++i) {
        hashes[static_cast<std::size_t>(i - 1)] = hashes[static_cast<std::size_t>(i)];
        spans[static_cast<std::size_t>(i - 1)] = spans[static_cast<std::size_t>(i)];
      }
      --known;
    }
    hashes[static_cast<std::size_t>(known)] = token;
    spans[static_cast<std::size_t>(known)] = {begin, end};
    ++known;
    std::uint64_t hash = kWordSeed;
    // Taken backwards from the newest token, so that each longer n-gram costs one step.
    for (int count = 1; count <= known; ++count) {
      const auto first = static_cast<std::size_t>(known - count);
      hash = hash_step(hash, hashes[first]);
      if (count >= options.words.min) visit(hash_finish(hash), WordNGram{&spans[first], count, false});
    }
    if (options.negation_scope > 0 && negation.take(text.data() + begin, text.data() + end, token)) {
      visit(hash_finish(hash_step(kNegatedSeed, token)),
            WordNGram{&spans[static_cast<std::size_t>(known - 1)], 1, true});
    }
  });
}

// A Han character is nearly a word: longer runs of them cost much and gain nothing measurable.
inline constexpr std::size_t kLongestHanNGram = 3;

// Calls visit(hash, begin, end) for each character n-gram; offsets in code points. A space may only be its first or
// last character; one that starts with a Han character has at most kLongestHanNGram.
template <typename Visit>
void for_each_character_n_gram(const text::NormalisedText& text, const FeatureOptions& options, Visit&& visit) {
  const auto shortest = static_cast<std::size_t>(options.characters.min);
  const auto longest = static_cast<std::size_t>(options.characters.max);
  if (longest == 0) return;
  const char32_t* data = text.data();
  const std::size_t size = text.size();
  for (std::size_t begin = 0; begin < size; ++begin) {
    std::uint64_t hash = kCharacterSeed;
    const bool han = !text.is_ascii() && text::is_han(data[begin]);
    const std::size_t limit = std::min(size, begin + (han ? std::min(longest, kLongestHanNGram) : longest));
    for (std::size_t end = begin; end < limit;) {
      const char32_t code = data[end];
      hash = hash_step(hash, code);
      ++end;
      const bool lone_space = code == ' ' && end - begin == 1;
      if (end - begin >= shortest && !lone_space) visit(hash_finish(hash), begin, end);
      if (code == ' ' && !lone_space) break;
    }
  }
}

// The n-gram as a person reads it: tokens joined by one space, "NOT_" before a negated one; characters as they stand,
// with "␣" for a space.
std::string word_n_gram_string(const text::NormalisedText& text, const WordNGram& n_gram);
std::string character_n_gram_string(const text::NormalisedText& text, std::size_t begin, std::size_t end);

}  // namespace textlambda::features
