// Temperature scaling (Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017): one
// number that all logits are divided by, so that confidences mean what they say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace textlambda::train {

// Logits of held-out documents and their true labels.
struct HeldOut {
  std::size_t label_count = 0;
  std::vector<float> logits;  // documents × label_count
  std::vector<std::uint32_t> truths;

  std::size_t size() const { return truths.size(); }
};

// The temperature that minimises the mean log-loss, drawn towards 1 by a normal prior on its logarithm (standard
// deviation 0.3): with a handful of documents it stays near 1, with hundreds the prior is forgotten. 1 for none.
double fit_temperature(const HeldOut& held_out);

struct HeldOutScores {
  std::size_t documents = 0;
  std::size_t correct = 0;
  double log_loss = 0;  // mean, natural logarithm
  double ece = 0;       // expected calibration error, 15 bins of equal mass
};
HeldOutScores score(const HeldOut& held_out, double temperature);

}  // namespace textlambda::train
