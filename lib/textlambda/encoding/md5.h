// MD5 (RFC 1321), as formats of old use it for a checksum; it keeps no secret. A pure function.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::encoding {

// The 16 bytes of the digest.
std::string md5(std::string_view bytes);

}  // namespace textlambda::encoding
