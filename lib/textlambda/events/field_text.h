// The text of an item of a table or a document of a collection, most of which are there for other things.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/event_reader.h"
#include "textlambda/events/message.h"

namespace textlambda::events {

// The text at the pointers, or else all strings of `object`, however deep they stand, a line each in the order of their
// names, without those of members of `keys` (null for none) and of MongoDB's typed values ({"$oid": …}). Skipped where
// there is none or it has been emptied: no later attempt would find one, and a stream would stand still for it.
// Where texts come with labels they are at the pointers alone, and what has no label is skipped: not labelled yet.
Message read_fields(const nlohmann::json& object, const nlohmann::json* keys, const EventReader& reader);

}  // namespace textlambda::events
