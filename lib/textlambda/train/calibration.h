// Temperature scaling (Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017): one
// number that all logits are divided by, so that confidences mean what they say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace textlambda::train {

// Logits of held-out documents and their true labels. Documents with the same vector and label are one entry. Of many
// labels (many_labels.h) the largest logits are kept, and of the rest how many there are about how large: all that a
// log-loss asks for.
struct HeldOut {
  static constexpr std::size_t kMostPoints = 128;  // of an entry where labels are many

  std::size_t label_count = 0;
  std::vector<float> logits;        // entries × points()
  std::vector<float> counts;        // labels that a logit stands for, likewise; empty: one each, of every label
  std::vector<float> truth_logits;  // where there are counts
  std::vector<std::uint32_t> predicted_labels;  // likewise
  std::vector<std::uint32_t> truths;
  std::vector<std::uint32_t> documents;  // of each entry
  // What an entry counts as evidence: all copies of a text together as one document, since they say one thing about
  // what the fit does with texts it has not seen.
  std::vector<float> weights;

  std::size_t size() const { return truths.size(); }
  std::size_t points() const;  // of an entry
  // The label with the largest logit of an entry.
  std::uint32_t predicted(std::size_t entry) const;
  // ln(c / (1 − c)) for the confidence c of that label at a temperature: model::confidence_log_odds().
  double log_odds(std::size_t entry, double temperature) const;
  // entry_logits: label_count.
  void add(const std::vector<float>& entry_logits, std::uint32_t truth, std::uint32_t copies = 1, float weight = 1);
  void append(const HeldOut& other);
};

// The temperature that minimises the mean log-loss, drawn by a normal prior on its logarithm (standard deviation 0.3)
// towards 1, or above it for a fit to few texts, which is likely to be too sure: with a handful of documents it stays
// there, with hundreds the prior is forgotten. Where the labels' shares in `label_counts` would still have had a
// smaller loss than the logits, the prior has the less say the more documents show it.
double fit_temperature(const HeldOut& held_out, double texts, const std::vector<std::uint64_t>& label_counts);

// Each entry's log-loss.
std::vector<double> losses(const HeldOut& held_out, double temperature);

struct HeldOutScores {
  std::size_t documents = 0;
  double texts = 0;  // the sum of the weights
  std::size_t correct = 0;
  double log_loss = 0;  // mean, natural logarithm
  double ece = 0;       // expected calibration error, 15 bins of equal mass
};
HeldOutScores score(const HeldOut& held_out, double temperature);

}  // namespace textlambda::train
