// Lone surrogate escapes in JSON (RFC 8259, section 8.2: legal grammar, no character).
#pragma once

#include <string>

namespace textlambda::json {

// Overwrites each \ud800…\udfff that is no half of a pair by \ufffd; the length stays. True if there was one.
bool replace_lone_surrogates(std::string& json);

}  // namespace textlambda::json
