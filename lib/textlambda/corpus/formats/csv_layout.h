// What the rows of a CSV or TSV tell of it: delimiter, quotes, header, columns. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "textlambda/corpus/column_choice.h"
#include "textlambda/corpus/formats/csv_row.h"
#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {

struct CsvLayout {
  CsvSyntax syntax;
  bool header = false;
  std::vector<std::string> header_cells;  // trimmed; where there is a header
  std::size_t after_header = 0;           // bytes of the sample before the first row
  std::size_t width = 0;                  // columns
  std::size_t text_column = kNoColumn;
  std::size_t label_column = kNoColumn;
  std::vector<std::size_t> columns;     // CorpusOptions::columns
  std::string text;                     // name, or number, of the text's column
  std::string label;                    // likewise; empty where there is none
  std::string label_prefix;             // fastText's, where every label has it: no part of the label
  std::set<std::string> sample_labels;  // of the rows that were looked at
};

// Whether the name's ending speaks for columns, whatever they are separated by.
bool named_delimited(const Sample& sample);

// What the first line "sep=;", which spreadsheets write and read, says; none where there is no such line.
std::optional<char> said_by_separator_line(const Sample& sample);

// 0 where `delimiter` does not fit, else higher where it fits better, up to 2.5.
double delimiter_score(const Sample& sample, char delimiter, const CorpusOptions& options);

// Throws Error(input_output) where there are no rows or no such columns.
CsvLayout lay_out_csv(const Sample& sample, char delimiter, const CorpusOptions& options);

}  // namespace textlambda::corpus
