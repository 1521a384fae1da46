// JSON Pointers (RFC 6901): where a value stands in a document. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/json/span.h"

namespace textlambda::json {

// The reference tokens, unescaped; none for the whole document.
using Pointer = std::vector<std::string>;

// Why `spelling` is no JSON Pointer: "is no JSON Pointer: …"; empty where it is one.
std::string pointer_fault(std::string_view spelling);
// `spelling` must have no fault.
Pointer parse_pointer(std::string_view spelling);
std::string spelled(const Pointer& pointer);

// An element's index as the RFC spells it: digits, no leading zero. Nothing for another token, "-" included.
std::optional<std::size_t> element_index(std::string_view token);

// The value that `pointer` leads to; null where there is none.
const nlohmann::json* find(const nlohmann::json& document, const Pointer& pointer);
// The same in a text that is not parsed; a member is found where its key is written without escapes. Of a key that
// repeats, the last one counts in both.
std::optional<Span> find(std::string_view text, const Pointer& pointer);

}  // namespace textlambda::json
