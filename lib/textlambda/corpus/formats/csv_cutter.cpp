#include "textlambda/corpus/formats/csv_cutter.h"

#include <algorithm>

#include "textlambda/corpus/formats/line_chunks.h"

namespace textlambda::corpus {

std::size_t CsvCutter::chunk_end(std::size_t begin) {
  if (input_.size() - begin <= kChunkBytes) return input_.size();
  const std::size_t target = begin + kChunkBytes;
  std::size_t position = begin;  // outside quotes
  while (true) {
    const std::size_t quote = next_opening(position);
    const std::size_t line_end =
        find_byte(input_, syntax_.line_end, std::max(position, target - 1), std::max(position, quote));
    if (line_end < quote) return line_end + 1;
    if (quote == input_.size()) return quote;
    bool doubled = false;
    const char* const open = input_.data() + quote;
    if (follows_blank(quote)) {
      // Quoted only where it closes in its line: see skip_blanks_before_quote().
      const char* const end = input_.data() + find_byte(input_, syntax_.line_end, quote, input_.size());
      const char* const closed = find_quoted_end(open, end, syntax_, doubled);
      position = closed != nullptr ? static_cast<std::size_t>(closed - input_.data()) : quote + 1;
      continue;
    }
    const char* const closed = find_quoted_end(open, input_.data() + input_.size(), syntax_, doubled);
    // A cell that does not close ends its row at the end of the line: not past it, it may be where to cut.
    position = closed != nullptr ? static_cast<std::size_t>(closed - input_.data())
                                 : find_byte(input_, syntax_.line_end, quote, input_.size());
  }
}

std::size_t CsvCutter::next_opening(std::size_t position) {
  if (known_from_ <= position && position <= known_) return known_;
  std::size_t quote = position;
  while ((quote = find_byte(input_, '"', quote, input_.size())) < input_.size() && !opens_cell(quote)) ++quote;
  known_from_ = position;
  known_ = quote;
  return quote;
}

bool CsvCutter::opens_cell(std::size_t quote) const {
  std::size_t cell = quote;
  while (cell > begin_ && follows_blank(cell)) --cell;
  if (cell == begin_) return true;
  const char before = input_[cell - 1];
  return before == syntax_.delimiter || before == syntax_.line_end;
}

bool CsvCutter::follows_blank(std::size_t position) const {
  if (position == begin_) return false;
  const char before = input_[position - 1];
  return (before == ' ' || before == '\t') && before != syntax_.delimiter;
}

}  // namespace textlambda::corpus
