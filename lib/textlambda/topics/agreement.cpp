#include "textlambda/topics/agreement.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "textlambda/metrics/clustering.h"
#include "textlambda/topics/spherical_k_means.h"

namespace textlambda::topics {

double agreement_of(const std::vector<std::uint32_t>& first, const std::vector<std::uint32_t>& second) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> counts;
  std::size_t rows = 0;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] == kNoGroup || second[i] == kNoGroup) continue;
    ++counts[{first[i], second[i]}];
    rows = std::max(rows, first[i] + std::size_t{1});
    columns = std::max(columns, second[i] + std::size_t{1});
  }
  std::vector<metrics::ConfusionCell> cells;
  cells.reserve(counts.size());
  for (const auto& [place, count] : counts) cells.push_back({place.first, place.second, count});
  return metrics::adjusted_rand_index({rows, columns, std::move(cells)});
}

double mean_agreement(const std::vector<std::vector<std::uint32_t>>& groupings) {
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t first = 0; first < groupings.size(); ++first) {
    for (std::size_t second = first + 1; second < groupings.size(); ++second, ++pairs) {
      sum += agreement_of(groupings[first], groupings[second]);
    }
  }
  return pairs == 0 ? 1 : sum / static_cast<double>(pairs);
}

}  // namespace textlambda::topics
