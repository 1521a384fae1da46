// Training with little memory: through files, to the same bytes.
#include <stdlib.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/train/document_block.h"
#include "textlambda/train/memory_plan.h"
#include "textlambda/train/trainer.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda;

namespace {

std::string rows_with_own_words(int documents, int labels) {
  std::mt19937 random(3);
  std::string rows;
  for (int i = 0; i < documents; ++i) {
    const int label = i % labels;
    std::string text;
    for (int word = 0; word < 12; ++word) {
      text += random() % 3 == 0 ? "own" + std::to_string(label) + "x" + std::to_string(random() % 9) + " "
                                : "word" + std::to_string(random() % 500) + " ";
    }
    rows += R"({"text":")" + text + R"(","label":"L)" + std::to_string(label) + "\"}\n";
  }
  return rows;
}

// With no more than is refused by a mebibyte: nothing is left for what can go to a file.
train::TrainingResult train_with_the_least(const corpus::Corpus& corpus, train::TrainOptions options,
                                           unsigned threads) {
  options.memory.name = "--memory";
  for (std::size_t mebibytes = 1; mebibytes < 1000; ++mebibytes) {
    options.memory.bytes = mebibytes << 20;
    try {
      return train::train(corpus, options, io::Executor(threads), {});
    } catch (const io::Error& error) {
      if (error.kind() != io::ErrorKind::usage) throw;
    }
  }
  throw io::Error(io::ErrorKind::usage, "however much is given");
}

}  // namespace

TEST_CASE("with little memory the model is the same, for any number of threads") {
  // Few labels are counted, of many there are lists.
  for (const int labels : {2, 3, 40}) {
    const corpus::Corpus corpus = corpus::Corpus::over(rows_with_own_words(4000, labels), "rows.jsonl", {});
    const train::TrainOptions options;
    const std::string expected = train::train(corpus, options, io::Executor(2), {}).model;
    for (const unsigned threads : {1U, 2U, 3U, 8U}) {
      INFO(labels << " labels, " << threads << " threads");
      CHECK((train_with_the_least(corpus, options, threads).model == expected));
    }
  }
}

TEST_CASE("what goes to a file goes to TMPDIR, and is not seen there") {
  const corpus::Corpus corpus = corpus::Corpus::over(rows_with_own_words(2000, 2), "rows.jsonl", {});
  const char* const set = ::getenv("TMPDIR");
  const std::string before = set == nullptr ? "/tmp" : set;
  const TemporaryFolder folder;
  ::setenv("TMPDIR", folder.path("").c_str(), 1);
  train_with_the_least(corpus, {}, 2);
  CHECK(folder.file_count() == 0);
  ::setenv("TMPDIR", folder.path("none").c_str(), 1);
  CHECK_THROWS_WITH(train_with_the_least(corpus, {}, 2), Catch::Contains("cannot keep counted n-grams in TMPDIR"));
  ::setenv("TMPDIR", before.c_str(), 1);
}

TEST_CASE("a limit that leaves too little says how much it takes") {
  const corpus::Corpus corpus = corpus::Corpus::over(rows_with_own_words(2000, 2), "rows.jsonl", {});
  train::TrainOptions options;
  options.memory = {std::size_t{40} << 20, std::size_t{30} << 20, "--memory", true};
  CHECK_THROWS_WITH(train::train(corpus, options, io::Executor(1), {}),
                    Catch::StartsWith("--memory: 40 MiB given, this corpus takes at least "));
}

TEST_CASE("a plan gives what there is, until it is given back") {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  const auto plan =
      std::make_shared<train::MemoryPlan>(train::MemoryLimit{100 * kMebibyte, 20 * kMebibyte, "limit", true});
  plan->require(32 * kMebibyte);  // 20 + 32 + an eighth of that + 16: 28 are left
  CHECK(plan->left() == 28 * kMebibyte);
  CHECK(plan->take(20 * kMebibyte));
  CHECK_FALSE(plan->take(9 * kMebibyte));
  {
    CHECK(plan->take(8 * kMebibyte));
    const train::MemoryShare share(plan, 8 * kMebibyte);
    CHECK_FALSE(plan->take(1));
  }
  CHECK(plan->left() == 8 * kMebibyte);
  plan->require(56 * kMebibyte);  // one is left, but 20 are taken
  CHECK(plan->is_overdrawn());
  CHECK_THROWS_WITH(plan->require(57 * kMebibyte), "limit: 100 MiB given, this corpus takes at least 101 MiB");
  train::MemoryPlan of_the_system(train::MemoryLimit{kMebibyte, 0, "limit", false});
  of_the_system.require(57 * kMebibyte);
  CHECK_FALSE(of_the_system.take(1));
  CHECK(train::MemoryPlan().take(std::size_t{1} << 60));
}

TEST_CASE("terms are read, changed and moved wherever they are") {
  const std::size_t limit = GENERATE(std::size_t{0}, std::size_t{17} << 20);  // with memory for them, and without
  CAPTURE(limit);
  const auto plan = std::make_shared<train::MemoryPlan>(train::MemoryLimit{limit, 0, "limit", true});
  plan->require(0);
  const auto store = std::make_shared<train::TermStore>(plan);
  train::DocumentBlock block;
  block.terms = {5, 6, 7, 8, 9};
  block.counts = {1, 2, 3, 4, 5};
  block.store(store);
  CHECK(block.terms.empty());
  REQUIRE(block.stored.in_memory() == (limit == 0));
  const auto check = [&](const std::vector<std::uint32_t>& terms, const std::vector<std::uint8_t>& counts) {
    const train::BlockTerms read(block);
    CHECK(std::vector<std::uint32_t>(read.terms().begin(), read.terms().end()) == terms);
    CHECK(std::vector<std::uint8_t>(read.counts().begin(), read.counts().end()) == counts);
  };
  check({5, 6, 7, 8, 9}, {1, 2, 3, 4, 5});
  if (block.stored.in_memory()) {
    block.stored.shrink(2);
    check({5, 6}, {1, 2});
    block.stored.move_to_file();
    store->free_memory();
    check({5, 6}, {1, 2});
  }
  block.stored.replace(std::vector<std::uint32_t>{3}, std::vector<std::uint8_t>{9});
  check({3}, {9});
}
