// CSV and TSV as RFC 4180 says, with what real files need on top: see csv_row.h. Commas or semicolons; tabs. A first
// row that names the columns is a header.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "textlambda/corpus/chunk_utf8.h"
#include "textlambda/corpus/formats/csv_cutter.h"
#include "textlambda/corpus/formats/csv_header.h"
#include "textlambda/corpus/formats/csv_layout.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/formats/line_chunks.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

struct FieldBuffer {
  std::string content;
  std::string repair;
};

std::string columns_of(std::size_t count) { return std::to_string(count) + (count == 1 ? " column" : " columns"); }

std::string fault_reason(CsvFault fault) {
  return fault == CsvFault::text_after_quote ? "text after a closing quote (a quote inside a quoted cell is doubled)"
                                             : "unbalanced quote";
}

// Hands the rows of one chunk to a sink.
class RowTaker {
 public:
  RowTaker(std::string_view chunk, const CsvLayout& layout, RowSink& sink)
      : layout_(layout), sink_(sink), utf8_(chunk), columns_(layout.columns.size()) {}

  // `lines`: the row as it stands in the input.
  bool take(const CsvRow& row, std::uint64_t line, std::string_view lines) {
    if (row.fault != CsvFault::none) {
      return sink_.reject(line + row.fault_line, [&] { return fault_reason(row.fault); });
    }
    if (row.cells.size() != layout_.width) {
      return sink_.reject(line,
                          [&] { return columns_of(row.cells.size()) + ", expected " + std::to_string(layout_.width); });
    }
    const std::string_view text = content(row, layout_.text_column, text_);
    std::string_view label = content(row, layout_.label_column, label_);
    if (layout_.header && is_header_name(text)) {
      if (is_header(row)) {
        sink_.pass_header(line);
        return true;
      }
      if (is_other_header(row)) {
        return sink_.reject(line, [] { return std::string("the header once more, its columns in another order"); });
      }
    }
    if (row.lines > 1 && holds_rows(lines)) sink_.suspect(line);
    if (!layout_.label_prefix.empty() && text::trimmed(label).starts_with(layout_.label_prefix)) {
      label = text::trimmed(label).substr(layout_.label_prefix.size());
    }
    for (std::size_t index = 0; index < columns_.size(); ++index) {
      sink_.columns()[index] = content(row, layout_.columns[index], columns_[index]);
    }
    return sink_.deliver(line, text, label, utf8_.take_repaired());
  }

 private:
  // Nearly every text is told from a column's name by its length.
  bool is_header_name(std::string_view text) const {
    return std::any_of(layout_.header_cells.begin(), layout_.header_cells.end(), [&](const std::string& name) {
      return text.size() >= name.size() && text.size() <= name.size() + 8 && without_mark(text) == name;
    });
  }

  // A file that was put behind another one may bring its byte order mark along.
  static std::string_view without_mark(std::string_view cell) {
    return text::trimmed(text::without_byte_order_mark(text::trimmed(cell)));
  }

  std::vector<std::string> header_like_cells(const CsvRow& row) const {
    std::vector<std::string> cells;
    std::string buffer;
    for (const CsvCell& cell : row.cells) cells.emplace_back(without_mark(cell_content(cell, buffer)));
    // With its mark in front, a quoted cell is none.
    if (!cells.empty() && cells[0].size() > 1 && cells[0].front() == '"' && cells[0].back() == '"') {
      cells[0] = cells[0].substr(1, cells[0].size() - 2);
    }
    return cells;
  }

  bool is_header(const CsvRow& row) const { return header_like_cells(row) == layout_.header_cells; }

  bool is_other_header(const CsvRow& row) const {
    const std::vector<std::string> cells = header_like_cells(row);
    return cells.size() > 1 &&
           std::is_permutation(cells.begin(), cells.end(), layout_.header_cells.begin(), layout_.header_cells.end());
  }

