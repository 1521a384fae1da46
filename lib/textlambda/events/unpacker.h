// Unpacks the compressed parts of one event, within what they may come to together.
#pragma once

#include <cstddef>
#include <string>

#include "textlambda/encoding/gzip.h"
#include "textlambda/events/limits.h"

namespace textlambda::events {

// One an event; not thread-safe.
class Unpacker {
 public:
  // The limits have to outlive this.
  explicit Unpacker(const Limits& limits)
      : limits_(limits), left_(limits.inflated_bytes), wasted_left_(kWastedTimes * limits.inflated_bytes) {}

  // Replaces `bytes` by what they unpack to, again and again, as long as they are gzip or zlib; leaves others as they
  // are. What only begins like zlib is not, where a text may begin so. `most`: to no more bytes than that.
  encoding::Gunzipped unpack(std::string& bytes, std::size_t most = std::string::npos);

 private:
  encoding::Gunzipped unpack_once(const std::string& packed, bool gzip, std::size_t most, std::string& unpacked);

  // Some bombs do not cost their neighbours the room; thousands of them do not cost minutes.
  static constexpr std::size_t kWastedTimes = 4;
  static constexpr std::size_t kAlways = std::size_t{1} << 16;

  const Limits& limits_;
  std::size_t left_;
  // What may be unpacked of parts that turn out damaged or too large, before each has room for kAlways alone.
  std::size_t wasted_left_;
};

}  // namespace textlambda::events
