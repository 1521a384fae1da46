// Reading JSON that nobody vouches for: its depth and its number of values are bounded before anything is built, broken
// UTF-8 and lone surrogate escapes are repaired to U+FFFD. Of a key that repeats, the last one counts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::json {

struct Limits {
  // How deep arrays and objects may nest.
  std::size_t depth = 100;
  // Values (numbers, strings, objects …) of one document: bounds its memory, about 100 bytes each.
  std::size_t values = 1000000;
};

// Fills `document`, or returns why not, in one line.
std::string read(std::string_view bytes, const Limits& limits, nlohmann::json& document);

// True: `document` is `text`, which is JSON nested no deeper than `deepest`. Nothing is repaired. False: it is
// discarded.
bool parse(std::string_view text, std::size_t deepest, nlohmann::json& document);

// Why a text of `size` bytes that the library stopped reading at `byte`, counted from 1, is not JSON.
std::string syntax_fault(std::size_t byte, std::size_t size);

// An object's member, or null where there is none, or no object.
const nlohmann::json* member(const nlohmann::json& object, const char* name);
const nlohmann::json* member(const nlohmann::json* object, const char* name);
// The same where it is a string.
const std::string* string_member(const nlohmann::json& object, const char* name);
// Its copy, or nothing where there is no string; `object` may be null.
std::string string_or_empty(const nlohmann::json& object, const char* name);
std::string string_or_empty(const nlohmann::json* object, const char* name);

// On one line, keys sorted; broken UTF-8 as U+FFFD.
std::string compact(const nlohmann::json& value);
// What a JSON string means, given with its quotes; nothing where `literal` is none.
std::optional<std::string> string_content(std::string_view literal);

}  // namespace textlambda::json
