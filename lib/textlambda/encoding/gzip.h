// Unpacking gzip (RFC 1952) with a limit: a bomb is cut off where it passes it. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace textlambda::encoding {

bool is_gzip(std::string_view bytes);

struct Gunzipped {
  std::string error;       // one line; empty where all is well
  bool too_large = false;  // the error is the limit
};

// Fills `bytes` with at most `limit` bytes; all members of the file, checksums verified.
Gunzipped gunzip(std::string_view packed, std::size_t limit, std::string& bytes);

}  // namespace textlambda::encoding
