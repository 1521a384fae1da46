#include "textlambda/encoding/gzip.h"

#include <algorithm>
#include <new>

#include <zlib.h>

namespace textlambda::encoding {
namespace {

// The state of zlib, released when this goes.
class Inflater {
 public:
  explicit Inflater(std::string_view packed) {
    constexpr int kGzip = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzip) != Z_OK) throw std::bad_alloc();
    // zlib reads from it and does not write.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
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
    const int word = inflate(&stream_, Z_NO_FLUSH);
    bytes.resize(before + size - stream_.avail_out);
    return word;
  }

  bool at_end() const { return stream_.avail_in == 0; }
  void next_member() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

Gunzipped gunzip(std::string_view packed, std::size_t limit, std::string& bytes) {
  constexpr std::size_t kStep = std::size_t{1} << 16;
  bytes.clear();
  Inflater inflater(packed);
  while (true) {
    // One byte more than allowed tells what is too large.
    const std::size_t room = limit - bytes.size() + 1;
    const int word = inflater.inflate_some(bytes, std::min(room, kStep));
    if (bytes.size() > limit) {
      bytes.clear();
      return {"gzip: unpacks to more than " + std::to_string(limit) + " bytes", true};
    }
    if (word == Z_STREAM_END) {
      if (inflater.at_end()) return {};
      inflater.next_member();
    } else if (word == Z_BUF_ERROR) {  // no progress: the input is used up
      return {"gzip: cut off", false};
    } else if (word != Z_OK) {
      return {"gzip: damaged", false};
    }
  }
}

}  // namespace textlambda::encoding
