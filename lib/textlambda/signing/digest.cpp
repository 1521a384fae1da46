#include "textlambda/signing/digest.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>

#include <cstdint>

namespace textlambda::signing {
namespace {

const std::uint8_t* as_bytes(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  hmac_sha256_ctx context;
  ::hmac_sha256_set_key(&context, key.size(), as_bytes(key));
  ::hmac_sha256_update(&context, bytes.size(), as_bytes(bytes));
  std::string digest(SHA256_DIGEST_SIZE, '\0');
  ::hmac_sha256_digest(&context, digest.size(), reinterpret_cast<std::uint8_t*>(digest.data()));
  return digest;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::memeql_sec(a.data(), b.data(), a.size()) == 1;
}

}  // namespace textlambda::signing
