// Splits CSV and TSV into cells as RFC 4180 says, with what real files need on top:
//
//  * A quote is special only where it opens a cell; elsewhere it is a character like others.
//  * A quoted cell closes at a quote that a delimiter, a line's end or the input's end follows. One that does not close
//    so (text follows its closing quote, or no quote comes within 16 MiB) makes its row bad, and reading goes on with
//    the line after the one where the quote opened. So one stray quote loses one row, never the rest of the file.
//  * Blanks before a quote are passed over where the cell then closes properly in the same line; else they and the
//    quote are characters.
//  * CRLF ends a line like LF.
//
// Pure functions, thread-safe; cells point into the input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::corpus {

struct CsvSyntax {
  char delimiter = ',';
  char line_end = '\n';
  bool quoting = true;
};

struct CsvCell {
  std::string_view bytes;  // without the enclosing quotes
  bool quoted = false;
  bool doubled = false;  // has "" inside, each one quote
};

enum class CsvFault { none, text_after_quote, unbalanced_quote };

struct CsvRow {
  std::vector<CsvCell> cells;  // reused; of a blank line: none
  CsvFault fault = CsvFault::none;
  std::uint64_t fault_line = 0;  // lines between the row's start and the quote that does not close
  std::uint64_t lines = 0;       // that the row takes
  const char* next = nullptr;    // start of the row after it
};

// Reads the row at `begin` (< end). `end` is the end of the input or of a chunk.
void split_row(const char* begin, const char* end, const CsvSyntax& syntax, CsvRow& row);

// Past the quote that closes the cell opened by the quote at `open`; nullptr if it does not close properly.
const char* find_quoted_end(const char* open, const char* end, const CsvSyntax& syntax, bool& doubled);

// Past the blanks that a cell at `position` starts with, where a quote follows them that closes properly before
// `line_end`; `position` itself otherwise.
const char* skip_blanks_before_quote(const char* position, const char* line_end, const CsvSyntax& syntax);

// The cell's content: in place, or in `buffer` where quotes were doubled.
std::string_view cell_content(const CsvCell& cell, std::string& buffer);

// The way back: the content as a cell, in quotes where it needs them. Reading it gives the content again.
std::string csv_field(std::string_view field);

}  // namespace textlambda::corpus
