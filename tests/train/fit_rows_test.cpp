#include "textlambda/train/fit/fit_rows.h"

#include <map>
#include <set>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::train;

namespace {

struct Given {
  std::vector<std::uint32_t> features;  // their counts are their first digits
  std::uint32_t label;
  std::uint8_t held_out;
};

// Two documents a block.
LabelledDocuments make_blocks(const std::vector<Given>& given) {
  LabelledDocuments documents;
  for (const Given& one : given) {
    if (documents.document_count++ % 2 == 0) documents.blocks.emplace_back();
    DocumentBlock& block = documents.blocks.back();
    for (const std::uint32_t feature : one.features) {
      block.terms.push_back(feature % 10);
      block.counts.push_back(static_cast<std::uint8_t>(feature / 10));
    }
    block.words_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
    block.document_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
    block.labels.push_back(one.label);
  }
  return documents;
}

// Of each row: its first document's features, whether it is held out, its labels' counts.
using Seen = std::set<std::tuple<std::vector<std::uint32_t>, bool, std::map<std::uint32_t, std::uint32_t>>>;

Seen merged(const std::vector<Given>& given, unsigned threads) {
  std::vector<std::uint8_t> held_out;
  held_out.reserve(given.size());
  for (const Given& one : given) held_out.push_back(one.held_out);
  const FitRows rows = merge_rows(make_blocks(given), held_out, textlambda::io::Executor(threads));
  Seen seen;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::map<std::uint32_t, std::uint32_t> counts;
    for (const FitRows::LabelPart& part : rows.parts(row))
      counts[part.label] = static_cast<std::uint32_t>(part.documents);
    seen.emplace(given[rows.document(row)].features, rows.held_out(row), counts);
  }
  CHECK(seen.size() == rows.size());
  return seen;
}

}  // namespace

TEST_CASE("documents with the same features and counts are one row, with its labels' documents", "[threads]") {
  const std::vector<Given> given = {{{11, 12}, 0, 0}, {{11, 22}, 0, 0}, {{11, 12}, 2, 0},
                                    {{11, 12}, 0, 0}, {{11}, 1, 0},     {{}, 1, 0},
                                    {{11, 12}, 0, 1}, {{}, 0, 0},       {{11, 12}, 1, 1}};
  const Seen expected = {{{11, 12}, false, {{0, 2}, {2, 1}}},
                         {{11, 22}, false, {{0, 1}}},
                         {{11}, false, {{1, 1}}},
                         {{}, false, {{0, 1}, {1, 1}}},
                         {{11, 12}, true, {{0, 1}, {1, 1}}}};
  for (const unsigned threads : {1U, 2U, 8U}) CHECK(merged(given, threads) == expected);
  const std::vector<Given> backwards(given.rbegin(), given.rend());
  CHECK(merged(backwards, 2) == expected);
}

TEST_CASE("without what is held out") {
  FitRows rows;
  const FitRows::LabelPart parts[] = {{0, 2, -0.5F}, {3, 1, -1}};
  rows.add(7, true, {parts, 1});
  rows.add(4, false, parts);
  const FitRows rest = rows.without_held_out();
  REQUIRE(rest.size() == 1);
  CHECK(rest.document(0) == 4);
  REQUIRE(rest.parts(0).size() == 2);
  CHECK(rest.parts(0)[1].label == 3);
  CHECK(rest.parts(0)[1].handicap == -1);
}

TEST_CASE("each row is in one shard, as what it is") {
  FitRows rows;
  for (std::uint32_t document = 0; document < 7; ++document) {
    const std::vector<FitRows::LabelPart> parts(document % 3 + 1, {document, 2, 0});
    rows.add(document, document % 4 == 1, parts);
  }
  rows.add_guessed(7, {{1, 2}, {{1, 0.25F}, {0, 0.5F}}});
  std::set<std::uint32_t> seen;
  for (std::size_t number = 0; number < 3; ++number) {
    const FitRows shard = rows.shard(number, 3);
    CHECK(shard.size() == 3);
    for (std::size_t row = 0; row < shard.size(); ++row) {
      const std::uint32_t document = shard.document(row);
      CAPTURE(number, document);
      CHECK(document == number + 3 * row);
      CHECK(shard.held_out(row) == rows.held_out(document));
      CHECK(shard.guessed(row) == (document >= 7));
      REQUIRE(shard.parts(row).size() == rows.parts(document).size());
      CHECK(shard.parts(row)[0].label == rows.parts(document)[0].label);
      CHECK(shard.parts(row)[0].documents == rows.parts(document)[0].documents);
      seen.insert(document);
    }
  }
  CHECK(seen.size() == rows.size());
}
