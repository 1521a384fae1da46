// Writing JSON piece by piece, without a document. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::json {

// JSON on one line, without the white space between its tokens: numbers, order and repeats of keys stay as they came.
// Broken UTF-8 as U+FFFD. `json` has been read before.
std::string minified(std::string_view json);

// Appends `text` as a JSON string; broken UTF-8 as U+FFFD.
void append_string(std::string& out, std::string_view text);
// The shortest digits that read back as the same number; null for what is no number.
void append_number(std::string& out, float number);
void append_number(std::string& out, double number);

}  // namespace textlambda::json
