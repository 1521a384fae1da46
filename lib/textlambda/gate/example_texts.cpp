#include "textlambda/gate/example_texts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/model/explanation.h"
#include "textlambda/text/utf8.h"

namespace textlambda::gate {
namespace {

// The whole code points of the first kTextShown bytes; `text` is valid UTF-8.
std::string shortened(std::string_view text) {
  if (text.size() <= kTextShown) return std::string(text);
  return std::string(text::utf8_front(text, kTextShown)) + "…";
}

std::optional<std::size_t> number_of(const model::Classifier& classifier, const std::string& label) {
  for (std::size_t i = 0; i < classifier.label_count(); ++i) {
    if (classifier.label(i) == label) return i;
  }
  return std::nullopt;
}

void fill(const model::Classifier& classifier, std::string_view text, ExampleRow& row) {
  row.text = shortened(text);
  const std::optional<std::size_t> label = number_of(classifier, row.predicted);
  if (!label) return;
  row.reasons = model::explain(classifier, text, *label).contributions;
  // What spoke for the label first. Where the bias decided nothing did, and what spoke against it is more telling than
  // traces of support.
  constexpr float kTrace = 0.05F;
  std::stable_partition(row.reasons.begin(), row.reasons.end(),
                        [](const model::Contribution& reason) { return reason.logit >= kTrace; });
  if (row.reasons.size() > kReasonsShown) row.reasons.resize(kReasonsShown);
}

class WantedRows {
 public:
  explicit WantedRows(const corpus::RowSource& corpus) : corpus_(corpus) {}

  void want(ExampleRow& row) {
    const corpus::RowSource::Place place = corpus_.find(row.row);
    wanted_[place.partition][place.row].push_back(&row);
  }

  void read(const model::Classifier& classifier, const io::Executor& executor) {
    std::vector<std::size_t> partitions;
    for (const auto& [partition, rows] : wanted_) partitions.push_back(partition);
    executor.run(partitions.size(), [&](std::size_t item, unsigned) {
      const std::size_t partition = partitions[item];
      const auto& rows = wanted_.at(partition);
      std::size_t left = rows.size();
      corpus_.read(partition, [&](const corpus::Example& example) {
        const auto found = rows.find(example.row);
        if (found == rows.end()) return true;
        for (ExampleRow* row : found->second) fill(classifier, example.text, *row);
        return --left > 0;
      });
      corpus_.release(partition);
    });
  }

 private:
  const corpus::RowSource& corpus_;
  // A partition: its rows, and the examples to fill from each.
  std::map<std::size_t, std::map<std::uint64_t, std::vector<ExampleRow*>>> wanted_;
};

}  // namespace

void add_example_texts(const model::Classifier& classifier, const corpus::RowSource& corpus,
                       const io::Executor& executor, Comparison& comparison) {
  WantedRows rows(corpus);
  for (std::vector<Flip>* flips : {&comparison.newly_wrong, &comparison.newly_right}) {
    for (std::size_t i = 0; i < std::min(flips->size(), kFlipsWithText); ++i) rows.want((*flips)[i].row);
  }
  for (ExampleRow& row : comparison.errors) rows.want(row);
  rows.read(classifier, executor);
}

}  // namespace textlambda::gate
