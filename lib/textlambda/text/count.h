// Counts as people read them. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace textlambda::text {

std::string grouped(std::uint64_t count);  // 12,480
// "1 row", "12,480 rows"; `noun` in the singular, its plural with an s.
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace textlambda::text
