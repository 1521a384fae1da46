// The one JSON object that a command prints or writes as its result (docs/json.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::json {

// Goes up where a field is renamed, removed, or means something else; more fields are no new version.
inline constexpr int kSchemaVersion = 1;

// The object with its "schema_version", indented by two, ended by a line break. Broken UTF-8 as U+FFFD, numbers that
// are not finite as null. Pure, thread-safe.
std::string result_text(nlohmann::json result);

}  // namespace textlambda::json
