// Cuts CSV and TSV with quotes into chunks: they have to be read whole, since a line's end inside quotes ends no row.
#pragma once

#include <cstddef>
#include <string_view>

#include "textlambda/corpus/formats/csv_row.h"

namespace textlambda::corpus {

// Walks from one quoted cell to the next, by the same rules as split_row. Not thread-safe.
class CsvCutter {
 public:
  // `begin`: of the first row.
  CsvCutter(std::string_view input, std::size_t begin, const CsvSyntax& syntax)
      : input_(input), begin_(begin), syntax_(syntax) {}

  // The end of the chunk that starts at `begin`, a row's start.
  std::size_t chunk_end(std::size_t begin);

 private:
  // The next quote at or after `position` that opens a cell. Remembered, so that a file without quotes is read once.
  std::size_t next_opening(std::size_t position);
  bool opens_cell(std::size_t quote) const;
  bool follows_blank(std::size_t position) const;

  std::string_view input_;
  std::size_t begin_;
  CsvSyntax syntax_;
  std::size_t known_from_ = 1;
  std::size_t known_ = 0;
};

}  // namespace textlambda::corpus
