#include "textlambda/train/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include "textlambda/stats/calibration_error.h"
#include "textlambda/train/many_labels.h"

namespace textlambda::train {
namespace {

// Of one document at β = 1/temperature: log-loss, its first and second derivative in β.
struct Loss {
  double value = 0;
  double slope = 0;
  double curvature = 0;
};

Loss loss_at(const HeldOut& held_out, std::size_t entry, float truth, double beta) {
  const std::size_t points = held_out.points();
  const float* const logits = &held_out.logits[entry * points];
  const float* const counts = held_out.counts.empty() ? nullptr : &held_out.counts[entry * points];
  const double top = *std::max_element(logits, logits + points);
  double total = 0;
  double first = 0;
  double second = 0;
  for (std::size_t k = 0; k < points; ++k) {
    const double z = logits[k] - top;
    const double weight = std::exp(beta * z) * (counts == nullptr ? 1 : static_cast<double>(counts[k]));
    total += weight;
    first += weight * z;
    second += weight * z * z;
  }
  const double mean = first / total;
  const double truth_logit = truth - top;
  return {std::log(total) - beta * truth_logit, mean - truth_logit, second / total - mean * mean};
}

float truth_logit(const HeldOut& held_out, std::size_t entry) {
  if (!held_out.counts.empty()) return held_out.truth_logits[entry];
  return held_out.logits[entry * held_out.label_count + held_out.truths[entry]];
}

// Many logits as kMostPoints of them: the largest half one each, the others by classes of equal width, each as the
// logit that its labels' e^logit are on average.
void condense(const std::vector<float>& logits, std::vector<float>& points, std::vector<float>& counts) {
  constexpr std::size_t kLargest = HeldOut::kMostPoints / 2;
  constexpr std::size_t kClasses = HeldOut::kMostPoints - kLargest;
  std::vector<float> sorted(logits);
  std::nth_element(sorted.begin(), sorted.begin() + kLargest, sorted.end(), std::greater<>());
  std::sort(sorted.begin(), sorted.begin() + kLargest, std::greater<>());  // the order must not be the library's
  points.insert(points.end(), sorted.begin(), sorted.begin() + kLargest);
  counts.insert(counts.end(), kLargest, 1);
  const float top = sorted[kLargest];
  const float width = (top - *std::min_element(sorted.begin() + kLargest, sorted.end())) / kClasses;
  std::array<double, kClasses> sums{};
  std::array<double, kClasses> sizes{};
  // In the labels' order, again.
  std::size_t equal = static_cast<std::size_t>(std::count(sorted.begin(), sorted.begin() + kLargest, top));
  for (const float logit : logits) {
    if (logit > top) continue;
    if (logit == top && equal > 0) {
      --equal;
      continue;
    }
    const std::size_t at = width > 0 ? std::min(static_cast<std::size_t>((top - logit) / width), kClasses - 1) : 0;
    sums[at] += std::exp(static_cast<double>(logit) - top);
    sizes[at] += 1;
  }
  for (std::size_t at = 0; at < kClasses; ++at) {
    points.push_back(sizes[at] > 0 ? static_cast<float>(top + std::log(sums[at] / sizes[at])) : top);
    counts.push_back(static_cast<float>(sizes[at]));
  }
}

double center_of_prior(double texts) { return 10 / (10 + texts); }

// Newton in t = ln β with the Hessian's always positive part; steps are cut so that it cannot run off. The prior on
// ln temperature has the given centre and precision.
double fit_with_prior(const HeldOut& held_out, double center, double precision) {
  double t = -center;
  for (int iteration = 0; iteration < 30; ++iteration) {
    const double beta = std::exp(t);
    double slope = (t + center) * precision;
    double curvature = precision;
    for (std::size_t i = 0; i < held_out.size(); ++i) {
      const Loss loss = loss_at(held_out, i, truth_logit(held_out, i), beta);
      const auto weight = static_cast<double>(held_out.weights[i]);
      slope += weight * loss.slope * beta;
      curvature += weight * (loss.curvature * beta * beta + std::max(loss.slope * beta, 0.0));
    }
    const double step = std::clamp(-slope / curvature, -0.5, 0.5);
    t = std::clamp(t + step, -4.0, 4.0);
    if (std::abs(step) < 1e-6) break;
  }
  return std::exp(-t);
}

double weighted_sum(const HeldOut& held_out, const std::vector<double>& values) {
  double total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) total += static_cast<double>(held_out.weights[i]) * values[i];
  return total;
}

}  // namespace

