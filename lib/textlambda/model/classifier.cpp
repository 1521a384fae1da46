#include "textlambda/model/classifier.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "textlambda/text/utf8.h"

namespace textlambda::model {

DocumentTraits Scratch::traits() const {
  const auto best = std::max_element(logits_.begin(), logits_.end()) - logits_.begin();
  return {text_.n_grams, text_.known_n_grams, text_.terms.characters(), static_cast<std::uint32_t>(best),
          confidence_log_odds(logits_)};
}

Prediction Classifier::predict(std::string_view text) const {
  thread_local Scratch scratch;
  return predict(text, scratch);
}

Prediction Classifier::predict(std::string_view text, Scratch& scratch) const {
  scratch.text_.terms.assign(text::repair_utf8(text, scratch.repaired_).text, file_.feature_options());
  const std::size_t labels = file_.label_count();
  std::vector<float>& logits = scratch.logits_;
  logits.assign(labels, 0);
  std::visit([&](const auto& kind) { kind.logits(file_, scratch.text_, logits.data()); }, file_.kind());
  const float inverse_temperature = 1.0F / file_.temperature();
  for (float& logit : logits) logit *= inverse_temperature;

  const std::size_t best = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  std::vector<float>& probabilities = scratch.probabilities_;
  probabilities.resize(labels);
  float total = 0;
  for (std::size_t k = 0; k < labels; ++k) {
    probabilities[k] = std::exp(logits[k] - logits[best]);
    total += probabilities[k];
  }
  for (float& probability : probabilities) probability /= total;
  const float confidence = probabilities[best];
  return {file_.label(best), best, confidence, confidence < file_.abstain_threshold()};
}

}  // namespace textlambda::model
