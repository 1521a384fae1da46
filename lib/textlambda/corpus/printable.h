// Bytes of a user's file inside a message: one line, valid UTF-8, no control characters. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::corpus {

// In double quotes, with quotes, backslashes and control characters escaped as in JSON, broken UTF-8 as U+FFFD, and cut
// after about 60 bytes.
std::string in_quotes(std::string_view bytes);

// As it is, but for control characters and line ends, which are escaped as in JSON, and broken UTF-8 as U+FFFD.
std::string on_one_line(std::string_view bytes);

// "a", "b" and "c"; after twenty: … and 5 more.
std::string list_in_quotes(const std::vector<std::string>& names);

}  // namespace textlambda::corpus
