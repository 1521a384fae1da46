#include "textlambda/train/fit/solver.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::train;

namespace {

const textlambda::io::Executor kAlone;

// The documents of reference_fit.py.
LabelledDocuments make_documents(std::uint32_t labels) {
  LabelledDocuments documents;
  documents.blocks.resize(1);
  DocumentBlock& block = documents.blocks[0];
  for (std::uint32_t i = 0; i < 60; ++i) {
    std::map<std::uint32_t, std::uint32_t> counts;
    for (std::uint32_t j = 0; j < 5; ++j) counts[(i * (j + 3) + j * j + i / 7) % 12] = 1 + (i + j) % 3;
    for (const auto& [feature, count] : counts) {
      block.terms.push_back(feature);
      block.counts.push_back(static_cast<std::uint8_t>(count));
    }
    block.words_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
    block.document_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
    block.labels.push_back((i * i + i / 3) % labels);
  }
  documents.document_count = 60;
  return documents;
}

double half_square(float difference) { return 0.5 * static_cast<double>(difference) * static_cast<double>(difference); }

double objective(const TrainingSet& set, const Weights& weights, const Weights& prior,
                 const std::vector<float>& handicaps, float c) {
  double value = 0;
  for (std::size_t i = 0; i < weights.matrix.size(); ++i) value += half_square(weights.matrix[i] - prior.matrix[i]);
  for (const float w : weights.bias) value += half_square(w);
  std::vector<float> logits(weights.label_count);
  for (std::size_t i = 0; i < set.size(); ++i) {
    weights.logits(textlambda::train::RowReader(set).row(i), logits.data());
    logits[set.label(i)] += handicaps[i];
    double total = 0;
    for (const float logit : logits) total += std::exp(static_cast<double>(logit - logits[set.label(i)]));
    value += static_cast<double>(c) * std::log(total);
  }
  return value;
}

std::vector<float> reference_scales() {
  std::vector<float> scales(12);
  for (std::size_t feature = 0; feature < 12; ++feature) scales[feature] = 1 + static_cast<float>(feature) / 10;
  return scales;
}

// As many epochs as it takes, nobody sits out.
SolverOptions to_the_end(std::uint32_t labels, float c) {
  SolverOptions options;
  options.c.assign(labels, c);
  options.epochs = 400;
  options.most_epochs = 400;
  options.settled = 0;
  return options;
}

std::vector<float> no_handicaps(const TrainingSet& set) { return std::vector<float>(set.size(), 0); }

// Each document a row of its own.
FitRows rows_of(const TrainingSet& set, const std::vector<float>& handicaps) {
  FitRows rows;
  for (std::uint32_t document = 0; document < set.size(); ++document) {
    const FitRows::LabelPart part{set.label(document), 1, handicaps[document]};
    rows.add(document, false, {&part, 1});
  }
  return rows;
}
FitRows rows_of(const TrainingSet& set) { return rows_of(set, no_handicaps(set)); }

// Each document three times, twice under its label and once under the next.
FitRows tripled_rows(const TrainingSet& set, std::uint32_t labels) {
  FitRows rows;
  for (std::uint32_t document = 0; document < set.size(); ++document) {
    const std::uint32_t label = set.label(document);
    std::vector<FitRows::LabelPart> parts{{label, 2, 0}, {(label + 1) % labels, 1, 0}};
    if (parts[1].label < label) std::swap(parts[0], parts[1]);
    rows.add(document, false, parts);
  }
  return rows;
}

double tripled_objective(const TrainingSet& set, const Weights& weights, std::uint32_t labels, float c) {
  double value = 0;
  for (const float w : weights.matrix) value += half_square(w);
  for (const float w : weights.bias) value += half_square(w);
  std::vector<float> logits(labels);
  for (std::size_t i = 0; i < set.size(); ++i) {
    weights.logits(textlambda::train::RowReader(set).row(i), logits.data());
    double total = 0;
    for (const float logit : logits) total += std::exp(static_cast<double>(logit));
    const std::uint32_t label = set.label(i);
    const auto shares = 2 * static_cast<double>(logits[label]) + static_cast<double>(logits[(label + 1) % labels]);
    value += static_cast<double>(c) * (3 * std::log(total) - shares);
  }
  return value;
}

}  // namespace

