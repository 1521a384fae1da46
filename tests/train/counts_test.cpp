#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/feature_scale.h"
#include "textlambda/train/vocabulary.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::train;

namespace {

constexpr unsigned kHashBits = 24;

LabelledDocuments count(const std::string& rows, features::NGramRange words, features::NGramRange characters = {}) {
  features::FeatureOptions options;
  options.words = words;
  options.characters = characters;
  return count_documents(corpus::Corpus::over(rows, "rows.jsonl", {}), {options, kHashBits}, io::Executor(2), {});
}

std::vector<float> scales_of(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                             const std::vector<std::uint8_t>& held_out, const io::Executor& executor) {
  const LabelLists lists(documents, {0, vocabulary.size()}, held_out, nullptr, executor);
  return compute_feature_scales(documents, vocabulary, lists, executor);
}

std::string row(const std::string& text, const std::string& label) {
  return R"({"text":")" + text + R"(","label":")" + label + "\"}\n";
}

// a in 4 documents, b in 3, c in 2, d in 1.
const std::string kRows = row("a b c d d", "x") + row("a b c", "y") + row("a b", "x") + row("a", "y");

}  // namespace

TEST_CASE("terms are counted once a document, labels sorted") {
  const LabelledDocuments documents = count(row("b b a", "z") + row("a", "m") + row("c", "z"), {1, 1});
  CHECK(documents.labels == std::vector<std::string>{"m", "z"});
  CHECK(documents.label_counts == std::vector<std::uint64_t>{1, 2});
  CHECK(documents.document_count == 3);
  REQUIRE(documents.blocks.size() == 1);
  const BlockTerms terms(documents.blocks[0]);
  CHECK(std::vector<std::uint8_t>(terms.counts().begin(), terms.counts().end()) ==
        std::vector<std::uint8_t>{2, 1, 1, 1});
  CHECK(documents.blocks[0].document_end == std::vector<std::uint32_t>{2, 3, 4});
  CHECK(documents.blocks[0].labels == std::vector<std::uint32_t>{1, 0, 1});
}

TEST_CASE("a corpus of one label is refused") {
  CHECK_THROWS_WITH(count(row("a", "x") + row("b", "x"), {1, 1}),
                    "rows.jsonl: has only one label, \"x\"; a classifier needs at least two");
}

TEST_CASE("the vocabulary holds what enough documents have, the most frequent first", "[threads]") {
  const struct {
    unsigned min_documents;
    std::size_t max_features;
    std::vector<std::uint32_t> frequencies;
  } cases[] = {{1, 100, {4, 3, 2, 1}}, {2, 100, {4, 3, 2}}, {3, 100, {4, 3}}, {5, 100, {}}, {1, 2, {4, 3}}};
  for (const auto& test : cases) {
    for (const unsigned threads : {1U, 2U, 3U, 8U}) {
      LabelledDocuments documents = count(kRows, {1, 1});
      const Vocabulary vocabulary =
          build_vocabulary(documents, kHashBits, test.min_documents, test.max_features, io::Executor(threads));
      CAPTURE(test.min_documents, threads);
      CHECK(vocabulary.document_frequencies == test.frequencies);
      CHECK(vocabulary.found == 4);
      std::size_t occurrences = 0;
      for (const std::uint32_t frequency : test.frequencies) occurrences += frequency;
      const BlockTerms terms(documents.blocks[0]);
      CHECK(terms.terms().size() == occurrences);
      for (const std::uint32_t term : terms.terms()) CHECK(term < vocabulary.size());
    }
  }
}

TEST_CASE("an n-gram of two blocks is met twice, whichever threads met it", "[threads]") {
  // The bits of words and of characters; 5 is in both blocks, 9 and 7 in one, 12 twice in one.
  constexpr unsigned kBits = 4;
  for (const unsigned workers : {1U, 2U, 4U, 5U, 16U}) {
    CAPTURE(workers);
    LabelledDocuments documents;
    documents.blocks.resize(2);
    documents.document_count = 3;
    const auto append = [&](std::size_t block, const std::vector<std::uint32_t>& terms) {
      DocumentBlock& to = documents.blocks[block];
      for (const std::uint32_t term : terms) {
        to.terms.push_back(term);
        to.counts.push_back(1);
      }
      to.words_end.push_back(static_cast<std::uint32_t>(to.terms.size()));
      to.document_end.push_back(static_cast<std::uint32_t>(to.terms.size()));
      to.labels.push_back(0);
    };
    append(0, {5, 9, 12});
    append(0, {12});
    append(1, {5, 7});
    Sightings sightings(kBits, workers);
    sightings.meet(documents.blocks[0], 0);
    sightings.meet(documents.blocks[1], workers - 1);
    const Vocabulary vocabulary = build_vocabulary(documents, std::move(sightings), 2, 100, io::Executor(workers));
    CHECK(vocabulary.hashes == std::vector<std::uint32_t>{5, 12});
    CHECK(vocabulary.document_frequencies == std::vector<std::uint32_t>{2, 2});
    CHECK(vocabulary.found == 4);
  }
}

TEST_CASE("word and character n-grams are told apart") {
  LabelledDocuments documents = count(row("ab", "x") + row("ab", "y"), {1, 1}, {2, 2});
  const Vocabulary vocabulary = build_vocabulary(documents, kHashBits, 2, 100, io::Executor(1));
  CHECK(vocabulary.size() == 4);  // ab; " a", "ab", "b "
  CHECK(std::count(vocabulary.groups.begin(), vocabulary.groups.end(), features::Group::characters) == 3);
}

TEST_CASE("scales follow the formula and do not look at held-out labels", "[threads]") {
  LabelledDocuments documents = count(kRows, {1, 1});
  const Vocabulary vocabulary = build_vocabulary(documents, kHashBits, 1, 100, io::Executor(1));
  const std::vector<std::uint8_t> nobody(4, 0);
  const std::vector<float> scales = scales_of(documents, vocabulary, nobody, io::Executor(2));
  // ε is 10 / 4. "a" is in every document and says nothing: idf 1; p = (2 + ½) / 5 = ½ for both labels, so KL 0.
  CHECK(scales[0] == Approx(std::pow(2.5, 0.25)).margin(1e-3));
  // "d": one document of label x; p_x = 1.5 / 2, p_y = 0.5 / 2, prior ½.
  const double kl = 0.75 * std::log(1.5) + 0.25 * std::log(0.5);
  const double idf = std::log(5.0 / 2) + 1;
  CHECK(scales[3] == Approx(std::pow(idf, 1.3) * std::pow(2 * kl + 2.5, 0.25)).epsilon(1e-5));

  std::vector<std::uint8_t> held_out{0, 0, 0, 1};
  const auto before = scales_of(documents, vocabulary, held_out, io::Executor(1));
  documents.blocks[0].labels[3] = 0;
  CHECK(scales_of(documents, vocabulary, held_out, io::Executor(3)) == before);
}