  // More than one line of the row is a row itself, with a label that others have.
  bool holds_rows(std::string_view lines) const {
    if (layout_.label_column == kNoColumn) return false;
    const CsvSyntax literal{layout_.syntax.delimiter, layout_.syntax.line_end, false};
    std::size_t found = 0;
    CsvRow line;
    const char* const end = lines.data() + lines.size();
    for (const char* at = lines.data(); at != end; at = line.next) {
      split_row(at, end, literal, line);
      if (line.cells.size() != layout_.width) continue;
      std::string_view label = text::trimmed(line.cells[layout_.label_column].bytes);
      if (label.size() > 1 && label.front() == '"' && label.back() == '"') label = label.substr(1, label.size() - 2);
      if (layout_.sample_labels.contains(std::string(label)) && ++found > 1) return true;
    }
    return false;
  }

  std::string_view content(const CsvRow& row, std::size_t column, FieldBuffer& buffer) {
    if (column >= row.cells.size()) return {};
    return utf8_.repair(cell_content(row.cells[column], buffer.content), buffer.repair);
  }

  const CsvLayout& layout_;
  RowSink& sink_;
  ChunkUtf8 utf8_;
  FieldBuffer text_;
  FieldBuffer label_;
  std::vector<FieldBuffer> columns_;
};

class CsvReader final : public InputReader {
 public:
  CsvReader(const Sample& sample, CsvLayout layout)
      : InputReader(sample.begin + layout.after_header, sample.line_end), layout_(std::move(layout)) {}

  void describe(InputDescription& description) const override {
    description.header = layout_.header;
    description.text = layout_.text;
    description.label = layout_.label;
    description.delimiter = layout_.syntax.delimiter;
  }

  std::vector<ChunkRange> cut(std::string_view input, const std::string&, std::size_t begin,
                              const Passed& passed) const override {
    if (!layout_.syntax.quoting) return cut_lines(input, begin, line_end());
    std::vector<ChunkRange> chunks;
    CsvCutter cutter(input, begin, layout_.syntax);
    while (begin < input.size()) {
      const std::size_t end = cutter.chunk_end(begin);
      chunks.push_back({begin, end});
      passed(chunks.back());
      begin = end;
    }
    return chunks;
  }

  void read(const ChunkBytes& bytes, RowSink& sink) const override {
    RowTaker taker(bytes.chunk, layout_, sink);
    const char* position = bytes.chunk.data();
    const char* const end = position + bytes.chunk.size();
    CsvRow row;
    std::uint64_t line = 1;
    while (position != end) {
      split_row(position, end, layout_.syntax, row);
      const bool too_long = static_cast<std::size_t>(row.next - position) > kMaxRowBytes;
      if (too_long) {
        if (!sink.reject(line, [] { return std::string("a row longer than 16 MiB"); })) return;
      } else if (row.fault != CsvFault::none || !row.cells.empty()) {
        const std::string_view lines(position, static_cast<std::size_t>(row.next - position));
        if (!taker.take(row, line, lines)) return;
      }
      position = row.next;
      line += row.lines;
    }
  }

 private:
  CsvLayout layout_;
};

struct Delimiter {
  char byte = ',';
  double score = 0;
};

// Whether blanks follow all of them, as in sentences.
bool only_in_prose(const Sample& sample, char mark) {
  std::size_t found = 0;
  for (std::size_t at = sample.bytes.find(mark); at != std::string_view::npos; at = sample.bytes.find(mark, at + 1)) {
    if (at + 1 == sample.bytes.size() || sample.bytes[at + 1] != ' ') return false;
    ++found;
  }
  return found > 0;
}

Delimiter best_of_csv(const Sample& sample, const CorpusOptions& options) {
  const std::optional<char> said = options.delimiter ? options.delimiter : said_by_separator_line(sample);
  if (said) return {*said, delimiter_score(sample, *said, options)};
  const Delimiter comma{',', delimiter_score(sample, ',', options)};
  const Delimiter semicolon{';', delimiter_score(sample, ';', options)};
  const bool semicolons = semicolon.score > comma.score ||
                          (semicolon.score > 0 && semicolon.score == comma.score && only_in_prose(sample, ','));
  const Delimiter best = semicolons ? semicolon : comma;
  const Delimiter bar{'|', best.score > 0 ? 0 : delimiter_score(sample, '|', options)};
  return bar.score > 0 ? bar : best;
}

