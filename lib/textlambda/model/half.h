// IEEE 754 half precision in 16 bits.
#pragma once

#include <cstdint>

namespace textlambda::model {

// Rounded to nearest, ties to even; too large becomes infinity.
std::uint16_t to_half(float value);
float from_half(std::uint16_t bits);

}  // namespace textlambda::model
