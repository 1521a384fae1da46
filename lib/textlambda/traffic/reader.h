// Texts that a function was given, whatever holds them: a corpus without labels, or recorded events.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/corpus.h"

namespace textlambda::traffic {

struct Visitor {
  // A corpus is handed over whole, so that several threads may read it; of events come the texts, one by one.
  std::function<void(const corpus::Corpus&)> corpus;
  std::function<void(std::string_view)> text;
  std::function<void(double share)> progress;  // of one input's events; may be empty
};

struct EventCounts {
  std::uint64_t events = 0;        // of recordings
  std::uint64_t without_text = 0;  // of those: unusable, or nothing to classify by contract
  std::string first_without;       // the first of them, "file:line: reason"

  // A line about those without a text; empty where there are none.
  std::string remark() const;
};

// Each path is a corpus (lines, CSV, JSON Lines …) or holds recorded events: a folder, a glob, a zip, or a file whose
// first value is a recording, an event of a known source or a log. "-" is standard input. Throws Error as the readers
// do.
EventCounts read(const std::vector<std::string>& paths, const corpus::CorpusOptions& reading, const Visitor& visitor);

// How a corpus is read where its texts alone matter.
corpus::CorpusOptions without_labels(corpus::CorpusOptions reading);

}  // namespace textlambda::traffic
