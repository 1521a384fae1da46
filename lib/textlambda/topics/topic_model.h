// The groups as an ordinary linear model file: idf is the scale of a feature, τ·W its weights, the logarithms of the
// shares the bias. docs/model-format.md has the prediction; it is the mixture's.
#pragma once

#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/collection.h"
#include "textlambda/topics/mixture.h"

namespace textlambda::topics {

struct ModelSettings {
  float temper = 1;  // τ
  double abstain_threshold = 0;
  std::vector<std::string> labels;  // a group; no two alike
  std::string card;                 // JSON
};

// The groups by their labels' bytes: the numbers that they have in the model.
std::vector<std::uint32_t> model_order(const std::vector<std::string>& labels);

// The bytes of the file. `texts`: what the mixture was fitted to. Changes nothing of the collection that lasts.
std::string write_model(const corpus::RowSource& corpus, Collection& collection, const WeightedTexts& texts,
                        const Mixture& mixture, const ModelSettings& settings, const io::Executor& executor);

}  // namespace textlambda::topics
