// JSON as nearly everybody writes it, read several times faster than the library does: strings are copied as a whole,
// and nothing is kept for error messages. It never judges: whatever is ill-formed, or merely rare, is left to the
// library. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::json {

// True: `document` is what nlohmann::json::parse(text) gives. False: parse() has to say what `text` is, and `document`
// is null. `text` has to be valid UTF-8.
bool read_plain(std::string_view text, nlohmann::json& document);

// How many bytes stand before the first that JSON wants escaped in a string: a quote, a backslash, a control character.
std::size_t unescaped_prefix(std::string_view text);

}  // namespace textlambda::json
