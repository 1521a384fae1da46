// Corpora made of words that belong to a topic and words that belong to none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/corpus/memory_source.h"

namespace textlambda::topics {

inline constexpr std::size_t kMadeTopics = 4;

// Texts of `topics` (at most kMadeTopics) kinds in turn, labelled "a", "b", …: five words of 30 of their kind, four of
// 30 that all have. Always the same.
std::vector<corpus::MemoryRow> made_rows(std::size_t count, std::size_t topics, std::uint64_t seed = 1);

// Texts as a source without labels, so many to a partition.
corpus::MemorySource source_of(std::vector<corpus::MemoryRow> rows, std::size_t rows_per_partition = 100);
corpus::MemorySource source_of(const std::vector<std::string>& texts);

}  // namespace textlambda::topics
