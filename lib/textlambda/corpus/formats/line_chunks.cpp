#include "textlambda/corpus/formats/line_chunks.h"

#include <cstring>

namespace textlambda::corpus {

std::size_t find_byte(std::string_view input, char byte, std::size_t begin, std::size_t end) {
  if (begin >= end) return end;
  const void* found = std::memchr(input.data() + begin, byte, end - begin);
  return found == nullptr ? end : static_cast<std::size_t>(static_cast<const char*>(found) - input.data());
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
