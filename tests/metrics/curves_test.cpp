#include "textlambda/metrics/curves.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/catch.h"

namespace textlambda::metrics {
namespace {

struct Row {
  std::uint32_t truth, predicted;
  float confidence;
};

JudgedRows two_labels(const std::vector<Row>& rows) {
  JudgedRows judged;
  judged.labels = {"no", "yes"};
  judged.known_labels = 2;
  for (const Row& row : rows) {
    JudgedRow one;
    one.truth = row.truth;
    one.predicted = row.predicted;
    one.confidence = row.confidence;
    one.log_p_truth = std::log(row.truth == row.predicted ? row.confidence : 1 - row.confidence);
    judged.rows.push_back(one);
  }
  return judged;
}

void check_points(const Curve& curve, const std::vector<CurvePoint>& expected) {
  REQUIRE(curve.points.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(curve.points[i].x == Approx(expected[i].x).epsilon(1e-6));
    CHECK(curve.points[i].y == Approx(expected[i].y).epsilon(1e-6));
  }
}

// Probabilities of "yes": .9 right, .8 wrong, .6 right, .4 (predicted no, right), .4 (predicted no, wrong).
const std::vector<Row> kRows = {{1, 1, 0.9F}, {0, 1, 0.8F}, {1, 1, 0.6F}, {0, 0, 0.6F}, {1, 0, 0.6F}};

TEST_CASE("precision and recall at every threshold, by hand") {
  // yes: ≥ .9 → 1 of 1; ≥ .8 → 1 of 2; ≥ .6 → 2 of 3; ≥ .4 → 3 of 5. Three rows are "yes".
  check_points(precision_recall_curve(two_labels(kRows), 1),
               {{1.0 / 3, 1}, {1.0 / 3, 0.5}, {2.0 / 3, 2.0 / 3}, {1, 0.6}});
  CHECK(precision_recall_curve(two_labels({{1, 1, 0.9F}}), 0).points.empty());
}

TEST_CASE("risk and coverage: rows of one confidence are answered together") {
  check_points(risk_coverage_curve(two_labels(kRows)), {{0.2, 0}, {0.4, 0.5}, {1, 0.4}});
}

TEST_CASE("reliability: bins of equal mass, from the least confident") {
  // Two bins of five rows: the lower two (.6 wrong, .6 right), then .6 right, .8 wrong, .9 right.
  check_points(reliability_curve(two_labels(kRows), 2), {{0.6, 0.5}, {(0.6 + 0.8 + 0.9) / 3, 2.0 / 3}});
  // More bins than rows: a point a row.
  CHECK(reliability_curve(two_labels(kRows), 15).points.size() == 5);
  CHECK(reliability_curve(two_labels({}), 15).points.empty());
}

TEST_CASE("a curve is thinned, its ends are kept, and the order of the rows does not matter") {
  std::vector<Row> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back({static_cast<std::uint32_t>(i % 3 == 0), 1, 0.5F + static_cast<float>(i) * 0.0001F});
  }
  const Curve curve = risk_coverage_curve(two_labels(rows));
  CHECK(curve.points.size() == kCurvePoints);
  CHECK(curve.points.front().x == Approx(1.0 / 5000));
  CHECK(curve.points.back().x == 1);
  CHECK(curve.points.back().y == Approx(1 - 1667.0 / 5000));
  const std::vector<Row> reversed(rows.rbegin(), rows.rend());
  check_points(risk_coverage_curve(two_labels(reversed)), curve.points);
}

}  // namespace
}  // namespace textlambda::metrics
