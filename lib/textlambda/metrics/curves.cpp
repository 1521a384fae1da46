#include "textlambda/metrics/curves.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace textlambda::metrics {
namespace {

struct Scored {
  double score = 0;
  bool positive = false;
};

// Highest score first; those of one score with the positive ones first, so that the order of the rows cannot matter.
std::vector<Scored> in_order(std::vector<Scored> scored) {
  std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score > b.score : a.positive && !b.positive;
  });
  return scored;
}

// Evenly chosen by their place, both ends kept.
std::vector<CurvePoint> thinned(std::vector<CurvePoint> points) {
  if (points.size() <= kCurvePoints) return points;
  std::vector<CurvePoint> kept;
  for (std::size_t i = 0; i < kCurvePoints; ++i) kept.push_back(points[i * (points.size() - 1) / (kCurvePoints - 1)]);
  return kept;
}

// Calls visit(how many, positive ones) after each run of equal scores.
template <typename Visit>
void for_each_threshold(const std::vector<Scored>& scored, Visit&& visit) {
  std::size_t positive = 0;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    positive += scored[i].positive ? 1U : 0U;
    if (i + 1 == scored.size() || scored[i + 1].score != scored[i].score) visit(i + 1, positive);
  }
}

double share(std::size_t part, std::size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

std::vector<Scored> by_confidence(const JudgedRows& rows) {
  std::vector<Scored> scored;
  scored.reserve(rows.rows.size());
  for (const JudgedRow& row : rows.rows) scored.push_back({row.confidence, row.correct()});
  return in_order(std::move(scored));
}

}  // namespace

Curve reliability_curve(const JudgedRows& rows, std::size_t bins) {
  Curve curve;
  std::vector<Scored> scored = by_confidence(rows);
  std::reverse(scored.begin(), scored.end());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t begin = scored.size() * bin / bins;
    const std::size_t end = scored.size() * (bin + 1) / bins;
    if (begin == end) continue;
    double confidence = 0;
    std::size_t correct = 0;
    for (std::size_t i = begin; i < end; ++i) {
      confidence += scored[i].score;
      correct += scored[i].positive ? 1U : 0U;
    }
    curve.points.push_back({confidence / static_cast<double>(end - begin), share(correct, end - begin)});
  }
  return curve;
}

Curve risk_coverage_curve(const JudgedRows& rows) {
  Curve curve;
  const std::vector<Scored> scored = by_confidence(rows);
  for_each_threshold(scored, [&](std::size_t answered, std::size_t right) {
    curve.points.push_back({share(answered, scored.size()), share(answered - right, answered)});
  });
  curve.points = thinned(std::move(curve.points));
  return curve;
}

Curve precision_recall_curve(const JudgedRows& rows, std::size_t label) {
  Curve curve;
  curve.name = rows.labels.at(label);
  std::vector<Scored> scored;
  scored.reserve(rows.rows.size());
  std::size_t positives = 0;
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const bool positive = rows.rows[row].truth == label;
    positives += positive ? 1U : 0U;
    scored.push_back({rows.probability(row, label), positive});
  }
  if (positives == 0) return curve;
  scored = in_order(std::move(scored));
  for_each_threshold(scored, [&](std::size_t found, std::size_t right) {
    curve.points.push_back({share(right, positives), share(right, found)});
  });
  curve.points = thinned(std::move(curve.points));
  return curve;
}

}  // namespace textlambda::metrics
