#include "textlambda/corpus/formats/csv_layout.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/row_sink.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

using Row = std::vector<std::string>;

struct SampleRows {
  std::vector<Row> rows;
  std::size_t faults = 0;
  std::size_t after_first = 0;  // offset in the sample past the first row
};

std::string valid_copy(std::string_view bytes) {
  std::string buffer;
  return std::string(text::repair_utf8(bytes, buffer).text);
}

SampleRows split_sample(const Sample& sample, const CsvSyntax& syntax) {
  SampleRows result;
  const char* position = sample.bytes.data();
  const char* const end = position + sample.bytes.size();
  CsvRow row;
  std::string buffer;
  while (position != end && result.rows.size() + result.faults < kSampleRows) {
    split_row(position, end, syntax, row);
    position = row.next;
    if (row.fault != CsvFault::none) {
      ++result.faults;
    } else if (!row.cells.empty()) {
      Row& cells = result.rows.emplace_back();
      for (const CsvCell& cell : row.cells) cells.push_back(valid_copy(cell_content(cell, buffer)));
      if (result.rows.size() == 1) result.after_first = static_cast<std::size_t>(position - sample.bytes.data());
    }
  }
  return result;
}

// How many columns most rows have, and how many rows have as many.
struct Width {
  std::size_t columns = 0;
  std::size_t rows = 0;
};

Width usual_width(const std::vector<Row>& rows) {
  std::map<std::size_t, std::size_t> counts;
  for (const Row& row : rows) ++counts[row.size()];
  Width usual;
  for (const auto& [columns, count] : counts) {
    if (count > usual.rows) usual = {columns, count};
  }
  return usual;
}

// A tool that quotes does it everywhere, or where a tab, quote or line end needs it. Quotes in TSV that fit neither are
// characters of the text.
bool tsv_uses_quotes(const Sample& sample) {
  const CsvSyntax syntax{'\t', sample.line_end, true};
  const char* position = sample.bytes.data();
  const char* const end = position + sample.bytes.size();
  CsvRow row;
  std::size_t rows = 0;
  std::size_t faults = 0;
  std::size_t needed = 0;
  std::vector<std::size_t> quoted_cells;
  while (position != end) {
    split_row(position, end, syntax, row);
    position = row.next;
    if (row.fault != CsvFault::none) ++faults;
    if (row.fault != CsvFault::none || row.cells.empty()) continue;
    ++rows;
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
  return (needed > 0 || everywhere) && 10 * faults <= needed + rows && faults <= needed + (everywhere ? rows : 0);
}

// A name: short, no sentence.
bool looks_like_name(const std::string& cell) {
  const std::string_view name = text::trimmed(cell);
  return name.size() <= 40 && !is_number(name) && std::count(name.begin(), name.end(), ' ') <= 2 &&
         name.find_first_of("?!,;:\"\n") == std::string_view::npos && (name.empty() || name.back() != '.');
}

std::vector<ColumnProfile> profile_columns(const std::vector<Row>& rows, std::size_t first, std::size_t width) {
  std::vector<ColumnProfile> columns;
  for (std::size_t index = 0; index < width; ++index) columns.emplace_back(std::to_string(index + 1));
  for (std::size_t row = first; row < rows.size(); ++row) {
    for (std::size_t index = 0; index < std::min(width, rows[row].size()); ++index) {
      columns[index].add(rows[row][index]);
    }
  }
  return columns;
}

// Whether the first row names the columns: by known names; else by being unlike the rows that follow.
bool looks_like_header(const std::vector<Row>& rows) {
  const Row& first = rows.front();
  if (!std::all_of(first.begin(), first.end(), looks_like_name)) return false;
  const std::vector<ColumnProfile> later = profile_columns(rows, 1, first.size());
  bool known = false;
  bool unlike = false;
  bool text_unlike = first.size() == 1;
  for (std::size_t index = 0; index < first.size(); ++index) {
    const std::string_view cell = text::trimmed(first[index]);
    if (cell.empty()) continue;
    if (later[index].contains(cell)) return false;  // a value like the others
    known = known || is_text_name(cell) || is_label_name(cell);
    // A word above numbers, or a value that never comes again above values that do.
    unlike = unlike || later[index].all_numbers() || later[index].looks_like_labels();
    text_unlike = text_unlike || later[index].mean_length() > 2.0 * static_cast<double>(cell.size());
  }
  return known || (rows.size() > 2 && unlike && text_unlike);
}

std::size_t find_column(const Row& header, const std::string& name) {
  for (std::size_t index = 0; index < header.size(); ++index) {
    if (text::trimmed(header[index]) == text::trimmed(name)) return index;
  }
  return kNoColumn;
}

std::size_t column_number(const std::string& name, std::size_t width) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  return whole && number >= 1 && number <= width ? number - 1 : kNoColumn;
}

