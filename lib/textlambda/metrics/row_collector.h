// Gathers the judged rows of a corpus chunk by chunk: a ChunkRows a chunk, filled by one thread, merged in the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/row_key.h"
#include "textlambda/metrics/judged_rows.h"

namespace textlambda::metrics {

struct ChunkRows {
  struct Column {
    std::map<std::string, std::uint32_t, std::less<>> numbers;  // of the values, in the order they were met
    std::vector<std::uint32_t> rows;
  };
  std::vector<JudgedRow> rows;  // truths number the chunk's unknown labels from kUnknownLabel on
  std::vector<Column> columns;
  features::RowKeys keys;
};

class RowCollector {
 public:
  // The corpus has to outlive the collector.
  explicit RowCollector(const corpus::RowSource& corpus);

  // Thread-safe for different chunks.
  void add(std::size_t chunk, const corpus::Example& example, const Outcome& outcome);
  // Takes the memory for so many numbers at once.
  void reserve_log_probabilities(std::size_t count) { log_probabilities_.reserve(count); }
  // Of a chunk's examples, one a label; the chunks in order. Not thread-safe.
  void add_log_probabilities(std::span<const float> log_probabilities);

  // All rows, in canonical order. `unknown_labels`: a chunk, the names that its truths from kUnknownLabel on stand for.
  JudgedRows finish(std::vector<std::string> model_labels, const std::vector<std::vector<std::string>>& unknown_labels);

 private:
  void move_columns(JudgedRows& rows);

  const corpus::RowSource& corpus_;
  std::vector<ChunkRows> chunks_;
  std::vector<float> log_probabilities_;
};

}  // namespace textlambda::metrics
