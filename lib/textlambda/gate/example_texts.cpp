#include "textlambda/gate/example_texts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/io/parallel.h"
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

class Lines {
 public:
  explicit Lines(const corpus::Corpus& corpus) : corpus_(corpus), starts_(corpus.chunk_starts()) {}

  void want(ExampleRow& row) {
    for (std::size_t input = 0; input < corpus_.inputs().size(); ++input) {
      if (corpus_.inputs()[input].name != row.location.file) continue;
      // The last chunk that starts before the line.
      const auto after = std::upper_bound(starts_.begin(), starts_.end(), std::pair(input, row.location.line - 1),
                                          [](const auto& wanted, const corpus::Corpus::ChunkStart& start) {
                                            return wanted < std::pair(start.input, std::uint64_t{start.lines_before});
                                          });
      if (after == starts_.begin()) return;
      const auto chunk = static_cast<std::size_t>(after - starts_.begin()) - 1;
      wanted_[chunk][row.location.line - starts_[chunk].lines_before].push_back(&row);
      return;
    }
  }

  void read(const model::Classifier& classifier, unsigned threads) {
    std::vector<std::size_t> chunks;
    for (const auto& [chunk, lines] : wanted_) chunks.push_back(chunk);
    io::parallel_for(chunks.size(), threads, [&](std::size_t item, unsigned) {
      const std::size_t chunk = chunks[item];
      const auto& lines = wanted_.at(chunk);
      std::size_t left = lines.size();
      corpus_.read_chunk(chunk, [&](const corpus::Example& example) {
        const auto found = lines.find(example.line);
        if (found == lines.end()) return true;
        for (ExampleRow* row : found->second) fill(classifier, example.text, *row);
        return --left > 0;
      });
      corpus_.release_chunk(chunk);
    });
  }

 private:
  const corpus::Corpus& corpus_;
  std::vector<corpus::Corpus::ChunkStart> starts_;
  // A chunk: its lines, and the rows to fill from each.
  std::map<std::size_t, std::map<std::uint64_t, std::vector<ExampleRow*>>> wanted_;
};

}  // namespace

void add_example_texts(const model::Classifier& classifier, const corpus::Corpus& corpus, unsigned threads,
                       Comparison& comparison) {
  Lines lines(corpus);
  for (std::vector<Flip>* flips : {&comparison.newly_wrong, &comparison.newly_right}) {
    for (std::size_t i = 0; i < std::min(flips->size(), kFlipsWithText); ++i) lines.want((*flips)[i].row);
  }
  for (ExampleRow& row : comparison.errors) lines.want(row);
  lines.read(classifier, threads);
}

}  // namespace textlambda::gate
