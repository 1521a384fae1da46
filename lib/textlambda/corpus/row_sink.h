// Where readers hand their rows: checks what every format has in common, counts, and applies OnBadRow. One per call of
// Corpus::read; not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/corpus.h"

namespace textlambda::corpus {

class RowSink {
 public:
  using Visit = RowSource::Visit;
  using Locate = std::function<Location(std::uint64_t line)>;

  // All three have to outlive the sink.
  RowSink(const CorpusOptions& options, const Visit& visit, const Locate& locate)
      : options_(options), visit_(visit), locate_(locate), columns_(options.columns.size()) {}

  // Both return false where reading has to end. `text`, `label` and columns() are valid UTF-8.
  bool deliver(std::uint64_t line, std::string_view text, std::string_view label, bool repaired);

  // `reason()` makes the message: only the first ten are ever needed. Throws Error(input_output) under OnBadRow::stop.
  template <typename Reason>
  bool reject(std::uint64_t line, const Reason& reason) {
    const std::uint64_t row = row_number();
    ++summary_.bad_row_count;
    const bool wanted = options_.on_bad_row != OnBadRow::skip || summary_.bad_rows.size() < kReasonsKept;
    return wanted ? note_bad_row({row, line, reason()}) : true;
  }

  // To be filled by the reader before deliver().
  std::vector<std::string_view>& columns() { return columns_; }
  const PartitionSummary& summary() const { return summary_; }
  // The rows so far, good and bad: the number of the next.
  std::uint64_t row_number() const { return summary_.rows + summary_.bad_row_count; }
  // Whether the visitor ended the reading before its time.
  bool stopped() const { return stopped_; }

 private:
  static constexpr std::size_t kReasonsKept = 10;
  bool note_bad_row(BadRow row);
  bool visit(const Example& example) {
    stopped_ = !visit_(example);
    return !stopped_;
  }

  const CorpusOptions& options_;
  const Visit& visit_;
  const Locate& locate_;
  std::vector<std::string_view> columns_;
  PartitionSummary summary_;
  bool stopped_ = false;
};

}  // namespace textlambda::corpus
