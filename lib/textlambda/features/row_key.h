// What identifies a row's text as a model sees it: the key by which two runs over a test set are joined. Line ends,
// white space, composed or decomposed accents and full width make no other text; case does, since a model may tell it
// apart. Part of a file format (the baseline's rows): never changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/text/normaliser.h"

namespace textlambda::features {

// Keeps its buffers from one text to the next. Not thread-safe: one a thread.
class RowKeys {
 public:
  // XXH3-64 (seed 0) of the UTF-8 of the normalised text with its case kept (text/normaliser.h), without the space at
  // either end. `utf8` must be valid UTF-8.
  std::uint64_t key(std::string_view utf8);

 private:
  text::NormalisedText text_;
  std::string normalised_;
};

}  // namespace textlambda::features
