// What a pile of texts is about: groups, their names, and a model that sorts further texts into them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/assignment.h"
#include "textlambda/topics/options.h"
#include "textlambda/topics/report.h"

namespace textlambda::topics {

enum class Stage { read, group, assign };
using Progress = std::function<void(Stage stage, double share)>;

struct TopicResult {
  std::string model;  // the bytes of the file
  TopicReport report;
};

// Throws Error(usage) for a k that cannot be, Error(input_output) as the source does and for texts that cannot be
// grouped: one, all equal, fewer different ones than `k`, without a word in common. Error(mismatch) as fix_texts()
// does. `labelled`: texts that are grouped along, each in the group of its label, and not counted or rendered
// (seeds.h); null: none. Model and report depend on both, options and version alone. `render` and `sink` see every text
// of `corpus` with its group (assignment.h); either may be empty.
TopicResult find_topics(const corpus::RowSource& corpus, const corpus::RowSource* labelled, const TopicOptions& options,
                        const io::Executor& executor, const Progress& progress, const Render& render, const Sink& sink);

}  // namespace textlambda::topics
