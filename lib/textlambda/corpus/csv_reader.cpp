#include "textlambda/corpus/chunk_utf8.h"
#include "textlambda/corpus/csv_row.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/readers.h"

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

class CsvReader {
 public:
  CsvReader(std::string_view chunk, const Dialect& dialect, RowSink& sink)
      : dialect_(dialect), sink_(sink), utf8_(chunk), columns_(dialect.columns.size()) {}

  bool take(const CsvRow& row, std::uint64_t line) {
    if (row.fault != CsvFault::none) {
      return sink_.reject(line + row.fault_line, [&] { return fault_reason(row.fault); });
    }
    if (row.cells.size() != dialect_.width) {
      return sink_.reject(
          line, [&] { return columns_of(row.cells.size()) + ", expected " + std::to_string(dialect_.width); });
    }
    const std::string_view text = content(row, dialect_.text_column, text_);
    const std::string_view label = content(row, dialect_.label_column, label_);
    for (std::size_t index = 0; index < columns_.size(); ++index) {
      sink_.columns()[index] = content(row, dialect_.columns[index], columns_[index]);
    }
    return sink_.deliver(line, text, label, utf8_.take_repaired());
  }

 private:
  std::string_view content(const CsvRow& row, std::size_t column, FieldBuffer& buffer) {
    if (column >= row.cells.size()) return {};
    return utf8_.repair(cell_content(row.cells[column], buffer.content), buffer.repair);
  }

  const Dialect& dialect_;
  RowSink& sink_;
  ChunkUtf8 utf8_;
  FieldBuffer text_;
  FieldBuffer label_;
  std::vector<FieldBuffer> columns_;
};

}  // namespace

void read_csv(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions&, RowSink& sink) {
  CsvReader reader(bytes.chunk, dialect, sink);
  const char* position = bytes.chunk.data();
  const char* const end = position + bytes.chunk.size();
  CsvRow row;
  std::uint64_t line = 1;
  while (position != end) {
    split_row(position, end, dialect.csv, row);
    const bool too_long = static_cast<std::size_t>(row.next - position) > kMaxRowBytes;
    if (too_long) {
      if (!sink.reject(line, [] { return std::string("a row longer than 16 MiB"); })) return;
    } else if (row.fault != CsvFault::none || !row.cells.empty()) {
      if (!reader.take(row, line)) return;
    }
    position = row.next;
    line += row.lines;
  }
}

}  // namespace textlambda::corpus
