#include "textlambda/topics/seeds.h"

#include "textlambda/corpus/joined_rows.h"
#include "textlambda/topics/spherical_k_means.h"

#include "tests/catch.h"
#include "tests/topics/made_texts.h"

namespace textlambda::topics {

TEST_CASE("words put texts in groups, labels go before them, and what two claim is in none") {
  const corpus::MemorySource texts = source_of(std::vector<std::string>{
      "red one", "red two", "blue one", "blue two", "red and blue", "green one", "green two", "grey one"});
  const corpus::MemorySource labelled(
      {{"Two red!", "b", {}}, {"green one", "z", {}}, {"one 7 green", "y", {}}, {"grey two", "z", {}}, {"x", "y", {}}},
      {}, "known", 2);
  const std::vector<SeedLabel> seeds = {{"r", {"red"}}, {"b", {"blue", "green two"}}};
  const KnownGroups known = read_known_groups(seeds, &labelled);
  CHECK(known.names == std::vector<std::string>{"r", "b", "y", "z"});
  CHECK(known.labels == std::vector<std::uint32_t>{1, 3, 2, 3, 2});
  CHECK(known.labels.size() == 5);
  CHECK(known.faults.bad_row_count == 0);
  const corpus::JoinedRows all({&texts, &labelled});
  const Collection collection = read_collection(all, io::Executor(), {});
  REQUIRE(collection.distinct.size() == 10);  // two of the labelled ones are new
  const FixedTexts fixed = fix_texts(collection, seeds, known);
  CHECK(fixed.groups == std::vector<std::uint32_t>{0, 1, 1, 1, kNoGroup, kNoGroup, 1, kNoGroup, 3, 2});
  CHECK(fixed.labelled == std::vector<std::uint32_t>{1, 8, 9});
}

TEST_CASE("without names nothing is fixed") {
  const corpus::MemorySource texts = source_of(std::vector<std::string>{"red one", "red two"});
  const Collection collection = read_collection(texts, io::Executor(), {});
  const FixedTexts fixed = fix_texts(collection, {}, read_known_groups({}, nullptr));
  CHECK(fixed.groups.empty());
  CHECK(fixed.labelled.empty());
}

}  // namespace textlambda::topics
