// Texts that a function was given, from a corpus without labels or from recorded events, as the model sees them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/sketch.h"

namespace textlambda::drift {

struct Traffic {
  model::Sketch sketch;
  std::uint64_t events = 0;               // of recordings
  std::uint64_t events_without_text = 0;  // of those: unusable, or nothing to classify by contract
  std::string first_without;              // the first of them, "file:line: reason"
  std::uint64_t repaired_rows = 0;
};

// Each path is a corpus (lines, CSV, JSON Lines …) or holds recorded events: a folder, a glob, a zip, or a file whose
// first value is a recording, an event of a known source or a log. "-" is standard input. Throws Error as the readers
// do.
Traffic read_traffic(const model::Classifier& classifier, const std::vector<std::string>& paths,
                     const corpus::CorpusOptions& reading, const io::Executor& executor,
                     const metrics::Progress& progress);

}  // namespace textlambda::drift
