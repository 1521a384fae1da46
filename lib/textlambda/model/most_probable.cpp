#include "textlambda/model/most_probable.h"

#include <algorithm>
#include <numeric>

namespace textlambda::model {

std::vector<std::size_t> most_probable(std::span<const float> probabilities, std::size_t count) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
  });
  order.erase(end, order.end());
  return order;
}

}  // namespace textlambda::model
