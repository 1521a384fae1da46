#include "textlambda/features/stop_words.h"

#include <algorithm>

#include "textlambda/features/n_grams.h"
#include "textlambda/text/tokenizer.h"

namespace textlambda::features {

std::string_view english_stop_words() {
  return "a about above after again all also am an and any are as at be because been before being below between both "
         "but by can could did do does doing down during each few for from further had has have having he her here "
         "hers herself him himself his how i if in into is it its itself just me more most my myself now of off on "
         "once only or other our ours ourselves out over own same she should so some such than that the their theirs "
         "them themselves then there these they this those through to too under until up very was we were what when "
         "where which while who whom why will with would you your yours yourself yourselves";
}

std::vector<std::uint64_t> hash_stop_words(std::string_view words, const text::NormaliserOptions& options) {
  text::NormalisedText text;
  text.assign(words, options);
  std::vector<std::uint64_t> hashes;
  text::for_each_token(text.data(), text.size(), [&](std::size_t begin, std::size_t end) {
    if (text::character_class(text.data()[begin]) == text::CharacterClass::punctuation) return;
    hashes.push_back(hash_token(text.data() + begin, text.data() + end));
  });
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

}  // namespace textlambda::features
