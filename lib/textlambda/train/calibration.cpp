#include "textlambda/train/calibration.h"

#include <algorithm>
#include <cmath>

#include "textlambda/stats/calibration_error.h"

namespace textlambda::train {
namespace {

// Of one document at β = 1/temperature: log-loss, its first and second derivative in β.
struct Loss {
  double value = 0;
  double slope = 0;
  double curvature = 0;
};

Loss loss_at(const float* logits, std::size_t label_count, std::uint32_t truth, double beta) {
  const double top = *std::max_element(logits, logits + label_count);
  double total = 0;
  double first = 0;
  double second = 0;
  for (std::size_t k = 0; k < label_count; ++k) {
    const double z = logits[k] - top;
    const double weight = std::exp(beta * z);
    total += weight;
    first += weight * z;
    second += weight * z * z;
  }
  const double mean = first / total;
  const double truth_logit = logits[truth] - top;
  return {std::log(total) - beta * truth_logit, mean - truth_logit, second / total - mean * mean};
}

}  // namespace

double fit_temperature(const HeldOut& held_out) {
  if (held_out.size() == 0) return 1;
  constexpr double kPriorPrecision = 1 / (0.3 * 0.3);
  // Newton in t = ln β with the Hessian's always positive part; steps are cut so that it cannot run off.
  double t = 0;
  for (int iteration = 0; iteration < 30; ++iteration) {
    const double beta = std::exp(t);
    double slope = t * kPriorPrecision;
    double curvature = kPriorPrecision;
    for (std::size_t i = 0; i < held_out.size(); ++i) {
      const Loss loss =
          loss_at(&held_out.logits[i * held_out.label_count], held_out.label_count, held_out.truths[i], beta);
      slope += loss.slope * beta;
      curvature += loss.curvature * beta * beta + std::max(loss.slope * beta, 0.0);
    }
    const double step = std::clamp(-slope / curvature, -0.5, 0.5);
    t = std::clamp(t + step, -4.0, 4.0);
    if (std::abs(step) < 1e-6) break;
  }
  return std::exp(-t);
}

HeldOutScores score(const HeldOut& held_out, double temperature) {
  HeldOutScores scores;
  scores.documents = held_out.size();
  if (scores.documents == 0) return scores;
  const double beta = 1 / temperature;
  std::vector<stats::ConfidenceOutcome> outcomes;
  outcomes.reserve(held_out.size());
  double loss = 0;
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    const float* logits = &held_out.logits[i * held_out.label_count];
    const float* best = std::max_element(logits, logits + held_out.label_count);
    const auto predicted = static_cast<std::uint32_t>(best - logits);
    const bool correct = predicted == held_out.truths[i];
    scores.correct += static_cast<std::size_t>(correct);
    loss += loss_at(logits, held_out.label_count, held_out.truths[i], beta).value;
    const double confidence = std::exp(-loss_at(logits, held_out.label_count, predicted, beta).value);
    outcomes.push_back({static_cast<float>(confidence), correct});
  }
  scores.log_loss = loss / static_cast<double>(held_out.size());
  scores.ece = stats::expected_calibration_error(outcomes, 15);
  return scores;
}

}  // namespace textlambda::train
