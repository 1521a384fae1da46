// The side-car file of a baseline: the judged rows of a run, from which every metric can be computed again without
// model or corpus. Its bytes are described in docs/gate.md. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/metrics/judged_rows.h"

namespace textlambda::gate {

inline constexpr std::uint32_t kRowFileVersion = 2;
// Read, and written for rows told by their bytes (metrics::RowIdentity::exact).
inline constexpr std::uint32_t kExactRowFileVersion = 1;

struct RowFile {
  std::string bytes;                // compressed
  std::uint64_t content_bytes = 0;  // before
};

// Inputs' names are not stored: the same test set elsewhere gives the same bytes.
RowFile write_row_file(const metrics::JudgedRows& rows, const std::string& file);

// `bytes` as write_row_file gave them, no more than `max_bytes` once decompressed. Anything else (any flipped bit,
// truncation, a size or index that is not true) throws Error(input_output) naming `file`; what a file claims is checked
// against the bytes it has before memory is taken for it.
metrics::JudgedRows read_row_file(std::string_view bytes, const std::string& file, std::uint64_t max_bytes);

}  // namespace textlambda::gate
