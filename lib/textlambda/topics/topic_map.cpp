#include "textlambda/topics/topic_map.h"

#include <algorithm>
#include <utility>

#include <Eigen/Eigenvalues>

namespace textlambda::topics {
namespace {

constexpr std::size_t kMostPoints = 2000;

// The means of the groups' rows.
Eigen::MatrixXd centres_of(const Rows& latent, const std::vector<std::uint32_t>& groups, std::size_t k) {
  Eigen::MatrixXd centres = Eigen::MatrixXd::Zero(at(k), latent.cols());
  std::vector<double> sizes(k, 0);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == kNoGroup) continue;
    centres.row(at(groups[i])) += latent.row(at(i)).cast<double>();
    ++sizes[groups[i]];
  }
  for (std::size_t group = 0; group < k; ++group) centres.row(at(group)) /= std::max(sizes[group], 1.0);
  return centres;
}

}  // namespace

std::vector<std::uint32_t> clustered_groups(const Clusterable& clusterable, const Grouping& grouping,
                                            const std::vector<std::uint32_t>& groups) {
  std::vector<std::uint32_t> own(clusterable.sample.size(), kNoGroup);
  std::size_t next = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    while (next < grouping.texts.size() && grouping.texts[next] < clusterable.sample[i]) ++next;
    if (next < grouping.texts.size() && grouping.texts[next] == clusterable.sample[i]) own[i] = groups[next];
  }
  return own;
}

std::vector<std::vector<std::uint32_t>> find_typical(const Rows& latent, const std::vector<std::uint32_t>& groups,
                                                     std::size_t k, std::size_t most) {
  const Eigen::MatrixXd centres = centres_of(latent, groups, k);
  std::vector<std::vector<std::pair<double, std::uint32_t>>> nearest(k);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == kNoGroup) continue;
    const double cosine = latent.row(at(i)).cast<double>().dot(centres.row(at(groups[i])));
    nearest[groups[i]].emplace_back(-cosine, static_cast<std::uint32_t>(i));
  }
  std::vector<std::vector<std::uint32_t>> typical(k);
  for (std::size_t group = 0; group < k; ++group) {
    std::sort(nearest[group].begin(), nearest[group].end());
    nearest[group].resize(std::min(nearest[group].size(), most));
    for (const auto& [distance, row] : nearest[group]) typical[group].push_back(row);
  }
  return typical;
}

std::vector<MapPoint> draw_map(const Rows& latent, const std::vector<std::uint32_t>& groups,
                               const std::vector<std::uint32_t>& place) {
  if (latent.cols() == 0) return {};
  Eigen::MatrixXd centres = centres_of(latent, groups, place.size());
  const Eigen::RowVectorXd middle = centres.colwise().mean();
  centres.rowwise() -= middle;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(centres.transpose() * centres);
  const Eigen::Index dimensions = std::min<Eigen::Index>(2, latent.cols());
  Eigen::MatrixXd axes = solver.eigenvectors().rightCols(dimensions).rowwise().reverse();
  for (Eigen::Index axis = 0; axis < dimensions; ++axis) {
    Eigen::Index largest = 0;
    axes.col(axis).cwiseAbs().maxCoeff(&largest);
    if (axes(largest, axis) < 0) axes.col(axis) *= -1;
  }
  std::vector<MapPoint> points;
  const std::size_t count = std::min(groups.size(), kMostPoints);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t text = i * groups.size() / count;
    if (groups[text] == kNoGroup) continue;
    const Eigen::RowVectorXd where = (latent.row(at(text)).cast<double>() - middle) * axes;
    points.push_back(
        {static_cast<float>(where[0]), dimensions > 1 ? static_cast<float>(where[1]) : 0, place[groups[text]]});
  }
  return points;
}

}  // namespace textlambda::topics
