#include "tests/encoding/reference.h"

#include <stdexcept>

#include <zlib.h>

namespace textlambda::encoding {

std::string base64(std::string_view bytes) {
  static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits;
  for (const char byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) bits += (static_cast<unsigned char>(byte) >> bit & 1) != 0 ? '1' : '0';
  }
  while (bits.size() % 6 != 0) bits += '0';
  std::string encoded;
  for (std::size_t at = 0; at < bits.size(); at += 6) encoded += digits[std::stoul(bits.substr(at, 6), nullptr, 2)];
  while (encoded.size() % 4 != 0) encoded += '=';
  return encoded;
}

namespace {

std::string packed_by_zlib(std::string_view bytes, int level, int window_bits) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib");
  }
  // The bound is a byte short for what is stored.
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace

std::string gzipped(std::string_view bytes) { return packed_by_zlib(bytes, 9, MAX_WBITS + 16); }

std::string zlib_packed(std::string_view bytes, int level) { return packed_by_zlib(bytes, level, MAX_WBITS); }

}  // namespace textlambda::encoding
