#include "textlambda/stats/calibration_error.h"

#include <algorithm>
#include <cmath>

namespace textlambda::stats {

double expected_calibration_error(std::vector<ConfidenceOutcome> outcomes, std::size_t bins) {
  std::sort(outcomes.begin(), outcomes.end(), [](const ConfidenceOutcome& a, const ConfidenceOutcome& b) {
    return a.confidence != b.confidence ? a.confidence < b.confidence : a.correct < b.correct;
  });
  double error = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t begin = outcomes.size() * bin / bins;
    const std::size_t end = outcomes.size() * (bin + 1) / bins;
    double confidence = 0;
    double correct = 0;
    for (std::size_t i = begin; i < end; ++i) {
      confidence += static_cast<double>(outcomes[i].confidence);
      correct += outcomes[i].correct ? 1 : 0;
    }
    error += std::abs(confidence - correct);
  }
  return outcomes.empty() ? 0 : error / static_cast<double>(outcomes.size());
}

}  // namespace textlambda::stats
