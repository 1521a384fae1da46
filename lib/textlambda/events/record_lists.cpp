#include "textlambda/events/record_lists.h"

#include <nlohmann/json.hpp>

namespace textlambda::events {

std::size_t count_listed(const nlohmann::json& lists) {
  std::size_t count = 0;
  for (const nlohmann::json& list : lists) count += list.is_array() ? list.size() : 1;
  return count;
}

}  // namespace textlambda::events
