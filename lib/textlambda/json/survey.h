// What one pass over the bytes of a JSON text tells before it is parsed, without recursion. Any bytes may be given; a
// pure function, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace textlambda::json {

struct Survey {
  std::size_t depth = 0;            // how deeply arrays and objects are nested; 0 for a scalar
  std::size_t values = 1;           // about how many there are, keys and containers included
  bool escaped_surrogates = false;  // a \uD8xx … \uDFxx stands in a string
};

Survey survey(std::string_view bytes);

}  // namespace textlambda::json
