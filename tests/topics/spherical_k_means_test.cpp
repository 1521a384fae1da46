#include "textlambda/topics/spherical_k_means.h"

#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "textlambda/train/counter_random.h"

#include "tests/catch.h"

using namespace textlambda;
using topics::cluster;
using topics::KMeans;
using topics::kNoGroup;
using topics::Rows;

namespace {

// Directions a few degrees around 0, 90 and 180 degrees, in turn.
Rows three_bundles(std::size_t count) {
  Rows rows(topics::at(count), 2);
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = static_cast<double>(i % 3) * 1.5707963 + 0.01 * static_cast<double>(i % 7);
    rows.row(topics::at(i)) << static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle));
  }
  return rows;
}

}  // namespace

TEST_CASE("bundles of directions are found") {
  const Rows rows = three_bundles(300);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const KMeans found = cluster(rows, 3, {}, seed, 0, io::Executor());
    CHECK(std::set<std::uint32_t>(found.groups.begin(), found.groups.begin() + 3).size() == 3);
    for (std::size_t i = 3; i < 300; ++i) CHECK(found.groups[i] == found.groups[i % 3]);
    CHECK(found.objective > 0.999);
    CHECK(found.objective <= 1.000001);
  }
}

TEST_CASE("rows are with the nearest centre, and the objective is their mean cosine") {
  const train::CounterRandom random(4, 4);
  Rows rows(1500, 12);
  for (Eigen::Index i = 0; i < rows.size(); ++i) {
    rows.data()[i] = static_cast<float>(random.below(static_cast<std::uint64_t>(i), 2001)) / 1000 - 1;
  }
  rows.rowwise().normalize();
  constexpr std::size_t kGroups = 9;
  const KMeans found = cluster(rows, kGroups, {}, 1, 0, io::Executor());
  CHECK(found.iterations > 5);
  Rows centres = Rows::Zero(kGroups, rows.cols());
  for (std::size_t i = 0; i < found.groups.size(); ++i) {
    centres.row(topics::at(found.groups[i])) += rows.row(topics::at(i));
  }
  centres.rowwise().normalize();
  // Centres of these groups, one step on from those that the groups were made by.
  std::size_t nearest = 0;
  double objective = 0;
  for (std::size_t i = 0; i < found.groups.size(); ++i) {
    Eigen::Index group = 0;
    objective += static_cast<double>((centres * rows.row(topics::at(i)).transpose()).maxCoeff(&group));
    nearest += static_cast<std::size_t>(group) == found.groups[i] ? 1 : 0;
  }
  CHECK(nearest > 1450);
  CHECK(found.objective == Approx(objective / 1500).epsilon(0.003));
}

TEST_CASE("a row of zeros is in no group") {
  Rows rows = three_bundles(9);
  rows.row(4).setZero();
  const KMeans found = cluster(rows, 3, {}, 1, 0, io::Executor());
  CHECK(found.groups[4] == kNoGroup);
  CHECK(found.groups[1] != kNoGroup);
}

TEST_CASE("more groups than different rows leave some empty") {
  Rows rows = Rows::Zero(6, 2);
  for (Eigen::Index i = 0; i < 6; ++i) rows(i, i % 2) = 1;
  const KMeans found = cluster(rows, 4, {}, 1, 0, io::Executor());
  CHECK(std::set<std::uint32_t>(found.groups.begin(), found.groups.end()).size() == 2);
  CHECK(found.objective == Approx(1));
}

TEST_CASE("fixed rows stay, and draw their like") {
  const Rows rows = three_bundles(30);
  std::vector<std::uint32_t> fixed(30, kNoGroup);
  fixed[0] = 2;
  fixed[1] = 0;
  fixed[5] = 2;  // a stranger, of the bundle of 2
  const KMeans found = cluster(rows, 3, fixed, 1, 0, io::Executor());
  CHECK(found.groups[0] == 2);
  CHECK(found.groups[1] == 0);
  CHECK(found.groups[5] == 2);
  CHECK(found.groups[3] == 2);
  CHECK(found.groups[4] == 0);
}

TEST_CASE("clusters are the same for any number of threads", "[threads]") {
  const Rows rows = three_bundles(2000);
  const KMeans one = cluster(rows, 7, {}, 3, 1, io::Executor());
  for (const unsigned threads : {2U, 3U, 8U}) {
    const KMeans other = cluster(rows, 7, {}, 3, 1, io::Executor(threads));
    CHECK(other.groups == one.groups);
    CHECK(other.objective == one.objective);
  }
}
