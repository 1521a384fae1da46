#include "textlambda/features/row_key.h"

#include <xxhash.h>

#include "textlambda/text/utf8.h"

namespace textlambda::features {

std::uint64_t RowKeys::key(std::string_view utf8) {
  text::NormaliserOptions options;
  options.lower_case = false;
  text_.assign(utf8, options);
  normalised_.clear();
  for (std::size_t at = 1; at + 1 < text_.size(); ++at) text::append_utf8(normalised_, text_.data()[at]);
  return XXH3_64bits(normalised_.data(), normalised_.size());
}

}  // namespace textlambda::features