constexpr std::array<std::string_view, 1> kCsvEndings = {"csv"};
constexpr std::array<std::string_view, 1> kTsvEndings = {"tsv"};

double graded(const Sample& sample, const CorpusOptions& options, double score) {
  if (options.delimiter || said_by_separator_line(sample)) return score > 0 ? kNamed + score : kNoFit;
  return score > 0 && named_delimited(sample) ? kNamed + score : score;
}

bool may_be_delimited(const Sample& sample, const CorpusOptions& options) {
  if (named_delimited(sample) || options.delimiter || said_by_separator_line(sample)) return true;
  // Objects between commas look like columns.
  const std::string_view start = text::trimmed(sample.bytes.substr(0, 64));
  if (start.starts_with('[') && text::trimmed(start.substr(1)).starts_with('{')) return false;
  return !options.prefer_lines || !options.text.empty();
}

// A tab makes it a TSV.
double csv_score(const Sample& sample, const CorpusOptions& options) {
  const Delimiter best = best_of_csv(sample, options);
  return best.byte == '\t' ? 0 : best.score;
}

double csv_fit(const Sample& sample, const CorpusOptions& options) {
  return may_be_delimited(sample, options) ? graded(sample, options, csv_score(sample, options)) : kNoFit;
}

double tsv_fit(const Sample& sample, const CorpusOptions& options) {
  return may_be_delimited(sample, options) ? graded(sample, options, delimiter_score(sample, '\t', options)) : kNoFit;
}

// A header with a text in it tells; one with unknown names has to be said to be one.
StreamFit stream_fit(std::string_view line, char delimiter) {
  const HeaderLine header = header_line(line, delimiter);
  return header.text_known ? StreamFit::yes : header.names ? StreamFit::if_columns_follow : StreamFit::no;
}

StreamFit csv_starts_stream(std::string_view line, const CorpusOptions& options) {
  if (options.delimiter || options.header.value_or(false) || !options.column_names.empty()) return StreamFit::yes;
  Sample first;
  first.bytes = line;
  if (said_by_separator_line(first)) return StreamFit::yes;
  const StreamFit comma = stream_fit(line, ',');
  const StreamFit semicolon = stream_fit(line, ';');
  if (comma == StreamFit::yes || semicolon == StreamFit::yes) return StreamFit::yes;
  return comma == StreamFit::no ? semicolon : comma;
}

StreamFit tsv_starts_stream(std::string_view line, const CorpusOptions& options) {
  return options.delimiter ? StreamFit::no : stream_fit(line, '\t');
}

std::shared_ptr<const InputReader> open_csv(const Sample& sample, const CorpusOptions& options) {
  return std::make_shared<CsvReader>(sample, lay_out_csv(sample, best_of_csv(sample, options).byte, options));
}

std::shared_ptr<const InputReader> open_tsv(const Sample& sample, const CorpusOptions& options) {
  return std::make_shared<CsvReader>(sample, lay_out_csv(sample, '\t', options));
}

}  // namespace

// A quoted line break may be anywhere: rows can only be told once all is there.
extern const Format kCsv;
extern const Format kTsv;
const Format kCsv{.name = "csv",
                  .title = "CSV",
                  .endings = kCsvEndings,
                  .needs_whole_input = true,
                  .fit = csv_fit,
                  .open = open_csv,
                  .starts_stream = csv_starts_stream};
const Format kTsv{.name = "tsv",
                  .title = "TSV",
                  .endings = kTsvEndings,
                  .needs_whole_input = true,
                  .fit = tsv_fit,
                  .open = open_tsv,
                  .starts_stream = tsv_starts_stream};

}  // namespace textlambda::corpus
