// Lists of words to leave out of the features.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "textlambda/text/normaliser.h"

namespace textlambda::features {

// About 130 English function words (articles, prepositions, pronouns, auxiliaries), one a line.
std::string_view english_stop_words();

// The sorted hashes FeatureOptions::stop_words holds, from words separated by white space, normalised and cut like
// any text ("don't" names the words "don" and "t"); punctuation is never a stop word. `words` must be valid UTF-8.
std::vector<std::uint64_t> hash_stop_words(std::string_view words, const text::NormaliserOptions& options);

}  // namespace textlambda::features
