// Repair of broken UTF-8 in the fields of a chunk: one fast check of the whole chunk spares the check of each field. A
// field of a valid chunk is valid, since rows and fields are cut at ASCII bytes.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/corpus/utf8_check.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {

class ChunkUtf8 {
 public:
  explicit ChunkUtf8(std::string_view chunk) : valid_(is_valid_utf8(chunk)) {}

  // `field` itself or its repair in `buffer`.
  std::string_view repair(std::string_view field, std::string& buffer) {
    if (valid_) return field;
    const text::Utf8Repair result = text::repair_utf8(field, buffer);
    repaired_ = repaired_ || result.repaired;
    return result.text;
  }

  // Whether something was repaired since the last call.
  bool take_repaired() {
    const bool repaired = repaired_;
    repaired_ = false;
    return repaired;
  }

 private:
  bool valid_;
  bool repaired_ = false;
};

}  // namespace textlambda::corpus
