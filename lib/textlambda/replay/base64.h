// Base64 (RFC 4648, section 4), as it stands in responses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace textlambda::replay {

// Nothing where `text` is not padded Base64 through and through.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace textlambda::replay