TEST_CASE("the fit reaches the optimum that another solver finds") {
  // From reference_fit.py.
  const struct {
    std::uint32_t labels;
    float c;
    double optimum;
  } cases[] = {{2, 0.1F, 3.9229714660392996}, {2, 1, 36.942311849306705},   {2, 8, 275.19918553774454},
               {2, 16, 538.5429954425848},    {3, 0.1F, 6.555037955177811}, {3, 1, 64.25411309526504},
               {3, 8, 503.40253123982916},    {3, 16, 1003.0569490827191},  {5, 0.1F, 9.232962122773609},
               {5, 1, 83.96769225817847},     {5, 8, 598.6455706194204},    {5, 16, 1150.7618771710827}};
  for (const auto& test : cases) {
    CAPTURE(test.labels, test.c);
    const LabelledDocuments documents = make_documents(test.labels);
    const TrainingSet set(documents, reference_scales(), textlambda::io::Executor());
    SolverOptions options = to_the_end(test.labels, test.c);
    const Weights none(test.labels, 12);
    const Weights weights = fit(set, rows_of(set), none, options, kAlone, {}).weights;
    CHECK(objective(set, weights, none, no_handicaps(set), test.c) == Approx(test.optimum).epsilon(2e-4));
    for (const std::size_t shards : {2U, 3U}) {
      CAPTURE(shards);
      options.shards = shards;
      const Weights shared = fit(set, rows_of(set), none, options, kAlone, {}).weights;
      CHECK(objective(set, shared, none, no_handicaps(set), test.c) == Approx(test.optimum).epsilon(2e-3));
      const textlambda::io::Executor three(3);
      CHECK(fit(set, rows_of(set), none, options, three, {}).weights.matrix == shared.matrix);
    }
    options.shards = 1;
    options.settled = 0.002F;  // sitting out must not change where it ends
    CHECK(objective(set, fit(set, rows_of(set), none, options, kAlone, {}).weights, none, no_handicaps(set), test.c) ==
          Approx(test.optimum).epsilon(2e-3));
  }
}

TEST_CASE("a prior draws the weights to itself, and handicaps count while fitting only") {
  // From reference_fit.py.
  const struct {
    std::uint32_t labels;
    float c;
    double optimum;
  } cases[] = {{2, 0.1F, 5.763731274594646}, {2, 1, 53.13542561490761},    {2, 8, 387.94543221223415},
               {2, 16, 755.9011620275078},   {3, 0.1F, 8.945083781265913}, {3, 1, 86.42843743632493},
               {3, 8, 671.6433350421905},    {3, 16, 1337.2148244971168},  {5, 0.1F, 12.221997374181637},
               {5, 1, 109.8900521794118},    {5, 8, 776.1663777038741},    {5, 16, 1493.0410921908774}};
  for (const auto& test : cases) {
    CAPTURE(test.labels, test.c);
    const LabelledDocuments documents = make_documents(test.labels);
    const TrainingSet set(documents, reference_scales(), textlambda::io::Executor());
    Weights prior(test.labels, 12);
    for (std::size_t feature = 0; feature < 12; ++feature) {
      for (std::size_t label = 0; label < (test.labels == 2 ? 1 : test.labels); ++label) {
        prior.matrix[feature * prior.stride + label] = static_cast<float>((feature * 5 + label * 3) % 7) / 4 - 0.75F;
      }
    }
    std::vector<float> handicaps;
    for (std::size_t i = 0; i < set.size(); ++i) handicaps.push_back(-static_cast<float>(i % 5) / 4);
    SolverOptions options = to_the_end(test.labels, test.c);
    const Weights weights = fit(set, rows_of(set, handicaps), prior, options, kAlone, {}).weights;
    CHECK(objective(set, weights, prior, handicaps, test.c) == Approx(test.optimum).epsilon(2e-4));
    for (float& c : options.c) c = 1e-6F;  // no say for the documents
    const Weights drawn = fit(set, rows_of(set, handicaps), prior, options, kAlone, {}).weights;
    for (std::size_t i = 0; i < drawn.matrix.size(); ++i)
      CHECK(drawn.matrix[i] == Approx(prior.matrix[i]).margin(1e-3));
  }
}

TEST_CASE("many labels at C = 16 do not end at W = 0") {
  // Each document has a feature of its label's own: every one must be got right. The label counts differ in how the
  // rows of weights are padded.
  for (const std::uint32_t labels : {20U, 33U, 58U, 70U}) {
    LabelledDocuments documents;
    documents.blocks.resize(1);
    DocumentBlock& block = documents.blocks[0];
    const std::uint32_t size = labels * 20;
    for (std::uint32_t i = 0; i < size; ++i) {
      for (const std::uint32_t feature : {i % labels, labels + i % 7, labels + 7 + i % 11}) {
        block.terms.push_back(feature);
        block.counts.push_back(1);
      }
      block.words_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
      block.document_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
      block.labels.push_back(i % labels);
    }
    documents.document_count = size;
    const std::size_t features = labels + 18;
    const TrainingSet set(documents, std::vector<float>(features, 1), textlambda::io::Executor());
    SolverOptions options;
    options.c.assign(labels, 16);
    const Weights weights = fit(set, rows_of(set), Weights(labels, features), options, kAlone, {}).weights;
    CHECK(weights.stride >= labels);
    CHECK(weights.stride % 4 == 0);
    std::vector<float> logits(labels);
    std::size_t correct = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      weights.logits(textlambda::train::RowReader(set).row(i), logits.data());
      const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
      correct += static_cast<std::size_t>(best) == i % labels ? 1U : 0U;
    }
    CAPTURE(labels);
    CHECK(correct == size);
  }
}

