// A stream's tumbling window.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace textlambda::events {

// The last batch of a window may be empty; then only the stream's ARN beside the records tells the service, which
// `part` is a part of.
bool is_window_of(const nlohmann::json& event, const char* part);

}  // namespace textlambda::events
