#include "textlambda/corpus/formats/csv_sample.h"

#include <algorithm>
#include <map>

#include "textlambda/corpus/line_cursor.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kPlaces = 32;
constexpr std::size_t kRowsAPlace = 16;

CsvCells cells_of(const CsvRow& row) {
  std::string content;
  std::string repair;
  CsvCells cells;
  cells.reserve(row.cells.size());
  for (const CsvCell& cell : row.cells) {
    cells.emplace_back(text::repair_utf8(cell_content(cell, content), repair).text);
  }
  return cells;
}

struct Place {
  std::vector<CsvCells> rows;
  std::size_t others = 0;     // faults, and rows of another width
  const char* end = nullptr;  // past the last row read
};

Place read_place(const char* begin, const char* end, const CsvSyntax& syntax, std::size_t width) {
  Place place;
  CsvRow row;
  while (begin != end && place.rows.size() + place.others < kRowsAPlace) {
    split_row(begin, end, syntax, row);
    begin = row.next;
    if (row.fault == CsvFault::none && row.cells.empty()) continue;
    if (row.fault == CsvFault::none && row.cells.size() == width) {
      place.rows.push_back(cells_of(row));
    } else {
      ++place.others;
    }
  }
  place.end = begin;
  return place;
}

// The start of the next row, were `begin` inside a quoted cell.
const char* after_quoted_cell(const char* begin, const char* end, const CsvSyntax& syntax) {
  const char* const limit = std::min(end, begin + std::min<std::ptrdiff_t>(end - begin, std::ptrdiff_t{1} << 16));
  for (const char* quote = begin; quote != limit; ++quote) {
    if (*quote != '"') continue;
    if (quote + 1 != limit && quote[1] == '"') {
      ++quote;
      continue;
    }
    if (quote + 1 == limit) return end;
    CsvRow rest;
    const bool cell_follows = quote[1] == syntax.delimiter && quote + 2 != limit;
    split_row(quote + (cell_follows ? 2 : 1), end, syntax, rest);
    return rest.next;
  }
  return end;
}

// What a group of lines that quotes make one row comes to without them.
std::size_t whole_rows_in(std::string_view group, const CsvSyntax& literal, std::size_t width) {
  std::size_t whole = 0;
  CsvRow row;
  for (const char* at = group.data(); at != group.data() + group.size(); at = row.next) {
    split_row(at, group.data() + group.size(), literal, row);
    if (row.cells.size() == width) ++whole;
  }
  return whole;
}

std::size_t usual_literal_width(const Sample& sample, const CsvSyntax& literal) {
  std::map<std::size_t, std::size_t> counts;
  CsvRow row;
  const char* const end = sample.bytes.data() + sample.bytes.size();
  for (const char* at = sample.bytes.data(); at != end; at = row.next) {
    split_row(at, end, literal, row);
    if (!row.cells.empty()) ++counts[row.cells.size()];
  }
  std::size_t width = 0;
  for (const auto& [columns, count] : counts) {
    if (width == 0 || count > counts[width]) width = columns;
  }
  return width;
}

}  // namespace

SampleRows split_sample(const Sample& sample, const CsvSyntax& syntax) {
  SampleRows result;
  const char* position = sample.bytes.data();
  const char* const end = position + sample.bytes.size();
  CsvRow row;
  while (position != end && result.rows.size() + result.faults < kSampleRows) {
    split_row(position, end, syntax, row);
    position = row.next;
    if (row.fault != CsvFault::none) {
      ++result.faults;
    } else if (!row.cells.empty()) {
      result.rows.push_back(cells_of(row));
      if (result.rows.size() == 1) result.after_first = static_cast<std::size_t>(position - sample.bytes.data());
    }
  }
  result.end = static_cast<std::size_t>(position - sample.bytes.data());
  return result;
}

std::vector<CsvCells> spread_rows(const Sample& sample, const CsvSyntax& syntax, std::size_t after, std::size_t width) {
  std::vector<CsvCells> rows;
  const std::string_view whole = sample.whole;
  const char* const end = whole.data() + whole.size();
  const char* least = whole.data() + std::min(after, whole.size());
  const std::size_t step = (whole.size() - std::min(after, whole.size())) / kPlaces;
  for (std::size_t place = 0; place < kPlaces && least != end; ++place) {
    const char* begin = std::max(least, whole.data() + after + place * step);
    // A place is in the middle of a line, unless it follows the rows before it.
    if (begin != least) begin = std::find(begin, end, syntax.line_end);
    if (begin != end && begin != least) ++begin;
    Place read = read_place(begin, end, syntax, width);
    if (10 * read.others > read.rows.size() && syntax.quoting) {
      read = read_place(after_quoted_cell(begin, end, syntax), end, syntax, width);
    }
    if (10 * read.others > read.rows.size()) continue;
    least = read.end;
    std::move(read.rows.begin(), read.rows.end(), std::back_inserter(rows));
  }
  return rows;
}

CsvWidth usual_width(const std::vector<CsvCells>& rows) {
  std::map<std::size_t, std::size_t> counts;
  for (const CsvCells& row : rows) ++counts[row.size()];
  CsvWidth usual;
  for (const auto& [columns, count] : counts) {
    if (count > usual.rows) usual = {columns, count};
  }
  return usual;
}

std::vector<ColumnProfile> profile_columns(const std::vector<CsvCells>& rows, std::size_t first, std::size_t width) {
  std::vector<ColumnProfile> columns;
  for (std::size_t index = 0; index < width; ++index) columns.emplace_back(std::to_string(index + 1));
  for (std::size_t row = first; row < rows.size(); ++row) {
    for (std::size_t index = 0; index < std::min(width, rows[row].size()); ++index) {
      columns[index].add(rows[row][index]);
    }
  }
  return columns;
}

bool tsv_uses_quotes(const Sample& sample) {
  if (sample.bytes.find('"') == std::string_view::npos) return false;
  const CsvSyntax syntax{'\t', sample.line_end, true};
  const CsvSyntax literal{'\t', sample.line_end, false};
  const std::size_t width = usual_literal_width(sample, literal);
  const char* position = sample.bytes.data();
  const char* const end = position + sample.bytes.size();
  CsvRow row;
  std::size_t rows = 0;
  std::size_t faults = 0;
  std::size_t needed = 0;
  std::size_t swallowing = 0;
  std::vector<std::size_t> quoted_cells;
  while (position != end) {
    split_row(position, end, syntax, row);
    const std::string_view lines(position, static_cast<std::size_t>(row.next - position));
    position = row.next;
    if (row.fault != CsvFault::none) ++faults;
    if (row.fault != CsvFault::none || row.cells.empty()) continue;
    ++rows;
    if (row.lines > 1 && whole_rows_in(lines, literal, width) > 1) {
      ++swallowing;
      continue;
    }
    quoted_cells.resize(std::max(quoted_cells.size(), row.cells.size()));
    for (std::size_t index = 0; index < row.cells.size(); ++index) {
      const CsvCell& cell = row.cells[index];
      if (!cell.quoted) continue;
      ++quoted_cells[index];
      if (cell.doubled || cell.bytes.find_first_of("\t\r\n") != std::string_view::npos) ++needed;
    }
  }
  const bool everywhere = std::any_of(quoted_cells.begin(), quoted_cells.end(), [&](std::size_t count) {
    return count > 0 && 10 * count >= 9 * std::max<std::size_t>(rows - 1, 1);  // but for a header
  });
  if (swallowing > 0) return false;
  return (needed > 0 || everywhere) && 10 * faults <= needed + rows && faults <= needed + (everywhere ? rows : 0);
}

}  // namespace textlambda::corpus
