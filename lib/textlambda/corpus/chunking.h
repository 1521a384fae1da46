// Cuts an input into chunks of about 128 KiB at row ends. Depends on the bytes alone, so neither results nor errors
// depend on the number of threads. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "textlambda/corpus/dialect.h"

namespace textlambda::corpus {

struct ChunkRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

constexpr std::size_t kChunkBytes = std::size_t{128} << 10;

// `passed(range)` is called where the bytes of a range have been read and are not needed here again. CSV and TSV with
// quotes have to be read whole, since a line's end inside quotes ends no row; the others only around each cut.
std::vector<ChunkRange> cut_chunks(std::string_view input, const Dialect& dialect,
                                   const std::function<void(ChunkRange)>& passed = {});

}  // namespace textlambda::corpus
