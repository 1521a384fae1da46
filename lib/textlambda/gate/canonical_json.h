// JSON that is the same bytes for the same content: keys sorted, every number in the shortest form that reads back as
// the same double (nlohmann's own writer is not always the shortest). Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::gate {

// Two spaces a level; arrays that hold no objects stand on one line. Numbers that are not finite are null. `json` must
// not be nested deeper than read_json allows.
std::string canonical_json(const nlohmann::json& json);

// Parses one JSON document from a file that nothing is known of. Throws Error(input_output) naming `file` for what is
// not JSON, not an object, or nested deeper than 32 levels.
nlohmann::json read_json(std::string_view bytes, const std::string& file);

}  // namespace textlambda::gate
