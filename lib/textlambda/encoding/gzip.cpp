#include "textlambda/encoding/gzip.h"

#include <algorithm>
#include <limits>
#include <new>

#include <zlib.h>

#include "textlambda/io/invalid.h"

namespace textlambda::encoding {
namespace {

// As inflateInit2() tells the formats apart.
enum class Format { zlib = MAX_WBITS, gzip = MAX_WBITS + 16 };

// The state of zlib, released when this goes.
class Inflater {
 public:
  Inflater(std::string_view packed, Format format) : left_(packed) {
    if (inflateInit2(&stream_, static_cast<int>(format)) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // Appends up to `size` bytes and returns zlib's word.
  int inflate_some(std::string& bytes, std::size_t size) {
    const std::size_t before = bytes.size();
    bytes.resize(before + size);
    stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
    stream_.avail_out = static_cast<uInt>(size);
    // Its counts have 32 bits: an input above 4 GiB is handed over in parts. It reads from the input and does not
    // write.
    const std::size_t part = std::min<std::size_t>(left_.size(), std::numeric_limits<uInt>::max());
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(left_.data()));
    stream_.avail_in = static_cast<uInt>(part);
    const int word = inflate(&stream_, Z_NO_FLUSH);
    left_.remove_prefix(part - stream_.avail_in);
    bytes.resize(before + size - stream_.avail_out);
    return word;
  }

  std::string_view left() const { return left_; }
  const char* fault() const { return stream_.msg == nullptr ? "damaged" : stream_.msg; }
  void next_member() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
  std::string_view left_;
};

// `goes_on` tells whether another member follows behind one that has ended. `pass_on` may take what is in `bytes`.
template <typename PassOn, typename GoesOn>
Gunzipped unpack(std::string_view packed, Format format, std::size_t limit, std::string& bytes, PassOn pass_on,
                 GoesOn goes_on) {
  constexpr std::size_t kStep = std::size_t{1} << 16;
  const std::string name = format == Format::gzip ? "gzip" : "zlib";
  bytes.clear();
  Inflater inflater(packed, format);
  std::size_t passed_on = 0;
  while (true) {
    // One byte more than allowed tells what is too large.
    const std::size_t room = limit - passed_on - bytes.size();
    const int word = inflater.inflate_some(bytes, room < kStep ? room + 1 : kStep);
    if (bytes.size() > limit - passed_on) {
      bytes.clear();
      return {io::not_valid(name + " within the limits", "unpacks to more than " + std::to_string(limit) + " bytes"),
              true};
    }
    passed_on += pass_on(bytes);
    if (word == Z_STREAM_END) {
      if (!goes_on(inflater.left())) return {};
      inflater.next_member();
    } else if (word == Z_BUF_ERROR) {  // no progress: the input is used up
      return {io::not_valid(name, "cut off", packed.size()), false};
    } else if (word != Z_OK) {
      return {io::not_valid(name, inflater.fault()), false};
    }
  }
}

std::size_t keep(const std::string&) { return 0; }

bool another_member(std::string_view left, Padding padding) {
  return !left.empty() && (padding == Padding::refused || is_gzip(left));
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

bool has_zlib_header(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const unsigned method = static_cast<unsigned char>(bytes[0]);
  const unsigned flags = static_cast<unsigned char>(bytes[1]);
  constexpr unsigned kDeflate = 8;
  constexpr unsigned kLargestWindow = 7;
  constexpr unsigned kDictionary = 0x20;
  return (method & 0x0F) == kDeflate && method >> 4 <= kLargestWindow && (method << 8 | flags) % 31 == 0 &&
         (flags & kDictionary) == 0;
}

Gunzipped gunzip(std::string_view packed, std::size_t limit, std::string& bytes, Padding padding) {
  return unpack(packed, Format::gzip, limit, bytes, keep,
                [&](std::string_view left) { return another_member(left, padding); });
}

Gunzipped gunzip(std::string_view packed, std::size_t limit, const TakeUnpacked& take, Padding padding) {
  std::string bytes;
  const auto pass_on = [&](std::string& some) {
    const std::size_t size = some.size();
    take(some);
    some.clear();
    return size;
  };
  return unpack(packed, Format::gzip, limit, bytes, pass_on,
                [&](std::string_view left) { return another_member(left, padding); });
}

Gunzipped unpack_zlib(std::string_view packed, std::size_t limit, std::string& bytes) {
  bool more = false;
  Gunzipped result = unpack(packed, Format::zlib, limit, bytes, keep, [&](std::string_view left) {
    more = !left.empty();
    return false;
  });
  if (more) result.error = io::not_valid("zlib", "bytes behind its end");
  return result;
}

}  // namespace textlambda::encoding
