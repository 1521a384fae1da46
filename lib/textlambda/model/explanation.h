// Why a text got its label: the n-grams that decided it, with signed contributions to a label's calibrated logit that
// add up, with the bias, to that logit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::model {

class Classifier;

struct Contribution {
  std::string n_gram;  // as it reads in the normalised text; "␣" stands for a space in character n-grams
  bool characters = false;
  float logit = 0;  // what it added to the label's logit
};

struct Explanation {
  std::size_t label_index = 0;
  float logit = 0;                          // of that label; for two labels, half the log-odds against the other
  float bias = 0;                           // logit = bias + Σ contributions
  std::vector<Contribution> contributions;  // largest magnitude first
};

// Of `label_index`, for a text of any bytes. Thread-safe.
Explanation explain(const Classifier& classifier, std::string_view text, std::size_t label_index);

}  // namespace textlambda::model
