// The rows that a store has been told, as a corpus.
#pragma once

#include "textlambda/corpus/corpus.h"
#include "textlambda/store/feedback.h"

namespace textlambda::retrain {

// Throws Error(input_output) that names the file and the line of what was written there by another hand and is no row.
corpus::Corpus feedback_corpus(store::FeedbackRows rows);

}  // namespace textlambda::retrain
