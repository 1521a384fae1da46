// Feature scales in one byte, on a logarithmic ladder: code c stands for largest · e^(−step·c). With scales that span a
// factor of a thousand the steps are 2.7 % apart, far below what the scales themselves are known to.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace textlambda::model {

struct ScaleCode {
  float largest = 0;
  float step = 0;

  // The ladder that spans the given positive scales; those a million times smaller than the largest are the same to it.
  static ScaleCode over(const std::vector<float>& scales) {
    ScaleCode code;
    if (scales.empty()) return code;
    const auto [low, high] = std::minmax_element(scales.begin(), scales.end());
    code.largest = *high;
    if (*high > 0) code.step = std::log(*high / std::max(*low, *high * 1e-6F)) / 255;
    return code;
  }

  std::uint8_t encode(float scale) const {
    if (!(step > 0) || !(scale > 0)) return step > 0 ? 255 : 0;
    return static_cast<std::uint8_t>(std::clamp(std::round(std::log(largest / scale) / step), 0.0F, 255.0F));
  }

  float decode(std::uint8_t code) const { return largest * std::exp(-step * static_cast<float>(code)); }
};

}  // namespace textlambda::model
