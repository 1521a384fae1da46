// The text of an item of a table or a document of a collection.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/event_reader.h"
#include "textlambda/events/message.h"

namespace textlambda::events {

// The text at the pointers, or else all strings of `object`, a line each in the order of their names, without those
// that are members of `keys` (null for none).
Message read_fields(const nlohmann::json& object, const nlohmann::json* keys, const EventReader& reader);

}  // namespace textlambda::events
