#include "textlambda/events/unpacker.h"

#include <algorithm>
#include <utility>

#include "textlambda/io/invalid.h"

namespace textlambda::events {
namespace {

// Of the headers that zlib writes itself, those that no UTF-8 text begins with: at its levels 0 and 1, 6, 7 to 9.
bool is_surely_zlib(std::string_view bytes) {
  return bytes.starts_with("x\x01") || bytes.starts_with("x\x9C") || bytes.starts_with("x\xDA");
}

}  // namespace

encoding::Gunzipped Unpacker::unpack_once(const std::string& packed, bool gzip, std::size_t most,
                                          std::string& unpacked) {
  const char* const format = gzip ? "gzip" : "zlib";
  const std::size_t room = std::min({left_, std::max(wasted_left_, kAlways), most});
  encoding::Gunzipped result =
      gzip ? encoding::gunzip(packed, room, unpacked) : encoding::unpack_zlib(packed, room, unpacked);
  if (result.error.empty()) {
    left_ -= unpacked.size();
  } else {
    wasted_left_ -= std::min(wasted_left_, result.too_large ? room : unpacked.size());
  }
  if (result.too_large && room == most) {
    result.error = io::not_valid(std::string(format) + " within the limits",
                                 "unpacks to more than " + std::to_string(most) + " bytes");
  } else if (result.too_large && room < left_) {
    result.error = io::not_valid(std::string(format) + " within the limits",
                                 "too many other compressed parts of the event are damaged or too large");
  } else if (result.too_large) {
    result.error = io::not_valid(std::string(format) + " within the limits",
                                 "unpacks to more than the " + std::to_string(limits_.inflated_bytes) +
                                     " bytes that one event's compressed parts may have together");
  }
  return result;
}

encoding::Gunzipped Unpacker::unpack(std::string& bytes, std::size_t most) {
  for (std::size_t times = 0;; ++times) {
    const bool gzip = encoding::is_gzip(bytes);
    if (!gzip && !encoding::has_zlib_header(bytes)) return {};
    if (times > limits_.envelopes) {
      return {"compressed more than " + std::to_string(limits_.envelopes) + " times, one within another", false};
    }
    std::string unpacked;
    encoding::Gunzipped result = unpack_once(bytes, gzip, most, unpacked);
    if (!result.error.empty()) {
      return gzip || result.too_large || is_surely_zlib(bytes) ? result : encoding::Gunzipped{};
    }
    bytes = std::move(unpacked);
  }
}

}  // namespace textlambda::events
