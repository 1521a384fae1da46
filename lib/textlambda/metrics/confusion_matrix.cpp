#include "textlambda/metrics/confusion_matrix.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace textlambda::metrics {
namespace {

bool before_in_matrix(const ConfusionCell& a, const ConfusionCell& b) {
  return std::tie(a.truth, a.predicted) < std::tie(b.truth, b.predicted);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::size_t rows, std::size_t columns, std::vector<ConfusionCell> cells)
    : rows_(rows), columns_(columns), cells_(std::move(cells)) {
  std::sort(cells_.begin(), cells_.end(), before_in_matrix);
}

std::uint64_t ConfusionMatrix::count(std::size_t truth, std::size_t predicted) const {
  const ConfusionCell wanted{static_cast<std::uint32_t>(truth), static_cast<std::uint32_t>(predicted), 0};
  const auto found = std::lower_bound(cells_.begin(), cells_.end(), wanted, before_in_matrix);
  return found == cells_.end() || before_in_matrix(wanted, *found) ? 0 : found->count;
}

std::vector<ConfusionCell> ConfusionMatrix::largest_confusions() const {
  std::vector<ConfusionCell> confusions;
  for (const ConfusionCell& cell : cells_) {
    if (!cell.correct()) confusions.push_back(cell);
  }
  std::stable_sort(confusions.begin(), confusions.end(),
                   [](const ConfusionCell& a, const ConfusionCell& b) { return a.count > b.count; });
  return confusions;
}

}  // namespace textlambda::metrics
