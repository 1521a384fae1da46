// Groups that somebody has names for, by words that tell them or by some texts that are in them: such a text is put
// there, and stays there while the others are found (K. Nigam and others' labelled documents, mixture.h; the words as
// in J. Jagarlamudi, H. Daumé III and R. Udupa, "Incorporating lexical priors into topic models", EACL 2012).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/topics/collection.h"
#include "textlambda/topics/options.h"

namespace textlambda::topics {

struct KnownGroups {
  std::vector<std::string> names;     // those with words first, then other labels by their bytes; no two alike
  std::vector<std::uint32_t> labels;  // a labelled text: the number of its label among the names
  corpus::RowFaults faults;           // of the labelled texts
};

// `labelled` may be null. Throws Error as the source does.
KnownGroups read_known_groups(const std::vector<SeedLabel>& seeds, const corpus::RowSource* labelled);

struct FixedTexts {
  std::vector<std::uint32_t> groups;    // a distinct text: the number of its group's name, or kNoGroup; empty: no names
  std::vector<std::uint32_t> labelled;  // numbers of distinct texts that are fixed by a label, rising
};

// Of a collection whose last texts are the labelled ones. Labels go before words; a text with words, or labels, of two
// groups is in none. Throws Error(mismatch) for a group without such a text.
FixedTexts fix_texts(const Collection& collection, const std::vector<SeedLabel>& seeds, const KnownGroups& known);

}  // namespace textlambda::topics
