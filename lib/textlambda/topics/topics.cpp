#include "textlambda/topics/topics.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "textlambda/corpus/joined_rows.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/text/count.h"
#include "textlambda/topics/grouping.h"
#include "textlambda/topics/seeds.h"
#include "textlambda/topics/topic_map.h"
#include "textlambda/topics/topic_model.h"
#include "textlambda/topics/weighed_corpus.h"

#ifndef TEXTLAMBDA_VERSION
#error "the build names the version"
#endif

namespace textlambda::topics {
namespace {

constexpr std::size_t kTypicalTexts = 3;  // of a group

void check_options(const TopicOptions& options) {
  if (options.k < 2) io::throw_usage(fmt::format("-k: {} given, expected at least 2 groups", options.k));
  if (options.k > kMostGroups) {
    io::throw_usage(fmt::format("-k: {} given, expected at most {} groups", options.k, kMostGroups));
  }
  if (!(options.abstain_threshold >= 0 && options.abstain_threshold <= 1)) {
    io::throw_usage(
        fmt::format("--abstain-threshold: {:g} given, expected a confidence from 0 to 1", options.abstain_threshold));
  }
}

// The groups' hard sizes among the texts that were clustered, near-duplicates once.
void warn_of_sizes(const std::vector<std::uint32_t>& groups, std::size_t empty, std::size_t count,
                   TopicReport& report) {
  if (empty > 0) {
    report.warnings.push_back(
        fmt::format("{} of {} groups stayed empty and {} left out: the texts fall into fewer than were asked for",
                    empty, report.k, empty == 1 ? "was" : "were"));
  }
  std::vector<std::size_t> sizes(count, 0);
  for (const std::uint32_t group : groups) ++sizes[group];
  const std::size_t largest = *std::max_element(sizes.begin(), sizes.end());
  const double share = static_cast<double>(largest) / static_cast<double>(std::max<std::size_t>(groups.size(), 1));
  // Of two groups, one may well be large.
  if (share > 0.5 + 0.8 / static_cast<double>(report.k)) {
    report.warnings.push_back(
        fmt::format("one group has {:.0f} % of the texts: they are too short or too alike for {} groups, or most are "
                    "about one thing",
                    100 * share, report.k));
  }
}

void check_seeds(const std::vector<SeedLabel>& seeds) {
  std::set<std::string> labels;
  for (const SeedLabel& seed : seeds) {
    if (!labels.insert(seed.label).second) {
      io::throw_usage(fmt::format("--seed-labels: \"{}\" is given twice", seed.label));
    }
  }
}

void check_names(const KnownGroups& known, std::size_t k) {
  if (known.names.size() <= k) return;
  io::throw_usage(fmt::format("-k: {} given, {} are known: expected at least as many groups", text::counted(k, "group"),
                              text::counted(known.names.size(), "label")));
}

TextNumbers number_texts(const Collection& collection) {
  TextNumbers numbers;
  std::uint64_t next = 0;
  for (const train::DocumentBlock& block : collection.documents.unlabelled.blocks) {
    numbers.first.push_back(next);
    next += block.size();
  }
  numbers.is_duplicate.assign(next, 1);
  for (const std::uint32_t number : collection.distinct) numbers.is_duplicate[number] = 0;
  return numbers;
}

// Bytes at an address as mapped files have.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::string_view bytes) : memory_(bytes.size()), size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), memory_.begin());
  }
  std::string_view view() const { return {memory_.data(), size_}; }

 private:
  train::MatrixVector<char> memory_;
  std::size_t size_;
};

}  // namespace

