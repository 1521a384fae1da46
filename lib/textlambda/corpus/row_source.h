// Rows of text and label, wherever they come from: what training, evaluation and prediction read. A source is cut into
// partitions that threads may read in any order, as often as they like; the cut does not depend on the threads. A row's
// identity is its input and its ordinal there; its line is for messages.
//
// Corpus (corpus.h) reads files, MemorySource (memory_source.h) holds its rows.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::corpus {

// Which row of which input. Bad rows have an ordinal too, so that it does not depend on what is done with them.
struct RowId {
  std::size_t input = 0;      // index into RowSource::inputs()
  std::uint64_t ordinal = 0;  // rows of that input before it

  auto operator<=>(const RowId&) const = default;  // NOLINT(modernize-use-nullptr): the compiler's own 0
};

// One row. The views are valid only during the call that delivers it.
struct Example {
  std::string_view text;                         // valid UTF-8
  std::string_view label;                        // valid UTF-8; empty where there is none
  const std::vector<std::string_view>* columns;  // RowSource::columns(), in that order
  std::uint64_t row;                             // rows of the partition before it: see RowSource::identify()
  std::uint64_t line;                            // 1-based line within the partition: see RowSource::locate()
  std::string_view bad_reason;                   // OnBadRow::deliver: why the row cannot be used; else empty
};

struct Location {
  std::string file;
  std::uint64_t line = 0;  // 1-based
};

// A bad row that was left out, for whoever is told of it.
struct SkippedRow {
  Location location;
  std::string reason;  // BadRow's
};

struct BadRow {
  std::uint64_t row = 0;  // both within the partition, as Example's
  std::uint64_t line = 0;
  std::string reason;  // "no field \"label\"", "unbalanced quote", …
};

// What reading a partition came to.
struct PartitionSummary {
  std::uint64_t rows = 0;           // delivered
  std::uint64_t repaired_rows = 0;  // delivered with broken UTF-8 repaired
  std::uint64_t bad_row_count = 0;  // skipped, or delivered with a reason
  std::vector<BadRow> bad_rows;     // the first ten of them
};

// What was recognised of one input, for the training card and messages.
struct InputDescription {
  std::string name;
  std::string format;  // "csv", "jsonl", …
  bool header = false;
  std::string text;   // the column or field used: its name, else its number
  std::string label;  // empty where there is none
  std::uint64_t bytes = 0;
  std::string encoding;  // "utf-8", or what was converted to it
  char delimiter = 0;    // of CSV and TSV
};

// Const calls are thread-safe.
class RowSource {
 public:
  // Returns false to stop early.
  using Visit = std::function<bool(const Example&)>;

  // Where a row is found: its partition, and the rows of that before it.
  struct Place {
    std::size_t partition = 0;
    std::uint64_t row = 0;
  };

  virtual ~RowSource() = default;

  virtual const std::vector<InputDescription>& inputs() const = 0;
  // Names of the further columns that come with each row.
  virtual const std::vector<std::string>& columns() const = 0;
  // SHA-256 in hexadecimal over what the source holds: the same rows, the same digest.
  virtual std::string sha256() const = 0;

  // Partitions hold whole rows of one input each and follow the order of the inputs.
  virtual std::size_t partition_count() const = 0;
  // Delivers the rows of one partition in order.
  virtual PartitionSummary read(std::size_t partition, const Visit& visit) const = 0;
  // So many partitions from this one on are not needed again soon (a hint, which costs as much for many as for one).
  virtual void release(std::size_t /*partition*/, std::size_t /*count*/) const {}
  void release(std::size_t partition) const { release(partition, 1); }

  virtual std::size_t input_of(std::size_t partition) const = 0;
  // Rows of the partition's input before it. Costs a reading of those partitions that were not yet read to their end.
  virtual std::uint64_t rows_before(std::size_t partition) const = 0;
  // File and line of a row, from the line that read() gave: for messages.
  virtual Location locate(std::size_t partition, std::uint64_t line) const = 0;

  // Identity from what read() gave, and the way back; `id` is a row of this source. Cost as rows_before().
  RowId identify(std::size_t partition, std::uint64_t row) const;
  Place find(const RowId& id) const;

  // Of all inputs.
  std::uint64_t bytes() const;

 protected:
  RowSource() = default;
  RowSource(const RowSource&) = default;
  RowSource& operator=(const RowSource&) = default;
  RowSource(RowSource&&) = default;
  RowSource& operator=(RowSource&&) = default;
};

// What was wrong with the rows of several partitions.
struct RowFaults {
  static constexpr std::size_t kMostTold = 10;

  std::uint64_t repaired_rows = 0;
  std::uint64_t bad_row_count = 0;
  std::vector<SkippedRow> bad_rows;  // the first kMostTold

  // Of one more partition of `source`, in their order.
  void add(const RowSource& source, std::size_t partition, const PartitionSummary& summary);
};

}  // namespace textlambda::corpus
