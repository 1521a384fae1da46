#include "textlambda/encoding/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "textlambda/io/invalid.h"

namespace textlambda::encoding {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 255;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kNone;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kValues = make_values();

std::string wrong_byte(std::string_view encoded, std::size_t at) {
  const auto byte = static_cast<unsigned char>(encoded[at]);
  std::string shown = byte > 0x20 && byte < 0x7F ? std::string(1, encoded[at]) : "byte " + std::to_string(byte);
  return io::not_valid("base64", "\"" + shown + "\"", at + 1);
}

}  // namespace

std::string decode_base64(std::string_view encoded, std::string& bytes) {
  bytes.clear();
  std::size_t padding = 0;
  while (padding < 2 && padding < encoded.size() && encoded[encoded.size() - 1 - padding] == '=') ++padding;
  const std::size_t digits = encoded.size() - padding;
  bytes.reserve(digits / 4 * 3 + 2);
  std::uint32_t group = 0;
  for (std::size_t at = 0; at < digits; ++at) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(encoded[at])];
    if (value == kNone) return wrong_byte(encoded, at);
    group = group << 6 | value;
    if (at % 4 != 3) continue;
    bytes += static_cast<char>(group >> 16 & 0xFF);
    bytes += static_cast<char>(group >> 8 & 0xFF);
    bytes += static_cast<char>(group & 0xFF);
    group = 0;
  }
  if (encoded.size() % 4 != 0) {
    return io::not_valid("base64", "cut off", encoded.size()) + ", which is no multiple of 4";
  }
  if (padding == 0) return {};
  const std::uint32_t rest = group << (6 * padding) & 0xFFFFFF;
  if ((rest & (padding == 1 ? 0xFFU : 0xFFFFU)) != 0) return wrong_byte(encoded, digits - 1);
  bytes += static_cast<char>(rest >> 16 & 0xFF);
  if (padding == 1) bytes += static_cast<char>(rest >> 8 & 0xFF);
  return {};
}

std::string encode_base64(std::string_view bytes) {
  std::string encoded;
  encoded.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (unsigned digit = 0; digit < 4; ++digit) {
      const bool padding = at + digit > bytes.size();
      encoded += padding ? '=' : kAlphabet[group >> (18 - 6 * digit) & 0x3F];
    }
  }
  return encoded;
}

}  // namespace textlambda::encoding