TEST_CASE("documents with one vector and several labels are fitted as one row") {
  // From reference_fit.py.
  const struct {
    std::uint32_t labels;
    float c;
    double optimum;
  } cases[] = {{2, 1, 122.84374291146965}, {2, 8, 977.6359829489867}, {3, 1, 195.3177239701124},
               {3, 8, 1556.1565266791888}, {5, 1, 269.6461341801827}, {5, 8, 2099.090667950364}};
  for (const auto& test : cases) {
    CAPTURE(test.labels, test.c);
    const LabelledDocuments documents = make_documents(test.labels);
    const TrainingSet set(documents, reference_scales(), textlambda::io::Executor());
    const Fit fitted =
        fit(set, tripled_rows(set, test.labels), Weights(test.labels, 12), to_the_end(test.labels, test.c), kAlone, {});
    CHECK(tripled_objective(set, fitted.weights, test.labels, test.c) == Approx(test.optimum).epsilon(2e-4));
  }
}

TEST_CASE("where held-out rows share nothing with the others, all that they gave is taken back") {
  // Documents 0 … 9 have features 0 and 1, documents 10 … 19 have 2 and 3.
  for (const std::uint32_t labels : {2U, 3U}) {
    for (const std::size_t shards : {1U, 2U, 4U}) {
      CAPTURE(labels, shards);
      LabelledDocuments documents;
      documents.blocks.resize(1);
      FitRows rows;
      for (std::uint32_t i = 0; i < 20; ++i) {
        DocumentBlock& block = documents.blocks[0];
        for (const std::uint32_t feature : {i / 10 * 2, i / 10 * 2 + 1}) {
          block.terms.push_back(feature);
          block.counts.push_back(static_cast<std::uint8_t>(1 + i % 3));
        }
        block.words_end.push_back(2 * i + 2);
        block.document_end.push_back(2 * i + 2);
        block.labels.push_back(i * i % labels);
        const FitRows::LabelPart part{i * i % labels, 1, 0};
        rows.add(i, i < 10, {&part, 1});
      }
      documents.document_count = 20;
      const TrainingSet set(documents, {1, 2, 3, 4}, kAlone);
      Weights prior(labels, 4);
      for (std::size_t i = 0; i < prior.matrix.size(); ++i) prior.matrix[i] = static_cast<float>(i % 5) / 8;
      SolverOptions options = to_the_end(labels, 8);
      options.shards = shards;
      ShardedFit fitted(set, rows, prior, options, kAlone);
      fitted.ascend({});
      CHECK(std::abs(fitted.weights().matrix[0] - prior.matrix[0]) > 0.02F);
      fitted.leave_out_held_out();
      for (std::size_t i = 0; i < 2 * prior.stride; ++i) {
        CHECK(fitted.weights().matrix[i] == Approx(prior.matrix[i]).margin(1e-4));
      }
    }
  }
}

TEST_CASE("passes go on until the gap is small enough, and the gap bounds what is left to gain") {
  for (const std::uint32_t labels : {2U, 5U}) {
    const LabelledDocuments documents = make_documents(labels);
    const TrainingSet set(documents, reference_scales(), textlambda::io::Executor());
    const Weights none(labels, 12);
    const float c = 16;
    const double costs = 60 * static_cast<double>(c);
    const double optimum = objective(set, fit(set, rows_of(set), none, to_the_end(labels, c), kAlone, {}).weights, none,
                                     no_handicaps(set), c);
    int before = 0;
    for (const double gap : {0.1, 0.01, 0.001}) {
      SolverOptions options;
      options.c.assign(labels, c);
      options.epochs = 1;
      options.most_epochs = 400;
      options.gap = gap;
      const Fit fitted = fit(set, rows_of(set), none, options, kAlone, {});
      CAPTURE(labels, gap, fitted.epochs);
      CHECK(fitted.gap <= gap);
      CHECK(fitted.epochs > before);
      CHECK(fitted.epochs < 400);
      // Rows that are met early in a pass move on with the others' steps: about a bound.
      CHECK(objective(set, fitted.weights, none, no_handicaps(set), c) - optimum <= 2 * fitted.gap * costs);
      before = fitted.epochs;
      options.most_epochs = 2;
      options.gap = 1e-9;
      CHECK(fit(set, rows_of(set), none, options, kAlone, {}).epochs == 2);
    }
  }
}
