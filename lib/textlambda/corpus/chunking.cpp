#include "textlambda/corpus/chunking.h"

#include <algorithm>
#include <cstring>

#include "textlambda/corpus/csv_row.h"

namespace textlambda::corpus {
namespace {

std::size_t find(std::string_view input, char byte, std::size_t begin, std::size_t end) {
  if (begin >= end) return end;
  const void* found = std::memchr(input.data() + begin, byte, end - begin);
  return found == nullptr ? end : static_cast<std::size_t>(static_cast<const char*>(found) - input.data());
}

std::vector<ChunkRange> cut_lines(std::string_view input, const Dialect& dialect) {
  std::vector<ChunkRange> chunks;
  std::size_t begin = dialect.begin;
  while (begin < input.size()) {
    std::size_t end = input.size();
    if (end - begin > kChunkBytes) {
      end = find(input, dialect.line_end, begin + kChunkBytes - 1, input.size());
      if (end < input.size()) ++end;
    }
    chunks.push_back({begin, end});
    begin = end;
  }
  return chunks;
}

// Walks from one quoted cell to the next, by the same rules as split_row.
class QuotedCutter {
 public:
  QuotedCutter(std::string_view input, const Dialect& dialect) : input_(input), dialect_(dialect) {}

  // The end of the chunk that starts at `begin`, a row's start.
  std::size_t chunk_end(std::size_t begin) {
    if (input_.size() - begin <= kChunkBytes) return input_.size();
    const std::size_t target = begin + kChunkBytes;
    std::size_t position = begin;  // outside quotes
    while (true) {
      const std::size_t quote = next_opening(position);
      const std::size_t line_end =
          find(input_, dialect_.csv.line_end, std::max(position, target - 1), std::max(position, quote));
      if (line_end < quote) return line_end + 1;
      if (quote == input_.size()) return quote;
      bool doubled = false;
      const char* const closed =
          find_quoted_end(input_.data() + quote, input_.data() + input_.size(), dialect_.csv, doubled);
      // A cell that does not close ends its row at the end of the line: not past it, it may be where to cut.
      position = closed != nullptr ? static_cast<std::size_t>(closed - input_.data())
                                   : find(input_, dialect_.csv.line_end, quote, input_.size());
    }
  }

 private:
  // The next quote at or after `position` that opens a cell. Remembered, so that a file without quotes is read once.
  std::size_t next_opening(std::size_t position) {
    if (known_from_ <= position && position <= known_) return known_;
    std::size_t quote = position;
    while ((quote = find(input_, '"', quote, input_.size())) < input_.size() && !opens_cell(quote)) ++quote;
    known_from_ = position;
    known_ = quote;
    return quote;
  }

  bool opens_cell(std::size_t quote) const {
    if (quote == dialect_.begin) return true;
    const char before = input_[quote - 1];
    return before == dialect_.csv.delimiter || before == dialect_.csv.line_end;
  }

  std::string_view input_;
  const Dialect& dialect_;
  std::size_t known_from_ = 1;
  std::size_t known_ = 0;
};

}  // namespace

std::vector<ChunkRange> cut_chunks(std::string_view input, const Dialect& dialect,
                                   const std::function<void(ChunkRange)>& passed) {
  const bool delimited = dialect.format == Format::csv || dialect.format == Format::tsv;
  if (!delimited || !dialect.csv.quoting) return cut_lines(input, dialect);
  std::vector<ChunkRange> chunks;
  QuotedCutter cutter(input, dialect);
  std::size_t begin = dialect.begin;
  while (begin < input.size()) {
    const std::size_t end = cutter.chunk_end(begin);
    chunks.push_back({begin, end});
    if (passed) passed(chunks.back());
    begin = end;
  }
  return chunks;
}

}  // namespace textlambda::corpus
