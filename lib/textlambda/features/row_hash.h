// What identifies a row's text by its bytes: the fingerprint by which a test set is held against the rows a model was
// trained on, and by which the first baselines were joined (now: row_key.h). Part of two file formats (the rows of
// those baselines and the model's filter of training rows): never changes. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace textlambda::features {

// XXH3-64 (seed 0; https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md) of the text's bytes as
// corpus::Example::text has them: unescaped, broken UTF-8 repaired, not normalised. The label is no part of it. Not
// cryptographic: who wants a collision can make one.
std::uint64_t row_hash(std::string_view text);

}  // namespace textlambda::features
