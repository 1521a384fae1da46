#include "textlambda/features/row_hash.h"

#include <xxhash.h>

namespace textlambda::features {

std::uint64_t row_hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace textlambda::features
