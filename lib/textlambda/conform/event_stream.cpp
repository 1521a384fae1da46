#include "textlambda/conform/event_stream.h"

#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace textlambda::conform {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;
// Of the types of header values: how many bytes follow, for those of a length of their own.
constexpr std::array<std::size_t, 10> kValueBytes = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
constexpr unsigned kBytesType = 6;
constexpr unsigned kStringType = 7;

// Of n bytes, the highest first.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t n) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < n; ++i) number = (number << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

// CRC-32 of IEEE 802.3.
std::uint32_t crc32_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// False where they do not fill their place exactly.
bool read_headers(std::string_view bytes, std::vector<http::Header>& headers) {
  while (!bytes.empty()) {
    const std::size_t name_bytes = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() < 1 + name_bytes + 1) return false;
    std::string name(bytes.substr(1, name_bytes));
    const unsigned type = static_cast<unsigned char>(bytes[1 + name_bytes]);
    bytes.remove_prefix(1 + name_bytes + 1);
    if (type >= kValueBytes.size()) return false;
    std::size_t value_bytes = kValueBytes.at(type);
    if (type == kBytesType || type == kStringType) {
      if (bytes.size() < 2) return false;
      value_bytes = number_at(bytes, 0, 2);
      bytes.remove_prefix(2);
    }
    if (bytes.size() < value_bytes) return false;
    if (type == kStringType) headers.push_back({std::move(name), std::string(bytes.substr(0, value_bytes))});
    bytes.remove_prefix(value_bytes);
  }
  return true;
}

}  // namespace

std::string read_event_stream(std::string_view bytes, std::vector<EventMessage>& messages) {
  messages.clear();
  while (!bytes.empty()) {
    const auto fault = [&](std::string_view what) {
      return fmt::format("message {} of the stream {}", messages.size() + 1, what);
    };
    if (bytes.size() < kPreludeBytes + kChecksumBytes) return fault("is cut off");
    const std::size_t whole = number_at(bytes, 0, 4);
    const std::size_t header_bytes = number_at(bytes, 4, 4);
    if (number_at(bytes, 8, 4) != crc32_of(bytes.substr(0, 8))) return fault("has a wrong checksum of its prelude");
    if (whole > bytes.size()) return fault("is cut off");
    if (whole < kPreludeBytes + kChecksumBytes || header_bytes > whole - kPreludeBytes - kChecksumBytes)
      return fault("has lengths that cannot be");
    const std::string_view message = bytes.substr(0, whole);
    if (number_at(message, whole - kChecksumBytes, 4) != crc32_of(message.substr(0, whole - kChecksumBytes)))
      return fault("has a wrong checksum");
    EventMessage read;
    if (!read_headers(message.substr(kPreludeBytes, header_bytes), read.headers))
      return fault("has headers that cannot be read");
    read.payload = message.substr(kPreludeBytes + header_bytes, whole - kPreludeBytes - kChecksumBytes - header_bytes);
    messages.push_back(std::move(read));
    bytes.remove_prefix(whole);
  }
  return "";
}

}  // namespace textlambda::conform
