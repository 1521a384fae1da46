// What a grouping of texts can be told. The defaults are a recipe measured over many corpora (docs/topics.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace textlambda::topics {

// A group that somebody has a name for (seeds.h).
struct SeedLabel {
  std::string label;
  std::vector<std::string> words;  // valid UTF-8; one of several words counts where a text has them all
};

// More are no topics any more, and take memory by their number: 400 MB for the texts that are clustered.
inline constexpr std::size_t kMostGroups = 1000;

struct TopicOptions {
  std::size_t k = 0;  // groups, 2 … kMostGroups
  std::uint64_t seed = 1;
  unsigned restarts = 4;  // of the clustering that EM starts from

  // Whether the clustering stays where it is steadier than what EM makes of it (grouping.h).
  bool keeps_steadier = true;

  // Words in more than this share of the texts do not say what a text is about: to the clustering, and to EM.
  double most_texts_clustering = 0.1;
  double most_texts_mixture = 0.2;

  // Of more texts a sample is clustered, and EM goes over all of them from there.
  std::size_t most_clustered = 100000;

  // No two labels alike: the first groups.
  std::vector<SeedLabel> seeds;

  // A prediction of the model below this confidence abstains.
  double abstain_threshold = 0;
};

// The options as one JSON object with sorted keys: what the configuration's SHA-256 is taken over.
std::string to_json(const TopicOptions& options);

}  // namespace textlambda::topics
