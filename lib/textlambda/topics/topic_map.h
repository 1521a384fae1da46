// Where groups lie in the latent space: which texts are near their centres, and a picture of them, texts in the plane
// in which the groups' centres lie furthest apart (the two largest principal components of the centres in the latent
// space).
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/topics/grouping.h"
#include "textlambda/topics/report.h"

namespace textlambda::topics {

// A clustered text's group, kNoGroup where EM did not go over it. `groups`: of grouping.texts.
std::vector<std::uint32_t> clustered_groups(const Clusterable& clusterable, const Grouping& grouping,
                                            const std::vector<std::uint32_t>& groups);

// A group: rows of the latent space, those nearest to the direction of its centre first, `most` at most.
std::vector<std::vector<std::uint32_t>> find_typical(const Rows& latent, const std::vector<std::uint32_t>& groups,
                                                     std::size_t k, std::size_t most);

// At most 2,000 of the clustered texts, evenly spread over them. `groups`: a row's; `place`: a group's number in the
// report.
std::vector<MapPoint> draw_map(const Rows& latent, const std::vector<std::uint32_t>& groups,
                               const std::vector<std::uint32_t>& place);

}  // namespace textlambda::topics
