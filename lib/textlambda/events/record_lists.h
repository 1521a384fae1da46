// Records in several lists, by partition or queue: {"orders-0": [...], "orders-1": [...]}.
#pragma once

#include <cstddef>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::events {

// How many there are; what is no list counts as one.
std::size_t count_listed(const nlohmann::json& lists);

}  // namespace textlambda::events
