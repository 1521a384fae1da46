// Whether unlabelled texts are of the labelled ones' kind: a classifier two-sample test (Lopez-Paz and Oquab,
// "Revisiting classifier two-sample tests", ICLR 2017). A naive Bayes classifier is taught to tell the two apart by
// their words on one half of both, and asked about the other half.
#pragma once

#include <cstdint>
#include <span>

#include "textlambda/train/document_counts.h"

namespace textlambda::train {

// The area under the ROC curve: the probability that of a labelled and an unlabelled text it knows which is which. 0.5
// where there is no difference, 1 where there is nothing but. 0.5 for fewer than four of either. As many of both are
// looked at, 2,000 at most, chosen at random, always the same. Terms are words, `term_count` different ones; blocks
// hold them in memory.
double distinguishability(std::span<const DocumentBlock> labelled, std::span<const DocumentBlock> unlabelled,
                          std::size_t term_count);

}  // namespace textlambda::train
