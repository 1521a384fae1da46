// Apart from the rest of TextTerms: serving needs no fingerprints.
#include <xxhash.h>

#include "textlambda/features/text_terms.h"

namespace textlambda::features {

std::uint64_t TextTerms::fingerprint() const { return XXH3_64bits(text_.data(), text_.size() * sizeof(char32_t)); }

}  // namespace textlambda::features