bool names_a_column(const Row& first, const CorpusOptions& options) {
  const auto named = [&](const std::string& name) {
    return !name.empty() && column_number(name, first.size()) == kNoColumn && find_column(first, name) != kNoColumn;
  };
  return named(options.text) || named(options.label) ||
         std::any_of(options.columns.begin(), options.columns.end(), named);
}

// The column that the user called `name`; kNoColumn where that is empty.
std::size_t given_column(const Sample& sample, const CsvLayout& layout, const Row& header, const std::string& name) {
  if (name.empty()) return kNoColumn;
  std::size_t column = layout.header ? find_column(header, name) : kNoColumn;
  if (column == kNoColumn) column = column_number(name, layout.width);
  if (column != kNoColumn) return column;
  std::string message = "no column " + in_quotes(name) + ": ";
  if (layout.header) {
    message += "found " + list_in_quotes(header);
  } else {
    message += "there is no header, columns are called 1 to ";
    message += std::to_string(layout.width);
  }
  io::throw_input(message, sample.name);
}

std::vector<ColumnProfile> named_profiles(const SampleRows& split, const CsvLayout& layout) {
  std::vector<ColumnProfile> columns = profile_columns(split.rows, layout.header ? 1 : 0, layout.width);
  for (std::size_t index = 0; layout.header && index < layout.width; ++index) {
    columns[index].rename(std::string(text::trimmed(split.rows.front()[index])));
  }
  return columns;
}

}  // namespace

bool named_delimited(const Sample& sample) { return sample.extension == "csv" || sample.extension == "tsv"; }

double delimiter_score(const Sample& sample, char delimiter, const CorpusOptions& options) {
  const CsvSyntax syntax{delimiter, sample.line_end, delimiter != '\t' || tsv_uses_quotes(sample)};
  const SampleRows split = split_sample(sample, syntax);
  if (split.rows.empty()) return 0;
  const Row& first = split.rows.front();
  const Width usual = usual_width(split.rows);
  const bool extension =
      (delimiter == '\t') == (sample.extension == "tsv") && (sample.extension == "tsv" || sample.extension == "csv");
  const bool header_said = options.header.value_or(false);
  const bool known_header = first.size() == usual.columns && names_a_column(first, options)
                                ? true
                                : first.size() == usual.columns && looks_like_header(split.rows) &&
                                      std::any_of(first.begin(), first.end(), is_text_name);
  // One column is a CSV only where something says so.
  if (usual.columns < 2) {
    const bool always = usual.rows == split.rows.size();
    return !options.need_label && delimiter == ',' && ((known_header && always) || extension) ? 0.1 : 0;
  }
  // Without the need for a label, lines of prose with a comma each would pass for CSV.
  if (!options.need_label && delimiter != '\t' && !known_header && !extension && !header_said && options.text.empty()) {
    return 0;
  }
  const double same = static_cast<double>(usual.rows) / static_cast<double>(split.rows.size() + split.faults);
  if (same < (known_header || extension ? 0.5 : 0.8)) return 0;
  return same + (known_header ? 1.0 : 0.0) + (extension ? 0.5 : 0.0);
}

CsvLayout lay_out_csv(const Sample& sample, char delimiter, const CorpusOptions& options) {
  CsvLayout layout;
  layout.syntax = {delimiter, sample.line_end, delimiter != '\t' || tsv_uses_quotes(sample)};
  const SampleRows split = split_sample(sample, layout.syntax);
  if (split.rows.empty()) io::throw_input("no row can be read: unbalanced quotes", sample.name);
  const Row& first = split.rows.front();
  layout.header = options.header.value_or(names_a_column(first, options) || looks_like_header(split.rows));
  layout.width = layout.header ? first.size() : usual_width(split.rows).columns;
  if (layout.header) {
    layout.after_header = split.after_first;
    if (text::is_blank(sample.bytes.substr(split.after_first))) {
      io::throw_input("has a header and no rows", sample.name);
    }
  }

  const std::vector<ColumnProfile> columns = named_profiles(split, layout);
  ChoiceContext context;
  context.file = sample.name;
  context.noun = "column";
  context.need_label = options.need_label;
  context.may_compare = true;
  context.given = {given_column(sample, layout, first, options.text),
                   given_column(sample, layout, first, options.label)};
  const ColumnChoice choice = choose_columns(columns, context);
  layout.text_column = choice.text;
  layout.label_column = choice.label;
  layout.text = columns[choice.text].name();
  if (choice.label != kNoColumn) layout.label = columns[choice.label].name();
  for (const std::string& name : options.columns) {
    layout.columns.push_back(given_column(sample, layout, first, name));
  }
  return layout;
}

}  // namespace textlambda::corpus
