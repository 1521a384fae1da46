// Reading JSON that nobody vouches for: its depth and its number of values are bounded before anything is built, broken
// UTF-8 and lone surrogate escapes are repaired to U+FFFD. Of a key that repeats, the last one counts.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/lambda/limits.h"

namespace textlambda::lambda {

// Fills `document`, or returns why not, in one line.
std::string read_json(std::string_view bytes, const Limits& limits, nlohmann::json& document);

// An object's member, or null where there is none.
const nlohmann::json* member(const nlohmann::json& object, const char* name);
// The same where it is a string.
const std::string* string_member(const nlohmann::json& object, const char* name);

// JSON on one line, without the white space between its tokens: numbers, order and repeats of keys stay as they came.
// Broken UTF-8 as U+FFFD. `json` has been read before.
std::string minified(std::string_view json);

// Appends `text` as a JSON string; broken UTF-8 as U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// The shortest digits that read back as the same number; null for what is no number.
void append_json_number(std::string& out, float number);
void append_json_number(std::string& out, double number);

}  // namespace textlambda::lambda
