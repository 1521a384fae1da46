// A text as a model reads it, and the memory for that: what a kind of model works on when it classifies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/features/text_terms.h"

namespace textlambda::model {

// Filled anew for each text; keeps its memory. One a thread.
struct ReadText {
  features::TextTerms terms;  // holds the text
  // The text's vector, where a kind makes one: grown, never shrunk.
  std::vector<std::uint32_t> ids;
  std::vector<float> values;
  // What drift looks at; kept by the kind.
  std::size_t n_grams = 0;
  std::size_t known_n_grams = 0;
};

}  // namespace textlambda::model
