// HMAC over SHA-256 (RFC 2104), by Nettle. Pure functions, thread-safe. Private to this folder.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::signing {

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes

// In a time that depends on nothing but the lengths.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace textlambda::signing
