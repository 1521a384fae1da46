// What was recognised of one input: all that its reader needs. Immutable once made, shared by threads.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/csv_row.h"
#include "textlambda/corpus/field_tree.h"

namespace textlambda::corpus {

// No row is longer than this: a longer one is bad. It bounds every buffer and every search for a closing quote.
constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;

constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();

struct Dialect {
  Format format = Format::automatic;
  char line_end = '\n';   // '\r' where the input has no '\n' at all
  std::size_t begin = 0;  // of the first row: after a byte order mark and the header
  std::string text;       // name (or number) of the text and label columns or fields; label empty where there is none
  std::string label;

  // CSV and TSV
  CsvSyntax csv;
  bool header = false;
  std::size_t width = 0;
  std::size_t text_column = kNoColumn;
  std::size_t label_column = kNoColumn;
  std::vector<std::size_t> columns;  // CorpusOptions::columns

  // JSON Lines: target 0 is the text, 1 the label, 2… CorpusOptions::columns
  FieldTree fields;
};

}  // namespace textlambda::corpus
