// Apart from the rest of TextTerms: serving needs neither.
#include <xxhash.h>

#include "textlambda/features/n_gram_hash.h"
#include "textlambda/features/text_terms.h"
#include "textlambda/text/tokenizer.h"

namespace textlambda::features {

std::uint64_t TextTerms::fingerprint() const { return XXH3_64bits(text_.data(), text_.size() * sizeof(char32_t)); }

std::uint64_t TextTerms::gist() const {
  std::uint64_t gist = 0;  // a sum: the order of the words does not matter
  std::uint64_t word = kWordSeed;
  bool letters = false;  // in the word that is read: "b12" is a name, "12" a number
  for (const char32_t* at = text_.data(); at != text_.data() + text_.size(); ++at) {
    const text::CharacterClass kind = text::character_class(*at);
    if (kind == text::CharacterClass::word) {
      word = (word ^ *at) * kMultiplier;  // well mixed when the word is done
      letters = letters || *at < '0' || *at > '9';
      continue;
    }
    // Always: the text ends with a space.
    if (letters) gist += hash_finish(word);
    word = kWordSeed;
    letters = false;
    if (kind == text::CharacterClass::ideograph) gist += hash_finish(hash_step(kCharacterSeed, *at));
  }
  return gist != 0 ? gist : fingerprint();
}

}  // namespace textlambda::features
