#include "textlambda/train/holdout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

#include "textlambda/train/counter_random.h"

namespace textlambda::train {
namespace {

// A document by what it is grouped by. `order` is a hash of the gist, so that groups come in an order of the seed's.
struct Member {
  std::uint64_t order = 0;
  std::uint64_t text = 0;
  std::uint32_t label = 0;
  std::uint32_t document = 0;
};

struct Group {
  std::uint64_t order = 0;
  std::size_t begin = 0;  // of its members
  std::size_t end = 0;
  std::uint32_t label = 0;

  std::uint64_t size() const { return end - begin; }
};

std::vector<Member> sorted_members(const LabelledDocuments& documents, const CounterRandom& random) {
  std::vector<Member> members;
  members.reserve(documents.document_count);
  std::uint32_t index = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      members.push_back({random(block.gists[i]), block.seen_texts[i], block.labels[i], index++});
    }
  }
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
    return std::tie(a.order, a.text, a.label, a.document) < std::tie(b.order, b.text, b.label, b.document);
  });
  return members;
}

// The label that most members from `begin` to `end` have, the lowest of several.
std::uint32_t commonest_label(const std::vector<Member>& members, std::size_t begin, std::size_t end) {
  if (end - begin == 1) return members[begin].label;
  std::vector<std::uint32_t> labels;
  for (std::size_t i = begin; i < end; ++i) labels.push_back(members[i].label);
  std::sort(labels.begin(), labels.end());
  std::uint32_t best = labels[0];
  std::size_t most = 0;
  for (std::size_t i = 0, run = 0; i < labels.size(); ++i) {
    run = i > 0 && labels[i] == labels[i - 1] ? run + 1 : 1;
    if (run > most) {
      most = run;
      best = labels[i];
    }
  }
  return best;
}

bool too_large(const Group& group, const LabelledDocuments& documents) {
  return group.size() * 3 > documents.label_counts[group.label];
}

// In the order in which they are asked. `texts`: how many there were before the too large ones went.
std::vector<Group> make_groups(const LabelledDocuments& documents, const std::vector<Member>& members,
                               const CounterRandom& random, std::size_t& texts) {
  std::vector<Group> groups;
  groups.reserve(members.size());
  texts = 0;
  for (std::size_t begin = 0, end = 0; begin < members.size(); begin = end) {
    while (end < members.size() && members[end].order == members[begin].order) ++end;
    const Group group{members[begin].order, begin, end, commonest_label(members, begin, end)};
    if (!too_large(group, documents)) {
      ++texts;
      groups.push_back(group);
      continue;
    }
    for (std::size_t from = begin, to = begin; from < end; from = to) {
      while (to < end && members[to].text == members[from].text) ++to;
      const Group copies{random(members[from].text), from, to, commonest_label(members, from, to)};
      ++texts;
      if (!too_large(copies, documents)) groups.push_back(copies);
    }
  }
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return std::tie(a.order, a.begin) < std::tie(b.order, b.begin); });
  return groups;
}

void assign(const Group& group, const std::vector<Member>& members, unsigned part, Holdout& holdout) {
  for (std::size_t i = group.begin; i < group.end; ++i) {
    holdout.part[members[i].document] = static_cast<std::uint8_t>(part);
  }
}

// How many parts: as many as the rarest label has groups, so that each part has as much of each label. Without that the
// label of what is held out is the rarer one among the others, which tiny corpora would learn.
unsigned choose_parts(const std::vector<Group>& groups, std::size_t labels, double share) {
  constexpr double kFewest = 3;
  constexpr double kMost = 10;
  std::vector<std::size_t> counts(labels, 0);
  for (const Group& group : groups) ++counts[group.label];
  double parts = std::clamp(std::round(1 / share), 2.0, kMost);
  for (const std::size_t count : counts) {
    if (count > 0) parts = std::min(parts, std::max(static_cast<double>(count), kFewest));
  }
  return static_cast<unsigned>(parts);
}

// Every group into one of the parts, in turn.
void cut_into_parts(const std::vector<Group>& groups, const std::vector<Member>& members, std::size_t labels,
                    Holdout& holdout) {
  std::vector<std::size_t> next(labels, 0);
  for (const Group& group : groups) {
    assign(group, members, static_cast<unsigned>(next[group.label]++ % holdout.parts) + 1, holdout);
  }
}

// Of each label every step-th document, as near as groups come to it.
void take_one_part(const LabelledDocuments& documents, const std::vector<Group>& groups,
                   const std::vector<Member>& members, std::uint64_t step, const CounterRandom& random,
                   Holdout& holdout) {
  std::vector<std::uint64_t> left;  // documents that a label is still to give
  for (std::size_t label = 0; label < documents.labels.size(); ++label) {
    // Rounded up or down by chance, so that rare labels have theirs now and then.
    const std::uint64_t count = documents.label_counts[label];
    left.push_back(count >= 3 ? (count + random.below(label, step)) / step : 0);
  }
  std::vector<std::uint8_t> gave(left.size(), 0);
  const auto take = [&](const Group& group) {
    assign(group, members, 1, holdout);
    left[group.label] -= std::min(left[group.label], group.size());
    gave[group.label] = 1;
  };
  for (const Group& group : groups) {
    if (left[group.label] > 0 && group.size() <= 2 * left[group.label]) take(group);
  }
  // Labels of large groups only.
  for (const Group& group : groups) {
    if (left[group.label] > 0 && gave[group.label] == 0) take(group);
  }
}

}  // namespace

std::vector<std::uint8_t> flags_of(const Holdout& holdout, std::size_t part) {
  std::vector<std::uint8_t> flags;
  flags.reserve(holdout.part.size());
  for (const std::uint8_t other : holdout.part) flags.push_back(part != 0 && other == part ? 1 : 0);
  return flags;
}

Holdout choose_holdout(const LabelledDocuments& documents, double share, std::size_t largest, std::uint64_t seed) {
  // So many texts are fitted in no time, and a tenth of them says little.
  constexpr std::size_t kFewTexts = 500;
  constexpr std::size_t kFewDocuments = 10 * kFewTexts;

  const CounterRandom random(seed, 0x686f6c646f7574);
  const std::vector<Member> members = sorted_members(documents, random);
  Holdout holdout;
  const std::vector<Group> groups = make_groups(documents, members, random, holdout.texts);
  holdout.part.assign(documents.document_count, 0);
  const auto total = static_cast<double>(documents.document_count);
  const double wanted = std::min(share * total, static_cast<double>(largest));
  if (!(share > 0)) return holdout;
  if (holdout.texts <= kFewTexts && documents.document_count <= kFewDocuments) {
    holdout.parts = choose_parts(groups, documents.labels.size(), share);
    cut_into_parts(groups, members, documents.labels.size(), holdout);
  } else if (wanted >= 1) {
    holdout.parts = 1;
    const auto step = std::max<std::uint64_t>(2, static_cast<std::uint64_t>(std::llround(total / wanted)));
    take_one_part(documents, groups, members, step, random, holdout);
  }
  return holdout;
}

}  // namespace textlambda::train
