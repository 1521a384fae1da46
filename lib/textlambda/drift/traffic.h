// Texts that a function was given, from a corpus without labels or from recorded events, as the model sees them.
#pragma once

#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/sketch.h"
#include "textlambda/traffic/reader.h"

namespace textlambda::drift {

struct Traffic {
  model::Sketch sketch;
  traffic::EventCounts events;
};

// Of traffic::read(); `reading` says where the texts are. Throws Error as the readers do.
Traffic read_traffic(const model::Classifier& classifier, const std::vector<std::string>& paths,
                     const corpus::CorpusOptions& reading, const io::Executor& executor,
                     const metrics::Progress& progress);

}  // namespace textlambda::drift
