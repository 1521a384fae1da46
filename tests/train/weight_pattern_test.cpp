#include "textlambda/train/fit/weight_pattern.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "textlambda/train/fit/naive_bayes.h"
#include "textlambda/train/fit/shortlists.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/many_labels.h"

#include "tests/catch.h"
#include "tests/train/made_documents.h"

using namespace textlambda::train;

namespace {

const textlambda::io::Executor kOneThread;

using Labels = std::vector<std::uint32_t>;

WeightPattern pattern_of(std::size_t label_count, const std::vector<Labels>& rows) {
  std::vector<std::size_t> ends;
  Labels labels;
  for (const Labels& row : rows) {
    labels.insert(labels.end(), row.begin(), row.end());
    ends.push_back(labels.size());
  }
  return WeightPattern(label_count, ends, labels);
}

Labels labels_of(const WeightPattern& pattern, std::size_t feature) {
  Labels labels;
  std::size_t next = pattern.begin(feature);
  pattern.for_each(feature, [&](std::uint32_t label, std::size_t place) {
    CHECK(place == next++);
    labels.push_back(label);
  });
  CHECK(next == pattern.begin(feature) + pattern.count(feature));
  return labels;
}

Labels every(std::uint32_t step, std::uint32_t label_count) {
  Labels labels;
  for (std::uint32_t label = step - 1; label < label_count; label += step) labels.push_back(label);
  return labels;
}

// Rows of every kind: listed, by bits, of all labels.
const std::vector<Labels> kPatternRows = {
    {}, {0}, {999}, {3, 64, 500}, every(7, 1000), every(11, 1000), every(3, 1000)};

// One document a row of the given features, each once, values of 1 / √(their number).
FitRows rows_of_each_document(const TrainingSet& set) {
  FitRows rows;
  for (std::uint32_t document = 0; document < set.size(); ++document) {
    const FitRows::LabelPart part{set.label(document), 1, 0};
    rows.add(document, false, {&part, 1});
  }
  return rows;
}

}  // namespace

TEST_CASE("a pattern gives its labels and places back, however it stores them") {
  const WeightPattern pattern = pattern_of(1000, kPatternRows);
  CHECK(pattern.feature_count() == kPatternRows.size());
  for (std::size_t feature = 0; feature + 1 < kPatternRows.size(); ++feature) {
    CAPTURE(feature);
    CHECK(labels_of(pattern, feature) == kPatternRows[feature]);
    for (std::uint32_t label = 0; label < 1000; ++label) {
      const auto found = std::lower_bound(kPatternRows[feature].begin(), kPatternRows[feature].end(), label);
      const bool has = found != kPatternRows[feature].end() && *found == label;
      const auto at = static_cast<std::size_t>(found - kPatternRows[feature].begin());
      REQUIRE(pattern.find(feature, label) == (has ? pattern.begin(feature) + at : WeightPattern::kNone));
    }
  }
  // A third of the labels: there are places for all.
  CHECK(labels_of(pattern, 6) == every(1, 1000));
  CHECK(pattern.find(6, 17) == pattern.begin(6) + 17);
  CHECK(pattern.size() == 0 + 1 + 1 + 3 + 142 + 90 + 1000);
}

TEST_CASE("a pattern is of the labels that documents have, whatever the threads") {
  const LabelledDocuments documents = make_counted_documents({{0, 1}, {0}, {1}, {0}}, {300, 2, 300, 7}, 301);
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    const textlambda::io::Executor executor(threads);
    const LabelLists lists(documents, {0, 3}, {0, 0, 0, 1}, nullptr, executor);
    const LabelLists held_out(documents, {0, 3}, {1, 1, 1, 0}, nullptr, executor);
    const WeightPattern pattern(lists, nullptr, executor);
    CHECK(labels_of(pattern, 0) == Labels{2, 300});
    CHECK(labels_of(pattern, 1) == Labels{300});
    CHECK(labels_of(pattern, 2).empty());
    CHECK(labels_of(WeightPattern(lists, &held_out, executor), 0) == Labels{2, 7, 300});
  }
}

