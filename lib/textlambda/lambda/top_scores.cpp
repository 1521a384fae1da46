#include "textlambda/lambda/top_scores.h"

#include <span>

#include "textlambda/model/most_probable.h"

namespace textlambda::lambda {

std::vector<events::Score> top_scores(const model::Scratch& scratch, std::size_t top_k) {
  const std::span<const float> probabilities = scratch.probabilities();
  std::vector<events::Score> scores;
  for (const std::size_t label : model::most_probable(probabilities, top_k)) {
    scores.push_back({label, probabilities[label]});
  }
  return scores;
}

}  // namespace textlambda::lambda
