// How far apart two spellings are: for suggesting what was meant. Pure function, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace textlambda::text {

// The least number of bytes to insert, delete or replace that turns one into the other (V. I. Levenshtein, "Binary
// codes capable of correcting deletions, insertions and reversals", 1966). Time and memory grow with the product and
// the length: for names, not for texts.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace textlambda::text
