// Computes what it is told to, for reference_statistics.py to compare: a line "NAME arguments …" on stdin, its figures
// on stdout with all their digits.
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "textlambda/stats/calibration_error.h"
#include "textlambda/stats/detectable_effect.h"
#include "textlambda/stats/holm.h"
#include "textlambda/stats/interval.h"
#include "textlambda/stats/paired.h"
#include "textlambda/stats/paired_t.h"
#include "textlambda/stats/ranking.h"
#include "textlambda/stats/two_samples.h"

namespace {

using namespace textlambda::stats;

template <typename T>
T next(std::istream& in) {
  T value{};
  in >> value;
  return value;
}

std::vector<double> rest(std::istream& in) {
  return {std::istream_iterator<double>(in), std::istream_iterator<double>()};
}

PairedCounts next_counts(std::istream& in) {
  PairedCounts counts;
  in >> counts.n >> counts.newly_wrong >> counts.newly_right;
  return counts;
}

std::vector<double> ends(const Interval& interval) { return {interval.low, interval.high}; }

std::vector<double> ranking_figures(const std::vector<double>& scores_and_truths) {
  std::vector<float> scores;
  std::vector<std::uint8_t> positive;
  for (std::size_t i = 0; i + 1 < scores_and_truths.size(); i += 2) {
    scores.push_back(static_cast<float>(scores_and_truths[i]));
    positive.push_back(scores_and_truths[i + 1] != 0 ? 1 : 0);
  }
  const RankingQuality quality = Ranking(scores, positive).quality();
  return {quality.auroc, quality.average_precision};
}

// Two rows of counts, one after the other.
std::vector<double> two_sample_figures(const std::string& name, const std::vector<double>& rows) {
  std::vector<std::uint32_t> counts;
  for (const double count : rows) counts.push_back(static_cast<std::uint32_t>(count));
  const std::span<const std::uint32_t> all(counts);
  const auto a = all.first(counts.size() / 2);
  const auto b = all.subspan(counts.size() / 2);
  const TwoSampleTest test = name == "homogeneity" ? homogeneity(a, b) : kolmogorov_smirnov(a, b);
  return {test.distance, test.p};
}

std::vector<double> figures(const std::string& name, std::istream& in) {
  if (name == "wilson" || name == "clopper_pearson") {
    const auto successes = next<std::uint64_t>(in);
    const auto trials = next<std::uint64_t>(in);
    const auto confidence = next<double>(in);
    return ends(name == "wilson" ? wilson_interval(successes, trials, confidence)
                                 : clopper_pearson_interval(successes, trials, confidence));
  }
  if (name == "mcnemar") return {mcnemar_exact_p(next_counts(in))};
  if (name == "tango") {
    const PairedCounts counts = next_counts(in);
    return ends(tango_interval(counts, next<double>(in)));
  }
  if (name == "tango_p") {
    const PairedCounts counts = next_counts(in);
    return {tango_p(counts, next<double>(in))};
  }
  if (name == "tango_exact") {
    const PairedCounts counts = next_counts(in);
    return {tango_exact_p(counts, next<double>(in))};
  }
  if (name == "paired_t") {
    const auto alpha = next<double>(in);
    const auto delta0 = next<double>(in);
    const std::vector<double> differences = rest(in);
    const Interval interval = paired_t_interval(differences, alpha);
    return {interval.low, interval.high, paired_t_p(differences, delta0)};
  }
  if (name == "holm") return holm_adjusted(rest(in));
  if (name == "detectable_effect") {
    const auto variance = next<double>(in);
    const auto n = next<std::uint64_t>(in);
    const auto alpha = next<double>(in);
    return {detectable_effect(variance, n, alpha, next<double>(in))};
  }
  if (name == "homogeneity" || name == "kolmogorov_smirnov") return two_sample_figures(name, rest(in));
  if (name == "smallest_significant_distance") {
    const auto a = next<std::uint64_t>(in);
    const auto b = next<std::uint64_t>(in);
    return {smallest_significant_distance(a, b, next<double>(in))};
  }
  if (name == "ranking") return ranking_figures(rest(in));
  return {};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string name;
    in >> name;
    const std::vector<double> values = figures(name, in);
    if (values.empty()) {
      std::fprintf(stderr, "stats_figures: cannot compute: %s\n", line.c_str());
      return 2;
    }
    for (const double value : values) std::printf("%.17g ", value);
    std::printf("\n");
  }
  return 0;
}