void HeldOut::add(const std::vector<float>& entry_logits, std::uint32_t truth, std::uint32_t copies, float weight) {
  if (label_count >= kManyLabels) {
    condense(entry_logits, logits, counts);
    truth_logits.push_back(entry_logits[truth]);
    const auto best = std::max_element(entry_logits.begin(), entry_logits.end());
    predicted_labels.push_back(static_cast<std::uint32_t>(best - entry_logits.begin()));
  } else {
    logits.insert(logits.end(), entry_logits.begin(), entry_logits.end());
  }
  truths.push_back(truth);
  documents.push_back(copies);
  weights.push_back(weight);
}

void HeldOut::append(const HeldOut& other) {
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(logits, other.logits);
  append(counts, other.counts);
  append(truth_logits, other.truth_logits);
  append(predicted_labels, other.predicted_labels);
  append(truths, other.truths);
  append(documents, other.documents);
  append(weights, other.weights);
}

std::size_t HeldOut::points() const { return label_count >= kManyLabels ? kMostPoints : label_count; }

double HeldOut::log_odds(std::size_t entry, double temperature) const {
  const auto inverse = static_cast<float>(1 / temperature);
  const float* const own = &logits[entry * points()];
  const auto best = static_cast<std::size_t>(std::max_element(own, own + points()) - own);
  double others = 0;  // relative to the best
  for (std::size_t k = 0; k < points(); ++k) {
    if (k == best) continue;
    const double odds = std::exp(static_cast<double>(own[k] * inverse) - static_cast<double>(own[best] * inverse));
    others += counts.empty() ? odds : odds * static_cast<double>(counts[entry * points() + k]);
  }
  return -std::log(others);
}

std::uint32_t HeldOut::predicted(std::size_t entry) const {
  if (!counts.empty()) return predicted_labels[entry];
  const float* const own = &logits[entry * label_count];
  return static_cast<std::uint32_t>(std::max_element(own, own + label_count) - own);
}

double fit_temperature(const HeldOut& held_out, double texts, const std::vector<std::uint64_t>& label_counts) {
  constexpr double kPriorPrecision = 1 / (0.3 * 0.3);
  constexpr double kLeastPrecision = 1 / (2.0 * 2.0);
  const double center = center_of_prior(texts);
  if (held_out.size() == 0) return std::exp(center);
  const double temperature = fit_with_prior(held_out, center, kPriorPrecision);
  double all = 0;
  for (const std::uint64_t count : label_counts) all += static_cast<double>(count);
  std::vector<double> guessing;
  for (const std::uint32_t truth : held_out.truths) {
    guessing.push_back(-std::log(std::max(static_cast<double>(label_counts[truth]), 1.0) / all));
  }
  if (weighted_sum(held_out, losses(held_out, temperature)) <= weighted_sum(held_out, guessing)) return temperature;
  const double evidence = std::accumulate(held_out.weights.begin(), held_out.weights.end(), 0.0);
  const double precision = std::max(kPriorPrecision / (1 + evidence / 3), kLeastPrecision);
  return std::max(temperature, fit_with_prior(held_out, center, precision));
}

std::vector<double> losses(const HeldOut& held_out, double temperature) {
  std::vector<double> result;
  result.reserve(held_out.size());
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    result.push_back(loss_at(held_out, i, truth_logit(held_out, i), 1 / temperature).value);
  }
  return result;
}

HeldOutScores score(const HeldOut& held_out, double temperature) {
  HeldOutScores scores;
  if (held_out.size() == 0) return scores;
  const double beta = 1 / temperature;
  std::vector<stats::ConfidenceOutcome> outcomes;
  outcomes.reserve(held_out.size());
  double loss = 0;
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    const float* const logits = &held_out.logits[i * held_out.points()];
    const std::uint32_t predicted = held_out.predicted(i);
    const bool correct = predicted == held_out.truths[i];
    const std::uint32_t documents = held_out.documents[i];
    scores.documents += documents;
    scores.texts += static_cast<double>(held_out.weights[i]);
    scores.correct += correct ? documents : 0U;
    loss += documents * loss_at(held_out, i, truth_logit(held_out, i), beta).value;
    const float top = *std::max_element(logits, logits + held_out.points());
    const double confidence = std::exp(-loss_at(held_out, i, top, beta).value);
    outcomes.insert(outcomes.end(), documents, {static_cast<float>(confidence), correct});
  }
  scores.log_loss = loss / static_cast<double>(scores.documents);
  scores.ece = stats::expected_calibration_error(outcomes, 15);
  return scores;
}

}  // namespace textlambda::train
