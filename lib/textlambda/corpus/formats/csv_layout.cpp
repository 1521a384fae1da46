#include "textlambda/corpus/formats/csv_layout.h"

#include <algorithm>
#include <charconv>

#include "textlambda/corpus/formats/csv_header.h"
#include "textlambda/corpus/formats/csv_sample.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/row_sink.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

// Bytes of the sample that a line "sep=;" takes.
std::size_t separator_line_bytes(const Sample& sample) {
  if (!said_by_separator_line(sample)) return 0;
  return std::min(sample.bytes.find(sample.line_end), sample.bytes.size() - 1) + 1;
}

// The sample without it.
Sample of_rows(const Sample& sample) {
  const std::size_t skipped = separator_line_bytes(sample);
  Sample rows = sample;
  rows.bytes.remove_prefix(skipped);
  rows.whole.remove_prefix(skipped);
  return rows;
}

CsvSyntax syntax_of(const Sample& sample, char delimiter, const CorpusOptions& options) {
  const bool quoting = options.quotes.value_or(delimiter != '\t' || tsv_uses_quotes(sample));
  return {delimiter, sample.line_end, quoting};
}

std::size_t count_named(const CsvCells& header, const std::string& name) {
  return static_cast<std::size_t>(std::count_if(header.begin(), header.end(), [&](const std::string& cell) {
    return text::trimmed(cell) == text::trimmed(name);
  }));
}

std::size_t find_column(const CsvCells& header, const std::string& name) {
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

bool names_a_column(const CsvCells& first, const CorpusOptions& options) {
  if (!options.column_names.empty()) return false;
  const auto named = [&](const std::string& name) {
    return !name.empty() && column_number(name, first.size()) == kNoColumn && find_column(first, name) != kNoColumn;
  };
  return named(options.text) || named(options.label) ||
         std::any_of(options.columns.begin(), options.columns.end(), named);
}

// What columns are called: as the options or the header say; nothing where neither does.
CsvCells names_of(const CsvLayout& layout, const CsvCells& first, const CorpusOptions& options) {
  if (!options.column_names.empty()) return options.column_names;
  return layout.header ? first : CsvCells();
}

[[noreturn]] void throw_ambiguous(const Sample& sample, const CsvCells& names, std::size_t column, const char* option) {
  std::string numbers;
  std::size_t last = 0;
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (text::trimmed(names[index]) != text::trimmed(names[column])) continue;
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(index + 1);
    last = index + 1;
  }
  io::throw_input("columns " + numbers + " are all called " + in_quotes(names[column]) + ": say which by its number, " +
                      option + " " + std::to_string(last),
                  sample.name);
}

// The column that the user called `name`; kNoColumn where that is empty.
std::size_t given_column(const Sample& sample, std::size_t width, const CsvCells& names, const std::string& name,
                         const char* option) {
  if (name.empty()) return kNoColumn;
  std::size_t column = find_column(names, name);
  if (column != kNoColumn && count_named(names, name) > 1) throw_ambiguous(sample, names, column, option);
  if (column == kNoColumn) column = column_number(name, width);
  if (column != kNoColumn) return column;
  std::string message = "no column " + in_quotes(name) + ": ";
  if (!names.empty()) {
    message += "found " + list_in_quotes(names);
  } else {
    message += "there is no header, columns are called 1 to ";
    message += std::to_string(width);
  }
  io::throw_input(message, sample.name);
}

void require_one_name(const Sample& sample, const CsvCells& names, std::size_t column, const std::string& given,
                      const char* option) {
  if (names.empty() || column == kNoColumn || !given.empty() || text::trimmed(names[column]).empty()) return;
  if (count_named(names, names[column]) > 1) throw_ambiguous(sample, names, column, option);
}

void lay_out_header(const Sample& sample, const SampleRows& split, const std::vector<CsvCells>& rows,
                    const CorpusOptions& options, CsvLayout& layout) {
  const CsvCells& first = split.rows.front();
  const bool recognised = names_a_column(first, options) || (options.column_names.empty() && looks_like_header(rows));
  layout.header = options.header.value_or(recognised);
  layout.width = layout.header ? first.size() : usual_width(split.rows).columns;
  if (!options.column_names.empty() && options.column_names.size() != layout.width) {
    io::throw_input("has " + std::to_string(layout.width) + (layout.width == 1 ? " column" : " columns") +
                        ", --columns names " + std::to_string(options.column_names.size()),
                    sample.name);
  }
  if (!layout.header) return;
  layout.after_header += split.after_first;
  for (const std::string& cell : first) layout.header_cells.emplace_back(text::trimmed(cell));
  if (text::is_blank(sample.bytes.substr(split.after_first))) io::throw_input("has a header and no rows", sample.name);
}

