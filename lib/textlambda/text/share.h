// A share as people type it.
#pragma once

#include <optional>
#include <string_view>

namespace textlambda::text {

// "1%", "0.5 %" or a fraction, "0.01"; nothing for anything else or outside 0 … 1.
std::optional<double> parse_share(std::string_view text);

}  // namespace textlambda::text
