#include "textlambda/train/kinship.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "textlambda/train/counter_random.h"

namespace textlambda::train {
namespace {

using TextWords = std::span<const std::uint32_t>;

// At random, so that neither the choice nor its halves beat in time with the texts' order.
std::vector<TextWords> pick(std::span<const DocumentBlock> blocks, std::size_t count) {
  std::vector<TextWords> all;
  for (const DocumentBlock& block : blocks) {
    const BlockTerms terms(block);
    for (std::size_t document = 0; document < block.size(); ++document) {
      const std::uint32_t begin = block.begin(document);
      all.push_back(terms.terms().subspan(begin, block.words_end[document] - begin));
    }
  }
  shuffle(all, CounterRandom(1, all.size()));
  all.resize(count);
  return all;
}

// By the Mann-Whitney statistic; ties count half.
double area_under_curve(std::vector<std::pair<double, bool>> scores) {
  std::sort(scores.begin(), scores.end());
  double rank_sum = 0;
  double positives = 0;
  for (std::size_t begin = 0, end = 0; begin < scores.size(); begin = end) {
    while (end < scores.size() && scores[end].first == scores[begin].first) ++end;
    const double rank = (static_cast<double>(begin) + static_cast<double>(end) + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) {
      if (!scores[i].second) continue;
      rank_sum += rank;
      ++positives;
    }
  }
  const double negatives = static_cast<double>(scores.size()) - positives;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace

double distinguishability(std::span<const DocumentBlock> labelled, std::span<const DocumentBlock> unlabelled,
                          std::size_t term_count) {
  constexpr std::size_t kMost = 2000;
  const std::size_t count = std::min({count_documents_in(labelled), count_documents_in(unlabelled), kMost});
  if (count < 4) return 0.5;
  const std::array<std::vector<TextWords>, 2> sides = {pick(labelled, count), pick(unlabelled, count)};
  double area = 0;
  for (std::size_t half = 0; half < 2; ++half) {
    std::array<std::vector<double>, 2> counts;
    std::array<double, 2> totals{};
    for (std::size_t side = 0; side < 2; ++side) {
      counts[side].assign(term_count, 0);
      for (std::size_t i = half; i < count; i += 2) {
        for (const std::uint32_t word : sides[side][i]) ++counts[side][word];
        totals[side] += static_cast<double>(sides[side][i].size());
      }
    }
    const auto words = static_cast<double>(term_count);
    std::vector<std::pair<double, bool>> scores;
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::size_t i = 1 - half; i < count; i += 2) {
        double score = 0;
        for (const std::uint32_t word : sides[side][i]) {
          score += std::log((counts[1][word] + 1) / (totals[1] + words)) -
                   std::log((counts[0][word] + 1) / (totals[0] + words));
        }
        // A text's length is no difference of kind.
        scores.emplace_back(sides[side][i].empty() ? 0 : score / static_cast<double>(sides[side][i].size()), side == 1);
      }
    }
    area += area_under_curve(std::move(scores)) / 2;
  }
  return area;
}

}  // namespace textlambda::train
