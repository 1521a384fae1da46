// What counts as blank: one meaning, for training and for serving. Pure functions, thread-safe.
#pragma once

#include <string_view>

namespace textlambda::text {

// Without ASCII white space at both ends.
std::string_view trimmed(std::string_view text);
// Nothing but white space: ASCII's, U+00A0, U+3000, and byte order marks.
bool is_blank(std::string_view text);

}  // namespace textlambda::text
