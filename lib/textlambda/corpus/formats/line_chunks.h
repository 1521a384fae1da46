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

// Looks only at the bytes around each cut.
std::vector<ChunkRange> cut_lines(std::string_view input, std::size_t begin, char line_end);

}  // namespace textlambda::corpus
