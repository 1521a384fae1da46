// Base64, gzip and zlib written another way than encoding/ writes them.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::encoding {

std::string base64(std::string_view bytes);
std::string gzipped(std::string_view bytes);
// `level` 0 … 9.
std::string zlib_packed(std::string_view bytes, int level = 6);

}  // namespace textlambda::encoding
