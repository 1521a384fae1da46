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

// Rows of one kind: how many, and the line of the first.
struct Finding {
  std::uint64_t count = 0;
  std::uint64_t first_line = 0;  // within the partition

  void add(std::uint64_t line) {
    if (count++ == 0) first_line = line;
  }
};

// What is worth a warning in what was read.
struct RowFindings {
  Finding headers;   // in the middle of the rows
  Finding row_like;  // cells that may have swallowed rows
  Finding repaired;  // broken UTF-8
};

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
  const RowFindings& findings() const { return findings_; }
  // A row that is no row of data: the header once more.
  void pass_header(std::uint64_t line) { findings_.headers.add(line); }
  // A row one of whose cells holds lines that look like rows themselves.
  void suspect(std::uint64_t line) { findings_.row_like.add(line); }
  // What to say of a label that is not UTF-8; has to outlive the sink.
  void advise(std::string_view advice) { advice_ = advice; }
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
  RowFindings findings_;
  std::string_view advice_;
  bool stopped_ = false;
};

}  // namespace textlambda::corpus
