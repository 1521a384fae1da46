// Which tokens of a text are negated: the few that follow a negator, as in Das and Chen ("Yahoo! for Amazon", 2001) and
// Pang, Lee and Vaithyanathan ("Thumbs up?", EMNLP 2002), but no further than `scope` tokens (docs/learning.md).
// Negators are words of English and Chinese; they are part of the model file's format (docs/model-format.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "textlambda/features/n_gram_hash.h"
#include "textlambda/text/tokenizer.h"

namespace textlambda::features {

namespace detail {

inline constexpr const char32_t* kNegators[] = {
    U"not",     U"no",      U"nor",      U"never",  U"none",   U"nothing", U"nobody", U"neither", U"cannot",
    U"without", U"lack",    U"lacks",    U"hardly", U"barely", U"dont",    U"doesnt", U"didnt",   U"cant",
    U"couldnt", U"wont",    U"aint",     U"isnt",   U"arent",  U"wasnt",   U"werent", U"hasnt",   U"havent",
    U"hadnt",   U"wouldnt", U"shouldnt", U"不",     U"没",     U"沒",      U"无",     U"無",      U"未"};
inline constexpr const char32_t* kContrasts[] = {U"but", U"但"};

enum class Negation : unsigned char { none, negator, contrast };

// Hashes of tokens, in a table with open addressing: nearly every token of a text meets an empty place.
class NegationTable {
 public:
  constexpr NegationTable() {
    for (const char32_t* word : kNegators) add_spellings(word, Negation::negator);
    for (const char32_t* word : kContrasts) add_spellings(word, Negation::contrast);
  }

  constexpr Negation find(std::uint64_t token_hash) const {
    for (std::size_t at = token_hash >> (64 - kBits); hashes_[at] != 0; at = (at + 1) % kSize) {
      if (hashes_[at] == token_hash) return kinds_[at];
    }
    return Negation::none;
  }

 private:
  static constexpr unsigned kBits = 9;
  static constexpr std::size_t kSize = std::size_t{1} << kBits;

  constexpr void add(std::uint64_t token_hash, Negation kind) {
    std::size_t at = token_hash >> (64 - kBits);
    while (hashes_[at] != 0 && hashes_[at] != token_hash) at = (at + 1) % kSize;
    hashes_[at] = token_hash;
    kinds_[at] = kind;
  }

  // As it stands, Capitalised and in CAPITALS: for models that keep case.
  constexpr void add_spellings(const char32_t* word, Negation kind) {
    std::array<char32_t, 16> letters{};
    std::size_t length = 0;
    for (; word[length] != 0; ++length) letters[length] = word[length];
    add(hash_token(letters.data(), letters.data() + length), kind);
    for (std::size_t i = 0; i < length; ++i) {
      if (letters[i] >= U'a' && letters[i] <= U'z') letters[i] -= U'a' - U'A';
      if (i == 0 || i + 1 == length) add(hash_token(letters.data(), letters.data() + length), kind);
    }
  }

  std::array<std::uint64_t, kSize> hashes_{};
  std::array<Negation, kSize> kinds_{};
};

inline constexpr NegationTable kNegationTable;

constexpr bool ends_clause(char32_t code) {
  return code == U'.' || code == U',' || code == U';' || code == U':' || code == U'!' || code == U'?' ||
         code == U'\u3001' || code == U'\u3002';
}

}  // namespace detail

// Follows one text, token by token.
class NegationScope {
 public:
  explicit NegationScope(int scope) : scope_(scope) {}

  // Takes the next token, of this hash (hash_token); whether it is negated.
  bool take(const char32_t* begin, const char32_t* end, std::uint64_t token_hash) {
    const bool single = end - begin == 1;
    const bool contraction = after_apostrophe_ && single && (*begin == U't' || *begin == U'T');  // isn't, won't
    after_apostrophe_ = after_n_ && single && (*begin == U'\'' || *begin == U'\u2019');
    after_n_ = end[-1] == U'n' || end[-1] == U'N';
    const detail::Negation kind = detail::kNegationTable.find(token_hash);
    if (contraction || kind == detail::Negation::negator) {
      left_ = scope_;
      return false;
    }
    if (left_ == 0) return false;
    if (kind == detail::Negation::contrast || detail::ends_clause(*begin)) {
      left_ = 0;
      return false;
    }
    if (text::character_class(*begin) == text::CharacterClass::punctuation)
      return false;  // neither negated nor counted
    --left_;
    return true;
  }

 private:
  int scope_;
  int left_ = 0;
  bool after_n_ = false;
  bool after_apostrophe_ = false;
};

}  // namespace textlambda::features
