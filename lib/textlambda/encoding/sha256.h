// SHA-256 (FIPS 180-4) by Nettle, as fast as OpenSSL's, whose library alone took a third of the time that a command
// needs to start.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace textlambda::encoding {

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::string_view bytes);
  // 32 bytes. It begins anew with it.
  std::string digest();
  // The same as 64 lower-case hexadecimal digits.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::string_view bytes);  // 32 bytes
std::string sha256_hex(std::string_view bytes);
// Base64 of the 32 bytes: what AWS Lambda shows as CodeSha256.
std::string sha256_base64(std::string_view bytes);

}  // namespace textlambda::encoding