TopicResult find_topics(const corpus::RowSource& corpus, const corpus::RowSource* labelled, const TopicOptions& options,
                        const io::Executor& executor, const Progress& progress, const Render& render,
                        const Sink& sink) {
  check_options(options);
  check_seeds(options.seeds);
  const auto tell = [&](Stage stage, double share) {
    if (progress) progress(stage, share);
  };
  tell(Stage::read, 0);
  std::vector<const corpus::RowSource*> sources = {&corpus};
  if (labelled != nullptr) sources.push_back(labelled);
  const corpus::JoinedRows all(std::move(sources));
  KnownGroups known = read_known_groups(options.seeds, labelled);
  check_names(known, options.k);
  WeighedCorpus weighed = weigh_corpus(all, options, options.k, options.k, executor);
  Collection& collection = weighed.collection;
  tell(Stage::read, 1);

  TopicResult result;
  TopicReport& report = result.report;
  report.tool_version = TEXTLAMBDA_VERSION;
  report.inputs = all.inputs();
  report.corpus_sha256 = all.sha256();
  report.labelled_texts = known.labels.size();
  report.texts = collection.text_count - report.labelled_texts;
  report.distinct_texts = collection.distinct.size();
  report.k = options.k;
  report.options_json = to_json(options);
  report.configuration_sha256 = encoding::sha256_hex(report.options_json);

  const FixedTexts fixed = fix_texts(collection, options.seeds, known);
  const Clusterable clusterable = make_clusterable(weighed.rarer, fixed.labelled, options, executor);
  weighed.rarer = WeightedTexts();
  Grouping grouping = group_texts(weighed.texts, clusterable, fixed.groups, options, executor,
                                  [&](double share) { tell(Stage::group, share); });
  const std::size_t count = grouping.kept.size();
  if (count < 2) {
    io::throw_input("the texts fall into one group: they have too few words in common to tell more", weighed.names);
  }
  report.features = weighed.texts.features.size();
  report.clustered_texts = clusterable.sample.size();
  report.log_likelihood = grouping.mixture.log_likelihood;
  report.agreement = grouping.agreement;
  report.is_by_em = grouping.is_by_em;
  const std::vector<std::uint32_t> groups = most_probable_groups(grouping.mixture.shares, executor);
  warn_of_sizes(groups, options.k - count, count, report);

  std::vector<std::vector<GroupTerm>> terms = name_groups(all, collection, grouping.texts, groups, count, executor);
  ModelSettings settings;
  settings.temper = kLastTemper;
  settings.abstain_threshold = options.abstain_threshold;
  settings.labels = make_labels(terms);
  for (std::size_t group = 0; group < count; ++group) {
    if (grouping.kept[group] >= known.names.size()) continue;
    const std::string& label = known.names[grouping.kept[group]];
    for (std::string& other : settings.labels) {
      if (other == label) other += " (2)";
    }
    settings.labels[group] = label;
  }
  const std::vector<std::uint32_t> order = model_order(settings.labels);
  std::vector<std::uint32_t> place(count);  // a group's in that order
  for (std::size_t label = 0; label < count; ++label) {
    place[order[label]] = static_cast<std::uint32_t>(label);
    report.groups.push_back({settings.labels[order[label]], 0, 0, std::move(terms[order[label]]), {}, {}});
  }
  TextNumbers numbers = number_texts(collection);
  const std::vector<std::uint32_t> clustered = clustered_groups(clusterable, grouping, groups);
  report.map = draw_map(clusterable.latent, clustered, place);
  std::vector<std::uint32_t> shown = clustered;  // texts that the corpus has, not those that came with a label
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (collection.distinct[clusterable.sample[i]] >= report.texts) shown[i] = kNoGroup;
  }
  const auto typical = find_typical(clusterable.latent, shown, count, kTypicalTexts);
  for (std::size_t group = 0; group < count; ++group) {
    for (std::uint32_t rank = 0; rank < typical[group].size(); ++rank) {
      const std::uint32_t text = collection.distinct[clusterable.sample[typical[group][rank]]];
      numbers.typical.emplace(text, Typical{place[group], rank});
    }
  }
  grouping.mixture.shares.resize(0, 0);
  settings.card = card_json(report);
  result.model = write_model(all, collection, weighed.texts, grouping.mixture, settings, executor);
  weighed = WeighedCorpus();
  report.faults = std::move(known.faults);

  tell(Stage::assign, 0);
  const AlignedBytes bytes(result.model);
  const model::Classifier classifier(model::ModelFile::view(bytes.view(), "the model"));
  assign_texts(classifier, corpus, numbers, executor, render, sink, report);
  tell(Stage::assign, 1);
  return result;
}

}  // namespace textlambda::topics
