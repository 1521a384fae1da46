#include "textlambda/metrics/clustering.h"

#include <cstdint>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::metrics;

namespace {

using Counts = std::vector<std::vector<std::uint64_t>>;  // rows labels, columns groups

ConfusionMatrix matrix_of(const Counts& counts) {
  std::vector<ConfusionCell> cells;
  for (std::uint32_t row = 0; row < counts.size(); ++row) {
    for (std::uint32_t column = 0; column < counts[row].size(); ++column) {
      if (counts[row][column] > 0) cells.push_back({row, column, counts[row][column]});
    }
  }
  return {counts.size(), counts.empty() ? 0 : counts.front().size(), cells};
}

// As in ClusteringFigures.
struct Expected {
  double nmi;
  double ami;
  double homogeneity;
  double completeness;
  double v_measure;
  double ari;
  double purity;
};

struct Case {
  std::string name;
  Counts counts;
  Expected expected;
};

}  // namespace

// By scikit-learn 1.2.1: normalized_mutual_info_score, adjusted_mutual_info_score, homogeneity_completeness_v_measure,
// adjusted_rand_score on the examples that the table stands for; purity by its definition in Python.
TEST_CASE("clustering figures are those of scikit-learn") {
  const std::vector<Case> cases = {
      {"the same parts", {{5, 0, 0}, {0, 7, 0}, {0, 0, 2}}, {1, 1, 1, 1, 1, 1, 1}},
      {"the same parts under other numbers", {{0, 5}, {7, 0}}, {1, 1, 1, 1, 1, 1, 1}},
      {"one label, one group", {{9}}, {1, 1, 1, 1, 1, 1, 1}},
      {"one label, three groups", {{4, 3, 2}}, {0, 0, 1, 0, 0, 0, 1}},
      {"three labels, one group", {{4}, {3}, {2}}, {0, 0, 0, 1, 0, 0, 0.44444444444444442}},
      {"independent", {{4, 4}, {4, 4}}, {0, -0.052513607359303348, 0, 0, 0, -0.071428571428571425, 0.5}},
      {"every example a group of its own",
       {{1, 1, 0, 0}, {0, 0, 1, 1}},
       {0.66666666666666663, 6.4068530076298304e-16, 0.99999999999999989, 0.49999999999999994, 0.66666666666666663, 0,
        1}},
      {"worse than chance",
       {{2, 3, 2}, {3, 2, 3}, {2, 3, 2}},
       {0.014972414523405619, -0.092624619542360037, 0.014972414523405619, 0.014972414523405619, 0.014972414523405619,
        -0.086335403726708074, 0.40909090909090912}},
      {"three labels, four groups",
       {{50, 3, 0, 2}, {10, 40, 5, 0}, {0, 7, 22, 31}},
       {0.52152368515253711, 0.51432263141300183, 0.57857983934268054, 0.47471051519894114, 0.52152368515253722,
        0.4961536910074506, 0.8411764705882353}},
      {"a label that no example has",
       {{12, 1}, {0, 0}, {2, 20}},
       {0.57145942263930383, 0.56155237246044865, 0.57721984868412646, 0.56581283409347127, 0.57145942263930372,
        0.67716410824497542, 0.91428571428571426}},
      {"one large, many small",
       {{9000, 3, 0, 1}, {40, 17, 9, 2}, {8, 1, 30, 0}, {1, 0, 0, 12}},
       {0.59653854086078173, 0.59520973583113346, 0.50147158642483436, 0.7360819855448697, 0.59653854086078162,
        0.72282343847541985, 0.9928759316089435}},
      {"ten by twelve",
       {{0, 0, 0, 30, 1, 1, 0, 0, 0, 0, 1, 2},
        {0, 400, 400, 0, 0, 2, 2, 0, 0, 400, 0, 400},
        {0, 0, 0, 0, 400, 30, 400, 0, 400, 0, 0, 0},
        {0, 0, 30, 400, 30, 400, 400, 0, 0, 400, 2, 0},
        {30, 1, 2, 0, 0, 0, 1, 0, 0, 400, 400, 2},
        {400, 0, 0, 0, 2, 30, 0, 400, 400, 2, 0, 1},
        {1, 2, 0, 1, 1, 0, 0, 0, 0, 400, 400, 0},
        {0, 0, 1, 30, 0, 2, 2, 30, 1, 30, 0, 0},
        {30, 0, 0, 1, 0, 30, 30, 1, 0, 0, 0, 1},
        {30, 2, 0, 30, 2, 0, 0, 0, 400, 0, 30, 0}},
       {0.53459424580788539, 0.53324598970951265, 0.58512183760483139, 0.49209950172450223, 0.53459424580788528,
        0.26302882341088551, 0.5933250927070457}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.name);
    const ClusteringFigures figures = clustering_figures(matrix_of(each.counts));
    const auto equal = [](double value) { return Approx(value).epsilon(0).margin(1e-9); };
    CHECK(figures.nmi == equal(each.expected.nmi));
    CHECK(figures.ami == equal(each.expected.ami));
    CHECK(figures.homogeneity == equal(each.expected.homogeneity));
    CHECK(figures.completeness == equal(each.expected.completeness));
    CHECK(figures.v_measure == equal(each.expected.v_measure));
    CHECK(figures.ari == equal(each.expected.ari));
    CHECK(figures.purity == equal(each.expected.purity));
  }
}

TEST_CASE("figures do not depend on which of both is turned") {
  const Counts counts = {{50, 3, 0, 2}, {10, 40, 5, 0}, {0, 7, 22, 31}};
  Counts turned(4, std::vector<std::uint64_t>(3));
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 4; ++column) turned[column][row] = counts[row][column];
  }
  const ClusteringFigures a = clustering_figures(matrix_of(counts));
  const ClusteringFigures b = clustering_figures(matrix_of(turned));
  CHECK(a.nmi == Approx(b.nmi).epsilon(1e-12));
  CHECK(a.ami == Approx(b.ami).epsilon(1e-12));
  CHECK(a.ari == Approx(b.ari).epsilon(1e-12));
  CHECK(a.homogeneity == Approx(b.completeness).epsilon(1e-12));
}

TEST_CASE("nothing to compare agrees") {
  const ClusteringFigures figures = clustering_figures(ConfusionMatrix(3, 3, {}));
  CHECK(figures.examples == 0);
  CHECK(figures.nmi == 1);
  CHECK(figures.ami == 1);
  CHECK(figures.ari == 1);
  CHECK(figures.purity == 0);
}

TEST_CASE("a billion examples do not overflow the pairs") {
  const std::uint64_t many = 1'000'000'000;
  const ClusteringFigures figures = clustering_figures(matrix_of({{many, 0}, {0, many}}));
  CHECK(figures.ari == 1);
  CHECK(figures.purity == 1);
  CHECK(clustering_figures(matrix_of({{many, many}, {many, many}})).ari == Approx(0).margin(1e-8));
}

TEST_CASE("a group is mostly its most frequent label") {
  const std::vector<GroupMajority> groups = group_majorities(matrix_of({{1, 4, 0}, {5, 4, 0}}));
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].label == 1);
  CHECK(groups[0].of_label == 5);
  CHECK(groups[0].examples == 6);
  CHECK(groups[1].label == 0);  // as many of both
  CHECK(groups[1].of_label == 4);
  CHECK(groups[2].examples == 0);
}
