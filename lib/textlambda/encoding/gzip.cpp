#include "textlambda/encoding/gzip.h"

#include <algorithm>
#include <limits>
#include <new>

#include <zlib.h>

#include "textlambda/io/invalid.h"

namespace textlambda::encoding {
namespace {

// The state of zlib, released when this goes.
class Inflater {
 public:
  explicit Inflater(std::string_view packed) : left_(packed) {
    constexpr int kGzip = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzip) != Z_OK) throw std::bad_alloc();
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

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

Gunzipped gunzip(std::string_view packed, std::size_t limit, std::string& bytes, Padding padding) {
  constexpr std::size_t kStep = std::size_t{1} << 16;
  bytes.clear();
  Inflater inflater(packed);
  while (true) {
    // One byte more than allowed tells what is too large.
    const std::size_t room = limit - bytes.size();
    const int word = inflater.inflate_some(bytes, room < kStep ? room + 1 : kStep);
    if (bytes.size() > limit) {
      bytes.clear();
      return {io::not_valid("gzip within the limits", "unpacks to more than " + std::to_string(limit) + " bytes"),
              true};
    }
    if (word == Z_STREAM_END) {
      if (inflater.left().empty() || (padding == Padding::ignored && !is_gzip(inflater.left()))) return {};
      inflater.next_member();
    } else if (word == Z_BUF_ERROR) {  // no progress: the input is used up
      return {io::not_valid("gzip", "cut off", packed.size()), false};
    } else if (word != Z_OK) {
      return {io::not_valid("gzip", inflater.fault()), false};
    }
  }
}

}  // namespace textlambda::encoding