TEST_CASE("more places than memory commonly has are refused before they are made") {
  constexpr std::size_t kLabels = std::size_t{1} << 20;
  std::vector<std::size_t> ends;  // a quarter of the labels each: a place for all
  for (std::size_t feature = 1; feature <= WeightPattern::kMostPlaces / kLabels + 1; ++feature) {
    ends.push_back(feature * kLabels / 4);
  }
  CHECK_THROWS_WITH(
      WeightPattern(kLabels, ends, {}),
      "the corpus has 269,484,032 pairs of an n-gram and a label, at most 268,435,456 can be fitted: fewer "
      "n-grams (--min-count, --chars none) or fewer labels are needed");
}

TEST_CASE("sums and steps of listed labels are those of a full matrix, the same bits in all versions") {
  const std::size_t labels = 1000;
  const WeightPattern pattern = pattern_of(labels, kPatternRows);
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> weights(pattern.size() + 1, 0);
  for (std::size_t i = 0; i < pattern.size(); ++i) weights[i] = normal(random);
  const Labels ids = {6, 0, 3, 4, 4, 5, 2, 1, 6, 5, 4, 3, 2, 1, 0, 6, 3};
  std::vector<float> values;
  for (std::size_t i = 0; i < ids.size(); ++i) values.push_back(normal(random));
  const SparseRow row{ids.data(), values.data(), ids.size()};
  const Labels listed = {0, 3, 6, 13, 64, 65, 500, 998, 999};
  const Shortlist list{listed.data(), listed.size()};
  std::vector<float> step(labels, 0);
  for (const std::uint32_t label : {3U, 6U, 64U, 999U}) step[label] = normal(random);

  NamedKernels versions[2] = {};
  const std::size_t count = all_kernels(versions);
  std::vector<float> first;
  for (std::size_t v = 0; v < count; ++v) {
    std::vector<float> logits(listed.size(), 0.5F);
    std::vector<float> by_label(labels, 17);
    versions[v].kernels->accumulate_listed(weights.data(), pattern.view(), row, list, logits.data(), by_label.data());
    std::vector<float> updated = weights;
    versions[v].kernels->update_listed(updated.data(), pattern.view(), row, list, step.data());
    for (std::size_t t = 0; t < listed.size(); ++t) {
      double expected = 0.5;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::size_t place = pattern.find(ids[i], listed[t]);
        if (place != WeightPattern::kNone) expected += static_cast<double>(values[i]) * weights[place];
      }
      CHECK(logits[t] == Approx(expected).margin(1e-5));
    }
    for (std::size_t feature = 0; feature < pattern.feature_count(); ++feature) {
      double moved = 0;
      for (std::size_t i = 0; i < ids.size(); ++i) moved += ids[i] == feature ? static_cast<double>(values[i]) : 0;
      pattern.for_each(feature, [&](std::uint32_t label, std::size_t place) {
        REQUIRE(updated[place] == Approx(weights[place] - moved * step[label]).margin(1e-5));
      });
    }
    CHECK(updated.back() == 0);
    updated.insert(updated.end(), logits.begin(), logits.end());
    if (v == 0) first = updated;
    CHECK(std::memcmp(first.data(), updated.data(), first.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("a fit by shortlists that hold all labels comes to the optimum of the full fit") {
  // 20 labels, a pattern that has all of them: both minimise the same.
  std::vector<Labels> features;
  Labels truths;
  for (std::uint32_t i = 0; i < 400; ++i) {
    features.push_back({i % 20, 20 + i % 7, 27 + i % 11});
    truths.push_back(i % 9 == 0 ? (i * i) % 20 : i % 20);
  }
  const LabelledDocuments documents = make_counted_documents(features, truths, 20);
  const TrainingSet set(documents, std::vector<float>(38, 1), textlambda::io::Executor());
  const FitRows rows = rows_of_each_document(set);
  SolverOptions options;
  options.c.assign(20, 4);
  options.epochs = options.most_epochs = 300;
  const Weights full = fit(set, rows, Weights(20, 38), options, kOneThread, {}).weights;
  const auto pattern = std::make_shared<const WeightPattern>(pattern_of(20, std::vector<Labels>(38, every(1, 20))));
  const Fit listed = fit(set, rows, Weights(pattern), options, kOneThread, {});
  CHECK(listed.gap < 1e-3);
  std::vector<float> expected(20);
  std::vector<float> logits(20);
  for (std::size_t document = 0; document < set.size(); document += 7) {
    full.logits(RowReader(set).row(document), expected.data());
    listed.weights.logits(RowReader(set).row(document), logits.data());
    for (std::size_t k = 0; k < 20; ++k) CHECK(logits[k] == Approx(expected[k]).margin(0.02));
  }
}

TEST_CASE("shortlists hold a row's own labels and those that the prior finds likeliest") {
  // Labels 10 · i have feature i; label 5 has the first 40 of these.
  const std::size_t label_count = 400;
  std::vector<Labels> features;
  Labels truths;
  for (std::uint32_t i = 0; i < 40; ++i) {
    features.push_back({i});
    truths.push_back(10 * i);
  }
  Labels all;
  for (std::uint32_t i = 0; i < 40; ++i) all.push_back(i);
  features.push_back(all);
  truths.push_back(5);
  const LabelledDocuments documents = make_counted_documents(features, truths, label_count);
  const textlambda::io::Executor executor;
  const LabelLists lists(documents, {0, 40}, std::vector<std::uint8_t>(features.size(), 0), nullptr, executor);
  std::vector<float> scales(40, 1);
  for (std::size_t i = 0; i < 9; ++i) scales[i] = 0.5;  // nine that matter less in the long document
  const TrainingSet set(documents, scales, executor);
  FitRows rows = rows_of_each_document(set);
  for (const double strength : {0.1, 0.0}) {
    const Weights prior = make_prior(LabelCounts(lists, executor), set, rows, strength, executor);
    REQUIRE(static_cast<bool>(prior.pattern));
    const Shortlists shortlists(set, rows, prior);
    const auto list = [&](std::size_t row) {
      const Shortlist found = shortlists[row];
      return Labels(found.labels, found.labels + found.size);
    };
    CHECK(list(0) == Labels{0, 5});
    CHECK(list(3) == Labels{5, 30});
    // 31 places beside its own: those of the features that matter more.
    Labels expected = {5};
    for (std::uint32_t i = 9; i < 40; ++i) expected.push_back(10 * i);
    CHECK(list(40) == expected);
  }
}

TEST_CASE("a row of more labels than a shortlist may have keeps those that most of its documents have") {
  const std::size_t label_count = 600;
  const LabelledDocuments documents = make_counted_documents({{0}, {0}}, {0, 599}, label_count);
  const textlambda::io::Executor executor;
  const TrainingSet set(documents, {1}, executor);
  FitRows rows;
  std::vector<FitRows::LabelPart> parts;
  for (std::uint32_t label = 0; label < label_count; ++label) parts.push_back({label, label < 300 ? 1.0F : 2.0F, 0});
  rows.add(0, false, parts);
  const auto pattern = std::make_shared<const WeightPattern>(pattern_of(label_count, {every(1, 600)}));
  const Shortlists shortlists(set, rows, Weights(pattern));
  REQUIRE(shortlists.size(0) == Shortlist::kMostListed);
  for (std::uint32_t i = 0; i < Shortlist::kMostListed; ++i) CHECK(shortlists[0].labels[i] == 300 + i);
  SolverOptions options;
  options.c.assign(label_count, 16);
  const Weights fitted = fit(set, rows, Weights(pattern), options, kOneThread, {}).weights;
  for (const float bias : fitted.bias) CHECK(std::isfinite(bias));
}
