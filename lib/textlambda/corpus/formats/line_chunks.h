// Cuts an input into chunks at the ends of lines. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {

constexpr std::size_t kChunkBytes = std::size_t{128} << 10;

// Where `byte` is in [begin, end) of the input; `end` where it is not.
std::size_t find_byte(std::string_view input, char byte, std::size_t begin, std::size_t end);

// Lines from all over an input, since a file may be sorted: the first ones, then a few at each of many places spread
// over the rest. Blank ones are passed over.
class SpreadLines {
 public:
  SpreadLines(const Sample& sample, std::size_t first);
  // False after the last.
  bool next(std::string_view& line);

 private:
  static constexpr std::size_t kPlaces = 32;
  static constexpr std::size_t kLinesAPlace = 4;
  bool next_of_any(std::string_view& line);
  void go_on();

  std::string_view whole_;
  char line_end_;
  std::size_t left_;  // of this place
  std::size_t position_ = 0;
  std::size_t first_place_ = 0;
  std::size_t place_ = 0;
};

// Looks only at the bytes around each cut.
std::vector<ChunkRange> cut_lines(std::string_view input, std::size_t begin, char line_end);

}  // namespace textlambda::corpus
