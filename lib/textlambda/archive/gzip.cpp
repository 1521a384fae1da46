#include <algorithm>
#include <array>
#include <limits>

#include <zlib.h>

#include "textlambda/archive/decompress.h"
#include "textlambda/io/error.h"

namespace textlambda::archive {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib's way to say: a gzip header and trailer, checked

class Inflater {
 public:
  Inflater() {
    if (::inflateInit2(&stream_, kGzipOnly) != Z_OK) io::throw_input("cannot start zlib");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.size() >= 3 && bytes.substr(0, 3) == "\x1F\x8B\x08"; }

std::string decompress_gzip(std::string_view bytes, const std::string& file, std::uint64_t max_bytes) {
  Inflater inflater;
  z_stream& stream = inflater.stream();
  std::string output;
  std::array<char, std::size_t{1} << 16> block{};
  while (true) {
    // avail_in has 32 bits: an input above 4 GiB is handed over in parts.
    const std::size_t part = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(part);
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    bytes.remove_prefix(part - stream.avail_in);
    output.append(block.data(), block.size() - stream.avail_out);
    if (output.size() > max_bytes) throw_too_large(file, max_bytes);
    if (status == Z_STREAM_END) {
      if (!is_gzip(bytes)) return output;
      if (::inflateReset(&stream) != Z_OK) io::throw_input("cannot restart zlib", file);
    } else if (status == Z_BUF_ERROR || (status == Z_OK && bytes.empty() && stream.avail_out > 0)) {
      io::throw_input("truncated gzip data", file);
    } else if (status != Z_OK) {
      io::throw_input(std::string("corrupt gzip data: ") + (stream.msg != nullptr ? stream.msg : "unknown error"),
                      file);
    }
  }
}

}  // namespace textlambda::archive
