// The rows that recognition of CSV and TSV looks at: the first ones, and some from all over the input, since a file may
// be sorted. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "textlambda/corpus/column_choice.h"
#include "textlambda/corpus/formats/csv_row.h"
#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {

using CsvCells = std::vector<std::string>;

struct SampleRows {
  std::vector<CsvCells> rows;
  std::size_t faults = 0;
  std::size_t after_first = 0;  // offset in the sample past the first row
  std::size_t end = 0;          // and past the last one
};

// The first kSampleRows rows.
SampleRows split_sample(const Sample& sample, const CsvSyntax& syntax);

// A few rows at each of many places behind `after`: those of the usual width, where the place turns out not to be
// inside a quoted cell.
std::vector<CsvCells> spread_rows(const Sample& sample, const CsvSyntax& syntax, std::size_t after, std::size_t width);

// How many columns most rows have, and how many rows have as many.
struct CsvWidth {
  std::size_t columns = 0;
  std::size_t rows = 0;
};
CsvWidth usual_width(const std::vector<CsvCells>& rows);

// Named by their numbers, from the rows from `first` on.
std::vector<ColumnProfile> profile_columns(const std::vector<CsvCells>& rows, std::size_t first, std::size_t width);

// Whether quotes in TSV are quotes. They are where the file shows it: every row of a column has them, quotes are
// doubled inside, or a cell in them holds tabs or line ends that would break its row otherwise. Where lines are whole
// rows read without quotes, and would be swallowed with them, quotes are characters.
bool tsv_uses_quotes(const Sample& sample);

}  // namespace textlambda::corpus
