#include "textlambda/corpus/formats/csv_header.h"

#include <algorithm>
#include <set>
#include <string>

#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

// A name: short, no sentence.
bool looks_like_name(std::string_view cell) {
  const std::string_view name = text::trimmed(cell);
  return name.size() <= 40 && !is_number(name) && std::count(name.begin(), name.end(), ' ') <= 2 &&
         name.find_first_of("?!,;:\"\n") == std::string_view::npos && (name.empty() || name.back() != '.');
}

// Like a variable's: without blanks and marks of sentences, but for those that separate words.
bool is_one_word(std::string_view cell) {
  return !cell.empty() && cell.size() <= 40 && !is_number(cell) && cell.find_first_of("0123456789") != 0 &&
         cell.find_first_of(" \t?!,;:\"'\n()[]{}<>@") == std::string_view::npos && cell.back() != '.' &&
         cell.front() != '.' && cell.front() != '-';
}

// What a first row has of a header, held against the rows below it.
struct Evidence {
  bool names = true;
  bool single_words = true;
  bool text_known = false;
  bool label_known = false;
  bool text_compound = false;     // "review_text"
  std::size_t compounds = 0;      // cells that are known, or whose last word is
  bool above_numbers = false;     // no number itself
  bool above_labels = false;      // above values that come again (or one value everywhere), and none of them
  bool above_few_labels = false;  // above few values that come again and again
  bool above_texts = false;       // much shorter than what is below
};

Evidence weigh(const std::vector<CsvCells>& rows, const std::vector<ColumnProfile>& later) {
  constexpr std::size_t kOften = 10;
  const CsvCells& first = rows.front();
  Evidence evidence;
  evidence.above_texts = first.size() == 1;
  for (std::size_t index = 0; index < first.size(); ++index) {
    const std::string_view cell = text::trimmed(first[index]);
    evidence.names = evidence.names && looks_like_name(cell);
    evidence.single_words = evidence.single_words && cell.find_first_of(" \t\n") == std::string_view::npos;
    if (cell.empty()) continue;
    const ColumnProfile& column = later[index];
    evidence.text_known = evidence.text_known || is_exact_text_name(cell);
    evidence.label_known = evidence.label_known || is_exact_label_name(cell);
    const bool compound_text = is_text_name(cell);
    evidence.text_compound = evidence.text_compound || compound_text;
    if (compound_text || is_label_name(cell)) ++evidence.compounds;
    evidence.above_numbers = evidence.above_numbers || (column.all_numbers() && !is_number(cell));
    const bool labels = column.looks_like_labels();
    evidence.above_labels = evidence.above_labels || labels || column.constant();
    evidence.above_few_labels = evidence.above_few_labels || (labels && column.filled() >= kOften * column.distinct());
    evidence.above_texts = evidence.above_texts || column.mean_length() > 2.0 * static_cast<double>(cell.size());
  }
  return evidence;
}

bool comes_again(const std::vector<CsvCells>& rows) {
  // Put behind another file, one brings its byte order mark along.
  CsvCells marked = rows.front();
  marked.front().insert(0, text::kByteOrderMark);
  return std::any_of(rows.begin() + 1, rows.end(),
                     [&](const CsvCells& row) { return row == rows.front() || row == marked; });
}

}  // namespace

bool looks_like_header(const std::vector<CsvCells>& rows) {
  const CsvCells& first = rows.front();
  const std::vector<ColumnProfile> later = profile_columns(rows, 1, first.size());
  const Evidence evidence = weigh(rows, later);
  const bool both_known = evidence.text_known && evidence.label_known && first.size() > 1;
  bool repeats = false;  // a value of the first row comes again: it is one like the others
  for (std::size_t index = 0; index < first.size(); ++index) {
    const std::string_view cell = text::trimmed(first[index]);
    repeats = repeats || (!cell.empty() && later[index].contains(cell));
  }
  // Files with a header each, one after another in one file.
  if (repeats) return (both_known || (evidence.text_known && evidence.single_words)) && comes_again(rows);
  if (both_known) return true;
  const bool known = evidence.text_known || evidence.label_known;
  const bool unlike = evidence.above_labels || evidence.above_numbers;
  if (evidence.names) {
    if (known && (evidence.single_words || evidence.above_texts || evidence.above_numbers)) return true;
    if (evidence.single_words && (evidence.compounds > 1 || evidence.text_compound)) return true;
    if (rows.size() > 2 && unlike && evidence.above_texts) return true;
  }
  if (rows.size() > 2 && evidence.above_numbers && (evidence.compounds > 0 || evidence.above_texts)) return true;
  return evidence.above_few_labels;
}

bool has_columns_of(std::string_view first, std::string_view second) {
  if (second.empty()) return false;
  for (const char delimiter : {',', ';', '\t'}) {
    if (!header_line(first, delimiter).names) continue;
    const CsvSyntax syntax{delimiter, '\n', true};
    CsvRow names;
    CsvRow cells;
    split_row(first.data(), first.data() + first.size(), syntax, names);
    split_row(second.data(), second.data() + second.size(), syntax, cells);
    if (names.cells.size() == cells.cells.size()) return true;
  }
  return false;
}

HeaderLine header_line(std::string_view line, char delimiter) {
  HeaderLine header;
  std::set<std::string_view> names;
  std::size_t cells = 0;
  header.names = true;
  while (true) {
    const std::size_t end = std::min(line.find(delimiter), line.size());
    std::string_view cell = line.substr(0, end);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    // pandas leaves the cell above its row numbers empty, or calls it "Unnamed: 0".
    const bool index = cells == 0 && (cell.empty() || cell.starts_with("Unnamed: "));
    if (!index && !is_one_word(cell)) header.names = false;
    if (is_exact_text_name(cell)) header.text_known = true;
    names.insert(cell);
    ++cells;
    if (end == line.size()) break;
    line.remove_prefix(end + 1);
  }
  header.names = header.names && cells > 1 && names.size() == cells;
  header.text_known = header.text_known && header.names;
  return header;
}

}  // namespace textlambda::corpus
