#include "textlambda/model/half.h"

#include <Eigen/Core>

namespace textlambda::model {

std::uint16_t to_half(float value) { return Eigen::half_impl::float_to_half_rtne(value).x; }

float from_half(std::uint16_t bits) {
  return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(bits));
}

}  // namespace textlambda::model
