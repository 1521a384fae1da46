// Whether the first row of a CSV or TSV names its columns. Pure, thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "textlambda/corpus/formats/csv_sample.h"

namespace textlambda::corpus {

// By known names; else by being unlike the rows that follow: words above numbers, a value that never comes again above
// a few that do, short words above long texts.
bool looks_like_header(const std::vector<CsvCells>& rows);

// Of a line alone, where nothing else is there yet: at least two names without blanks, at `delimiter`.
struct HeaderLine {
  bool names = false;       // all cells are such names, no two of them alike
  bool text_known = false;  // and one is a usual name of a text
};
HeaderLine header_line(std::string_view line, char delimiter);

// Whether `first` is such a line, and `second` has as many cells.
bool has_columns_of(std::string_view first, std::string_view second);

}  // namespace textlambda::corpus
