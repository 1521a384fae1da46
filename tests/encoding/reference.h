// Base64 and gzip written another way than encoding/ writes them.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::encoding {

std::string base64(std::string_view bytes);
std::string gzipped(std::string_view bytes);

}  // namespace textlambda::encoding
