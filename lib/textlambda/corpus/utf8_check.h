// Whether all of the bytes are UTF-8, as fast as the processor does it. A pure function, thread-safe.
#pragma once

#include <string_view>

namespace textlambda::corpus {

bool is_valid_utf8(std::string_view bytes);

}  // namespace textlambda::corpus