void look_at_labels(const std::vector<CsvCells>& rows, const CorpusOptions& options, CsvLayout& layout) {
  std::size_t labelled = 0;
  std::size_t prefixed = 0;
  for (std::size_t row = layout.header ? 1 : 0; row < rows.size(); ++row) {
    if (layout.label_column >= rows[row].size()) continue;
    const std::string_view label = text::trimmed(rows[row][layout.label_column]);
    if (label.empty()) continue;
    ++labelled;
    if (label.starts_with(options.label_prefix) && label.size() > options.label_prefix.size()) ++prefixed;
    layout.sample_labels.emplace(label);
  }
  if (labelled > 0 && prefixed == labelled) layout.label_prefix = options.label_prefix;
}

}  // namespace

bool named_delimited(const Sample& sample) { return sample.extension == "csv" || sample.extension == "tsv"; }

std::optional<char> said_by_separator_line(const Sample& sample) {
  std::string_view line = sample.bytes.substr(0, std::min<std::size_t>(sample.bytes.find(sample.line_end), 16));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  const bool said = line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP="));
  return said ? std::optional(line.back()) : std::nullopt;
}

double delimiter_score(const Sample& all, char delimiter, const CorpusOptions& options) {
  const std::optional<char> said = options.delimiter ? options.delimiter : said_by_separator_line(all);
  if (said && *said != delimiter) return 0;
  const Sample sample = of_rows(all);
  const CsvSyntax syntax = syntax_of(sample, delimiter, options);
  const SampleRows split = split_sample(sample, syntax);
  if (split.rows.empty()) return 0;
  if (said) return 2;
  const CsvCells& first = split.rows.front();
  const CsvWidth usual = usual_width(split.rows);
  const bool extension =
      (delimiter == '\t') == (sample.extension == "tsv") && (sample.extension == "tsv" || sample.extension == "csv");
  const bool header_said = options.header.value_or(false) || !options.column_names.empty();
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

CsvLayout lay_out_csv(const Sample& all, char delimiter, const CorpusOptions& options) {
  CsvLayout layout;
  const Sample sample = of_rows(all);
  layout.after_header = separator_line_bytes(all);
  layout.syntax = syntax_of(sample, delimiter, options);
  const SampleRows split = split_sample(sample, layout.syntax);
  if (split.rows.empty()) io::throw_input("no row can be read: unbalanced quotes", sample.name);
  std::vector<CsvCells> rows = split.rows;
  const std::vector<CsvCells> others = spread_rows(sample, layout.syntax, split.end, usual_width(split.rows).columns);
  rows.insert(rows.end(), others.begin(), others.end());
  lay_out_header(sample, split, rows, options, layout);

  const CsvCells names = names_of(layout, split.rows.front(), options);
  std::vector<ColumnProfile> columns = profile_columns(rows, layout.header ? 1 : 0, layout.width);
  for (std::size_t index = 0; index < std::min(names.size(), columns.size()); ++index) {
    columns[index].rename(std::string(text::trimmed(names[index])));
  }
  ChoiceContext context;
  context.file = sample.name;
  context.noun = "column";
  context.need_label = options.need_label;
  context.may_compare = true;
  context.given = {given_column(sample, layout.width, names, options.text, "--text"),
                   given_column(sample, layout.width, names, options.label, "--label")};
  const ColumnChoice choice = choose_columns(columns, context);
  require_one_name(sample, names, choice.text, options.text, "--text");
  require_one_name(sample, names, choice.label, options.label, "--label");
  layout.text_column = choice.text;
  layout.label_column = choice.label;
  layout.text = columns[choice.text].name();
  if (choice.label != kNoColumn) layout.label = columns[choice.label].name();
  for (const std::string& name : options.columns) {
    layout.columns.push_back(given_column(sample, layout.width, names, name, "as"));
  }
  look_at_labels(rows, options, layout);
  return layout;
}

}  // namespace textlambda::corpus
