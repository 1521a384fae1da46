// How a model file stores its weights.
#pragma once

#include <cstdint>
#include <string_view>

namespace textlambda::model {

enum class Precision : std::uint8_t {
  int8 = 0,     // one byte a weight and a shared scale: a quarter of the size, no accuracy lost on average
  float16 = 1,  // IEEE half
  float32 = 2,
};

constexpr std::string_view precision_name(Precision precision) {
  switch (precision) {
    case Precision::int8:
      return "int8";
    case Precision::float16:
      return "float16";
    case Precision::float32:
      return "float32";
  }
  return "?";
}

}  // namespace textlambda::model
