// Where the elements of a JSON array begin and end, found without reading them: by brackets and strings alone. Pure,
// thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace textlambda::corpus {

// The first byte at or after `position` that is no JSON white space; input.size() where there is none.
std::size_t skip_json_space(std::string_view input, std::size_t position);

// Past the value that starts at `begin`. `begin` itself where none starts there; npos where it does not end. Whether it
// is JSON inside is not looked at.
std::size_t json_value_end(std::string_view input, std::size_t begin);

}  // namespace textlambda::corpus
