// Figures as people read them: thousands separated, units attached.
#pragma once

#include <cstdint>
#include <string>

namespace textlambda::command {

std::string bytes_text(std::uint64_t bytes);             // 1.2 MB (decimal)
std::string percent(double fraction, int decimals = 1);  // 93.1 %
std::string percent_range(double low, double high);      // (91.6 … 94.4)

// Peak resident memory of this process, in bytes.
std::uint64_t peak_memory();

}  // namespace textlambda::command
