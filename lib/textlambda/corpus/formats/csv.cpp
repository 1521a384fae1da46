// CSV and TSV as RFC 4180 says, with what real files need on top: see csv_row.h. Commas or semicolons; tabs. A first
// row that names the columns is a header.
#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/corpus/chunk_utf8.h"
#include "textlambda/corpus/formats/csv_cutter.h"
#include "textlambda/corpus/formats/csv_layout.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/formats/line_chunks.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/text/blank.h"

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

  bool take(const CsvRow& row, std::uint64_t line) {
    if (row.fault != CsvFault::none) {
      return sink_.reject(line + row.fault_line, [&] { return fault_reason(row.fault); });
    }
    if (row.cells.size() != layout_.width) {
      return sink_.reject(line,
                          [&] { return columns_of(row.cells.size()) + ", expected " + std::to_string(layout_.width); });
    }
    const std::string_view text = content(row, layout_.text_column, text_);
    const std::string_view label = content(row, layout_.label_column, label_);
    for (std::size_t index = 0; index < columns_.size(); ++index) {
      sink_.columns()[index] = content(row, layout_.columns[index], columns_[index]);
    }
    return sink_.deliver(line, text, label, utf8_.take_repaired());
  }

 private:
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
        if (!taker.take(row, line)) return;
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

Delimiter best_of_csv(const Sample& sample, const CorpusOptions& options) {
  const Delimiter comma{',', delimiter_score(sample, ',', options)};
  const Delimiter semicolon{';', delimiter_score(sample, ';', options)};
  return semicolon.score > comma.score ? semicolon : comma;
}

constexpr std::array<std::string_view, 1> kCsvEndings = {"csv"};
constexpr std::array<std::string_view, 1> kTsvEndings = {"tsv"};

double graded(const Sample& sample, double score) {
  return score > 0 && named_delimited(sample) ? kNamed + score : score;
}

bool may_be_delimited(const Sample& sample, const CorpusOptions& options) {
  if (named_delimited(sample)) return true;
  // Objects between commas look like columns.
  const std::string_view start = text::trimmed(sample.bytes.substr(0, 64));
  if (start.starts_with('[') && text::trimmed(start.substr(1)).starts_with('{')) return false;
  return !options.prefer_lines || !options.text.empty();
}

double csv_fit(const Sample& sample, const CorpusOptions& options) {
  return may_be_delimited(sample, options) ? graded(sample, best_of_csv(sample, options).score) : kNoFit;
}

double tsv_fit(const Sample& sample, const CorpusOptions& options) {
  return may_be_delimited(sample, options) ? graded(sample, delimiter_score(sample, '\t', options)) : kNoFit;
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
const Format kCsv{
    .name = "csv", .title = "CSV", .endings = kCsvEndings, .needs_whole_input = true, .fit = csv_fit, .open = open_csv};
const Format kTsv{
    .name = "tsv", .title = "TSV", .endings = kTsvEndings, .needs_whole_input = true, .fit = tsv_fit, .open = open_tsv};

}  // namespace textlambda::corpus
