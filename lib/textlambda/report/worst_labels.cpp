#include "textlambda/report/worst_labels.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "textlambda/text/count.h"

namespace textlambda::report {

using metrics::LabelMetrics;

WorstLabels worst_labels(std::vector<const LabelMetrics*> labels, std::size_t most) {
  WorstLabels worst{std::move(labels), 0};
  if (worst.labels.size() <= most) {
    std::stable_sort(worst.labels.begin(), worst.labels.end(),
                     [](const LabelMetrics* a, const LabelMetrics* b) { return a->f1() < b->f1(); });
    return worst;
  }
  // A label without examples has an F1 of 0, too, and tells nothing.
  const auto key = [](const LabelMetrics* label) { return std::tuple(!label->occurs(), label->f1()); };
  std::stable_sort(worst.labels.begin(), worst.labels.end(), [&](const LabelMetrics* a, const LabelMetrics* b) {
    return key(a) != key(b) ? key(a) < key(b) : a->support > b->support;
  });
  worst.more = worst.labels.size() - most;
  worst.labels.resize(most);
  return worst;
}

std::string more_labels_sentence(std::size_t more) {
  return text::counted(more, "more label") + (more == 1 ? " does no worse or has" : " do no worse or have") +
         " no examples: the JSON has them all";
}

}  // namespace textlambda::report
