// SHA-256 (FIPS 180-4) by OpenSSL. It lives here and not in io because the bootstrap links io and not OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace textlambda::archive {

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::string_view bytes);
  // 64 lower-case hexadecimal digits. Call once.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
// Base64 of the 32 bytes: what AWS Lambda shows as CodeSha256.
std::string sha256_base64(std::string_view bytes);

}  // namespace textlambda::archive
