#include "textlambda/train/holdout.h"

#include <algorithm>
#include <cmath>

#include "textlambda/train/counter_random.h"

namespace textlambda::train {

std::vector<std::uint8_t> choose_holdout(const LabelledDocuments& documents, double share, std::size_t largest,
                                         std::uint64_t seed) {
  std::vector<std::uint8_t> held_out(documents.document_count, 0);
  const auto total = static_cast<double>(documents.document_count);
  const double wanted = std::min(share * total, static_cast<double>(largest));
  if (!(wanted >= 1)) return held_out;
  const auto step = std::max<std::uint64_t>(2, static_cast<std::uint64_t>(std::llround(total / wanted)));

  // A label's own count of documents seen, started at a random phase.
  const CounterRandom random(seed, 0x686f6c646f7574);
  std::vector<std::uint64_t> phase(documents.labels.size());
  for (std::size_t label = 0; label < phase.size(); ++label) phase[label] = random.below(label, step);
  std::vector<std::uint64_t> seen(documents.labels.size(), 0);

  std::size_t document = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (const std::uint32_t label : block.labels) {
      const bool chosen = (seen[label]++ + phase[label]) % step == 0;
      if (chosen && documents.label_counts[label] >= 3) held_out[document] = 1;
      ++document;
    }
  }
  return held_out;
}

}  // namespace textlambda::train
