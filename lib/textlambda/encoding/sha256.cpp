#include "textlambda/encoding/sha256.h"

#include <nettle/sha2.h>

#include <array>
#include <cstdint>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/hex.h"

namespace textlambda::encoding {

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { ::sha256_init(&state_->context); }

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  ::sha256_update(&state_->context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::string Sha256::digest() {
  std::string digest(SHA256_DIGEST_SIZE, '\0');
  ::sha256_digest(&state_->context, digest.size(), reinterpret_cast<std::uint8_t*>(digest.data()));
  return digest;
}

std::string Sha256::hex() { return to_hex(digest()); }

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.digest();
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

std::string sha256_base64(std::string_view bytes) { return encode_base64(sha256(bytes)); }

}  // namespace textlambda::encoding
