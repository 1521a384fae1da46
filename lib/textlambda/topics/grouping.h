// From weighted texts to groups: latent semantic analysis, spherical k-means there, and from its groups EM on the words
// themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/topics/collection.h"
#include "textlambda/topics/mixture.h"
#include "textlambda/topics/options.h"

namespace textlambda::topics {

inline constexpr float kLastTemper = 2.5F;

// The same for every k: made once where several are tried.
struct Clusterable {
  Rows latent;                        // of length 1: a row a text of `sample`
  std::vector<std::uint32_t> sample;  // numbers of rows of the matrix, rising
  std::vector<std::uint32_t> always;  // those of them that every sample has
  bool is_sample = false;             // else all of them
};
// `always`: rows that are in the sample, rising, where they are not most of it.
Clusterable make_clusterable(const WeightedTexts& texts, std::span<const std::uint32_t> always,
                             const TopicOptions& options, const io::Executor& executor);

// Whether another one is made for that many groups.
bool needs_other_space(std::size_t made_for, std::size_t k);

// How far groups agree that were found from several starts (agreement.h).
struct StartAgreement {
  double clusterings = 1;
  double mixtures = 1;
};

struct Grouping {
  Mixture mixture;                   // its shares: of the texts that EM went over, all or as many as there is room for
  std::vector<std::uint32_t> texts;  // which those are: numbers of rows, rising
  // The groups that a text came to, by the numbers they had among the k: the columns of `mixture`. Others are dropped.
  std::vector<std::uint32_t> kept;
  StartAgreement agreement;
  // Whether EM went on from the clustering; else the mixture is one step from it, and says what that does.
  bool is_by_em = true;
};

// A text's most probable group.
std::vector<std::uint32_t> most_probable_groups(const Rows& shares, const io::Executor& executor);

// EM is kept where its groups, from several starts, agree at least as far as the clusterings that it started from: what
// chance brings does not come again (T. Lange, V. Roth, M. L. Braun and J. M. Buhmann, "Stability-based validation of
// clustering solutions", Neural Computation 16, 2004). Else the words are no mixture of so many topics, and the
// clustering with the nearest centres stays. `fixed`: a distinct text, the group that it is in, or kNoGroup; empty:
// none. `step` is called with the share that is done.
Grouping group_texts(const WeightedTexts& texts, const Clusterable& clusterable, std::span<const std::uint32_t> fixed,
                     const TopicOptions& options, const io::Executor& executor,
                     const std::function<void(double share)>& step);

}  // namespace textlambda::topics
