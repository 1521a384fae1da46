// Every text of a corpus with its group, as the model that is written will say: what --out has, and what the report
// counts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/classifier.h"
#include "textlambda/topics/report.h"

namespace textlambda::topics {

struct AssignedText {
  std::string_view text;
  std::string_view label;
  double confidence = 0;
};

// A line for a text; called by several threads.
using Render = std::function<std::string(const AssignedText& text)>;
// Takes the lines of some texts, in the corpus's order, from the caller's thread.
using Sink = std::function<void(const std::string& lines)>;

// A text that shows what a group is about: the `rank`-th of them.
struct Typical {
  std::uint32_t group = 0;  // a number of the report's
  std::uint32_t rank = 0;
};

// What is known of a corpus's texts by their numbers.
struct TextNumbers {
  std::vector<std::uint64_t> first;        // a partition: texts before it
  std::vector<std::uint8_t> is_duplicate;  // a text: nearly that of an earlier one
  std::unordered_map<std::uint64_t, Typical> typical;
};

// Fills `report`: the groups' counts, examples and overlaps, what rows were skipped. Its groups have the classifier's
// labels. `render` and `sink` may be empty.
void assign_texts(const model::Classifier& classifier, const corpus::RowSource& corpus, const TextNumbers& numbers,
                  const io::Executor& executor, const Render& render, const Sink& sink, TopicReport& report);

}  // namespace textlambda::topics
