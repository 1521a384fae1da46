#include "textlambda/train/teacher.h"

#include <random>
#include <utility>
#include <vector>

#include "textlambda/train/kinship.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::train;

namespace {

using Counts = std::vector<std::pair<std::uint32_t, std::uint8_t>>;

void add(DocumentBlock& block, const Counts& words) {
  for (const auto& [word, count] : words) {
    block.terms.push_back(word);
    block.counts.push_back(count);
  }
  block.words_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
  block.document_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
}

void add(DocumentBlock& block, const Counts& words, std::uint32_t label) {
  add(block, words);
  block.labels.push_back(label);
}

// Those of reference_teacher.py.
struct Example {
  Example() {
    add(labelled[0], {{0, 2}, {2, 1}}, 0);
    add(labelled[0], {{0, 1}, {3, 1}, {4, 1}}, 0);
    add(labelled[0], {{1, 1}, {2, 1}}, 1);
    add(labelled[1], {{1, 3}, {4, 1}}, 1);
    add(labelled[1], {{5, 1}, {1, 1}}, 2);  // in any order
    add(unlabelled[0], {{0, 1}, {3, 2}, {2, 1}});
    add(unlabelled[0], {{1, 1}, {4, 1}});
    add(unlabelled[1], {{5, 1}, {2, 1}});
    add(unlabelled[1], {{3, 1}});
    add(unlabelled[1], {});
  }
  TeachingTexts texts() const {
    return {.labelled = labelled,
            .unlabelled = unlabelled,
            .document_frequencies = frequencies,
            .label_count = 3,
            .left_out = left_out};
  }

  std::vector<DocumentBlock> labelled{2};
  std::vector<DocumentBlock> unlabelled{2};
  std::vector<std::uint32_t> frequencies = {3, 4, 4, 3, 3, 2};
  std::vector<std::uint8_t> left_out = {0, 0, 0, 0, 0};
  std::vector<float> logits = {.5F, 0, -.5F, 0, .3F, 0, -.2F, 0, .1F, 0, 0, 0, 1, 0, 0};
};

}  // namespace

TEST_CASE("guesses are those of the same EM in NumPy", "[threads]") {
  const Example example;
  const std::vector<double> expected = {0.98251, 0.01069, 0.0068,  0.03521, 0.92322, 0.04157, 0.04104, 0.07765,
                                        0.88131, 0.91278, 0.04072, 0.04651, 0.66944, 0.20776, 0.1228};
  for (const unsigned threads : {1U, 2U, 3U}) {
    const std::vector<float> guesses = teach(example.texts(), example.logits, io::Executor(threads));
    REQUIRE(guesses.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(guesses[i] == Approx(expected[i]).margin(2e-5));
    }
  }
}

TEST_CASE("labels that are left out are not seen") {
  Example example;
  example.left_out = {0, 0, 1, 0, 1};
  const std::vector<float> guesses = teach(example.texts(), example.logits, io::Executor(1));
  // Whatever they were.
  example.labelled[0].labels[2] = 0;
  example.labelled[1].labels[1] = 1;
  CHECK(teach(example.texts(), example.logits, io::Executor(1)) == guesses);
}

TEST_CASE("texts without a known word, or no texts at all, are no matter") {
  Example example;
  example.frequencies = {10, 10, 10, 10, 10, 10};  // all words are in all texts
  for (const float guess : teach(example.texts(), example.logits, io::Executor(1))) CHECK((guess >= 0 && guess <= 1));
  example.unlabelled.clear();
  CHECK(teach(example.texts(), {}, io::Executor(1)).empty());
}

TEST_CASE("what texts of one kind and of two look like to who tells them apart") {
  std::vector<DocumentBlock> a(1);
  std::vector<DocumentBlock> b(1);
  std::vector<DocumentBlock> other(1);
  std::mt19937 random(5);
  const auto word = [&](std::uint32_t words) { return static_cast<std::uint32_t>(random() % words); };
  for (std::uint32_t i = 0; i < 400; ++i) {
    // Every second text is about something else: that makes no two kinds of them.
    add(a[0], {{i % 2 * 20 + word(20), 1}, {40, 1}}, i % 2);
    add(b[0], {{i % 2 * 20 + word(20), 1}, {40, 1}});
    add(other[0], {{41 + word(20), 1}, {word(40), 1}});
  }
  CHECK(distinguishability(a, b, 80) == Approx(0.5).margin(0.08));
  CHECK(distinguishability(a, other, 80) > 0.99);
  CHECK(distinguishability({a.data(), 0}, b, 80) == 0.5);
}
