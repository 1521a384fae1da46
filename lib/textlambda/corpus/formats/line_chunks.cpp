#include "textlambda/corpus/formats/line_chunks.h"

#include <algorithm>
#include <cstring>

#include "textlambda/text/blank.h"

namespace textlambda::corpus {

std::size_t find_byte(std::string_view input, char byte, std::size_t begin, std::size_t end) {
  if (begin >= end) return end;
  const void* found = std::memchr(input.data() + begin, byte, end - begin);
  return found == nullptr ? end : static_cast<std::size_t>(static_cast<const char*>(found) - input.data());
}

SpreadLines::SpreadLines(const Sample& sample, std::size_t first)
    : whole_(sample.whole), line_end_(sample.line_end), left_(first) {}

bool SpreadLines::next(std::string_view& line) {
  while (next_of_any(line)) {
    if (text::trimmed(line).empty()) continue;
    --left_;
    return true;
  }
  return false;
}

bool SpreadLines::next_of_any(std::string_view& line) {
  if (left_ == 0) go_on();
  if (left_ == 0 || position_ >= whole_.size()) return false;
  const std::size_t end = find_byte(whole_, line_end_, position_, whole_.size());
  line = whole_.substr(position_, end - position_);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  position_ = std::min(end + 1, whole_.size());
  return true;
}

// To the next place, past what was read already.
void SpreadLines::go_on() {
  if (place_ == 0) first_place_ = position_;
  if (place_ == kPlaces) return;
  const std::size_t target = first_place_ + (whole_.size() - first_place_) / kPlaces * place_;
  ++place_;
  if (target > position_) position_ = std::min(find_byte(whole_, line_end_, target, whole_.size()) + 1, whole_.size());
  left_ = kLinesAPlace;
}

std::vector<ChunkRange> cut_lines(std::string_view input, std::size_t begin, char line_end) {
  std::vector<ChunkRange> chunks;
  while (begin < input.size()) {
    std::size_t end = input.size();
    if (end - begin > kChunkBytes) {
      end = find_byte(input, line_end, begin + kChunkBytes - 1, input.size());
      if (end < input.size()) ++end;
    }
    chunks.push_back({begin, end});
    begin = end;
  }
  return chunks;
}

std::vector<ChunkRange> InputReader::cut(std::string_view input, const std::string&, std::size_t begin,
                                         const Passed&) const {
  return cut_lines(input, begin, line_end_);
}

}  // namespace textlambda::corpus
