#include "textlambda/replay/base64.h"

#include <algorithm>
#include <limits>

#include <openssl/evp.h>

namespace textlambda::replay {

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return std::nullopt;
  }
  std::size_t digits = text.size();
  while (digits > 0 && text.size() - digits < 2 && text[digits - 1] == '=') --digits;
  // OpenSSL is lenient about white space and about padding within.
  const bool plain = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(digits),
                                 [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '='; });
  if (!plain) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - (text.size() - digits));
  return bytes;
}

}  // namespace textlambda::replay
