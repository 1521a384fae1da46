// What a group of texts is called: the words and pairs of words that tell its texts from all others, by the divergence
// p·ln(p/q) + (1 − p)·ln((1 − p)/(1 − q)), p and q being the shares of texts inside and outside that have the n-gram.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/collection.h"

namespace textlambda::topics {

struct GroupTerm {
  std::string text;
  double inside = 0;   // share of the group's texts that have it
  double outside = 0;  // of the others
};

inline constexpr std::size_t kTermsPerGroup = 10;

// Of each of `k` groups its terms, the most telling first, kTermsPerGroup at most. `texts`: numbers of distinct texts
// of the collection, `groups` the group of each. Of many texts a sample is looked at. None contains another; words that
// stand in nearly every text of most groups, function words of English at either end, single letters, bare numbers and
// punctuation are no names.
std::vector<std::vector<GroupTerm>> name_groups(const corpus::RowSource& corpus, const Collection& collection,
                                                std::span<const std::uint32_t> texts,
                                                std::span<const std::uint32_t> groups, std::size_t k,
                                                const io::Executor& executor);

// A label for each group out of its terms, "card payment, pending, merchant"; no two alike. A group without terms is
// "group N", by its number from 1.
std::vector<std::string> make_labels(const std::vector<std::vector<GroupTerm>>& terms);

}  // namespace textlambda::topics
