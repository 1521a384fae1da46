// The texts that an event brings, for whoever wants them without an answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/limits.h"
#include "textlambda/events/text_pointers.h"

namespace textlambda::events {

// Parses an event within the limits. Returns why it cannot be used; empty where it can.
std::string parse_event(std::string_view bytes, const Limits& limits, nlohmann::json& document);

// In order; none for what is no event or gives none.
std::vector<std::string> texts_of(std::string_view event, const TextPointers& pointers, const Limits& limits);

}  // namespace textlambda::events
