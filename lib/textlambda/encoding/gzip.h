// Gzip (RFC 1952) and zlib's own format (RFC 1950): unpacking with a limit, so that a bomb is cut off where it passes
// it, and packing. By zlib, which verifies the checksums. Pure functions.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace textlambda::encoding {

bool is_gzip(std::string_view bytes);
// The two bytes that a zlib stream begins with, without a preset dictionary. A text may begin with such two, as "x^2"
// does.
bool has_zlib_header(std::string_view bytes);

struct Gunzipped {
  std::string error;       // one line; empty where all is well
  bool too_large = false;  // the error is the limit
};

// What may stand behind the last member. Tapes and some tools pad; gzip itself passes over it.
enum class Padding { refused, ignored };

// Takes some of the unpacked bytes, the next ones with each call.
using TakeUnpacked = std::function<void(std::string_view)>;

// Fills `bytes` with at most `limit` bytes of all members. With an error they are what was unpacked before it; none
// where it is the limit.
Gunzipped gunzip(std::string_view packed, std::size_t limit, std::string& bytes, Padding padding = Padding::refused);
// The same, given away as they come.
Gunzipped gunzip(std::string_view packed, std::size_t limit, const TakeUnpacked& take,
                 Padding padding = Padding::refused);
// The same as into `bytes`, of one zlib stream, behind which nothing may stand.
Gunzipped unpack_zlib(std::string_view packed, std::size_t limit, std::string& bytes);

// At most 4 GiB; the same bytes for the same input and zlib.
std::string pack_gzip(std::string_view bytes);

}  // namespace textlambda::encoding
