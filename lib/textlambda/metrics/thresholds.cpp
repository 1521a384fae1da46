#include "textlambda/metrics/thresholds.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "textlambda/io/error.h"
#include "textlambda/stats/interval.h"

namespace textlambda::metrics {
namespace {

// The first candidate accepts this many times the fewest examples, and at least a tenth of all: among so many, a few
// errors, or some wrong labels of the set itself, do not end the search at its start.
constexpr std::uint64_t kFirst = 3;
constexpr std::uint64_t kFirstPart = 10;
// Candidates are about a hundredth of the examples apart: close enough, and few chances to stop early by bad luck.
constexpr std::uint64_t kSteps = 100;
// More than any set has, and kFirst times as many can be counted.
constexpr double kMostNeeded = 1e18;

double risk_bound(std::uint64_t wrong, std::uint64_t accepted, double alpha) {
  return stats::clopper_pearson_interval(wrong, accepted, 1 - 2 * alpha).high;
}

// Between the last accepted confidence and the next, so that the last digit of neither matters.
float between(float accepted, float rejected) {
  const float middle = rejected + (accepted - rejected) / 2;
  return middle > rejected ? middle : accepted;
}

}  // namespace

void validate(const ThresholdOptions& options) {
  if (!(options.max_risk > 0 && options.max_risk < 1)) {
    io::throw_usage("the risk allowed is " + std::to_string(options.max_risk) +
                    ", expected a share above 0 and below 1 (a precision likewise)");
  }
  if (!(options.alpha > 0 && options.alpha < 0.5)) {
    io::throw_usage("alpha: " + std::to_string(options.alpha) + " given, expected above 0 and below 0.5");
  }
}

ThresholdChoice choose_threshold(std::vector<stats::ConfidenceOutcome> outcomes, const ThresholdOptions& options) {
  validate(options);
  std::sort(outcomes.begin(), outcomes.end(), [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  const std::size_t n = outcomes.size();
  std::vector<std::uint64_t> wrong(n + 1, 0);  // among the first i
  for (std::size_t i = 0; i < n; ++i) wrong[i + 1] = wrong[i] + (outcomes[i].correct ? 0U : 1U);

  ThresholdChoice choice;
  choice.examples = n;
  choice.all_wrong = wrong[n];
  // (1 − risk)^fewest ≤ alpha
  choice.fewest = static_cast<std::uint64_t>(
      std::min(kMostNeeded, std::ceil(std::log(options.alpha) / std::log1p(-options.max_risk))));
  if (n == 0) return choice;

  const std::size_t step = std::max<std::size_t>(1, n / kSteps);
  std::size_t rank = static_cast<std::size_t>(
      std::min<std::uint64_t>(std::max<std::uint64_t>(kFirst * choice.fewest, n / kFirstPart), n));
  for (bool first = true;; first = false) {
    // Equal confidences stand or fall together.
    while (rank < n && outcomes[rank].confidence == outcomes[rank - 1].confidence) ++rank;
    const double bound = risk_bound(wrong[rank], rank, options.alpha);
    const bool refuted = bound <= options.max_risk;
    if (refuted || first) {
      choice.attained = refuted;
      choice.accepted = rank;
      choice.wrong = wrong[rank];
      choice.risk_bound = bound;
      choice.threshold = rank == n ? 0 : between(outcomes[rank - 1].confidence, outcomes[rank].confidence);
    }
    if (!refuted || rank == n) return choice;
    rank = std::min(rank + step, n);
  }
}

}  // namespace textlambda::metrics
