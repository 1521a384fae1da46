#include "textlambda/gate/row_match.h"

#include <algorithm>
#include <string>
#include <vector>

#include "textlambda/gate/dataset_change.h"

#include "tests/catch.h"
#include "tests/metrics/sample_rows.h"

using namespace textlambda::gate;
using namespace textlambda::metrics;

namespace {

const std::vector<SampleRow> kRows = {{"one", "ham", "ham"},   {"two", "spam", "spam"}, {"three", "ham", "spam"},
                                      {"two", "spam", "spam"}, {"two", "ham", "spam"},  {"four", "spam", "ham"}};

struct Counts {
  std::uint64_t compared, added, repeated, removed, relabelled;
  friend bool operator==(const Counts&, const Counts&) = default;
};

Counts counts_of(const std::vector<SampleRow>& before, const std::vector<SampleRow>& after) {
  const DatasetChange change = match_rows(sample_rows(before), sample_rows(after)).change;
  CHECK(change.before == before.size());
  CHECK(change.after == after.size());
  CHECK(change.compared + change.removed + change.relabelled == change.before);
  CHECK(change.compared + change.added + change.relabelled == change.after);
  return {change.compared, change.added, change.repeated, change.removed, change.relabelled};
}

}  // namespace

TEST_CASE("the order of a test set does not matter, repeated and contradicting rows included") {
  std::vector<SampleRow> rows = kRows;
  std::sort(rows.begin(), rows.end(), [](const SampleRow& a, const SampleRow& b) { return a.text < b.text; });
  do {
    CHECK(counts_of(kRows, rows) == Counts{6, 0, 0, 0, 0});
    CHECK(predictions_digest(sample_rows(rows)) == predictions_digest(sample_rows(kRows)));
  } while (std::next_permutation(rows.begin(), rows.end(),
                                 [](const SampleRow& a, const SampleRow& b) { return a.text < b.text; }));
}

TEST_CASE("what is not as it was is counted and named") {
  std::vector<SampleRow> more = kRows;
  more.push_back({"five", "ham", "ham"});
  more.push_back({"two", "spam", "spam"});
  CHECK(counts_of(kRows, more) == Counts{6, 2, 1, 0, 0});
  CHECK(counts_of(more, kRows) == Counts{6, 0, 0, 2, 0});

  std::vector<SampleRow> relabelled = kRows;
  relabelled[0].truth = "spam";
  CHECK(counts_of(kRows, relabelled) == Counts{5, 0, 0, 0, 1});
  // Of the three rows "two", two were spam and one ham; now all are spam.
  relabelled[4].truth = "spam";
  CHECK(counts_of(kRows, relabelled) == Counts{4, 0, 0, 0, 2});

  const DatasetChange change = match_rows(sample_rows(kRows), sample_rows(relabelled)).change;
  CHECK(describe(change) == "2 rows relabelled, at test.jsonl:1 \"ham\" → \"spam\", test.jsonl:5 \"ham\" → \"spam\"");
  CHECK(describe(match_rows(sample_rows(kRows), sample_rows(more)).change) ==
        "2 rows added (1 repeating what is there), at test.jsonl:7, test.jsonl:8");
  CHECK(describe(match_rows(sample_rows(more), sample_rows(kRows)).change) ==
        "2 rows removed, at test.jsonl:7, test.jsonl:8");
}

TEST_CASE("pairs are of the same text and label, whatever the labels' numbers") {
  // A third label shifts nothing: the rows are joined by name.
  std::vector<SampleRow> after = kRows;
  after.push_back({"six", "eggs", "ham"});
  const JudgedRows old_rows = sample_rows(kRows);
  const JudgedRows new_rows = sample_rows(after);
  const RowMatch match = match_rows(old_rows, new_rows);
  REQUIRE(match.pairs.size() == 6);
  for (const RowPair& pair : match.pairs) {
    CHECK(old_rows.rows[pair.before].hash == new_rows.rows[pair.after].hash);
    CHECK(old_rows.labels[old_rows.rows[pair.before].truth] == new_rows.labels[new_rows.rows[pair.after].truth]);
  }
  CHECK(match_rows(old_rows, sample_rows({{"other", "ham", "ham"}})).pairs.empty());
}

TEST_CASE("rows are joined by what a model sees of them") {
  const std::vector<SampleRow> before = {{"caf\xC3\xA9 one\ntwo", "ham", "ham"}, {" three ", "spam", "spam"}};
  // Decomposed, CRLF, no blanks around.
  const std::vector<SampleRow> after = {{"cafe\xCC\x81 one\r\ntwo", "ham", "ham"}, {"three", "spam", "spam"}};
  CHECK(counts_of(before, after) == Counts{2, 0, 0, 0, 0});
  CHECK(counts_of({{"US", "ham", "ham"}}, {{"us", "ham", "ham"}}) == Counts{0, 1, 0, 1, 0});
}

TEST_CASE("rows of an old baseline are joined by their bytes") {
  std::vector<SampleRow> shuffled(kRows.rbegin(), kRows.rend());
  std::vector<std::uint32_t> places;
  JudgedRows old_rows = told_exactly(sample_rows(kRows), places);
  const JudgedRows new_rows = sample_rows(shuffled);
  const RowMatch match = match_rows(old_rows, new_rows);
  REQUIRE(match.pairs.size() == kRows.size());
  for (const RowPair& pair : match.pairs) {
    CHECK(old_rows.rows[pair.before].hash == new_rows.rows[pair.after].exact_hash);
    CHECK(old_rows.labels[old_rows.rows[pair.before].truth] == new_rows.labels[new_rows.rows[pair.after].truth]);
  }
  CHECK(match_rows(new_rows, old_rows).pairs.size() == kRows.size());
  // Rows from a file have no exact hashes.
  JudgedRows from_file = new_rows;
  from_file.has_exact_hashes = false;
  CHECK_THROWS_WITH(match_rows(old_rows, from_file), Catch::Contains("--update-baseline"));
}

TEST_CASE("only the first changed rows of a file are named") {
  std::vector<SampleRow> after;
  for (int i = 0; i < 50; ++i) after.push_back({"new " + std::to_string(i), "ham", "ham"});
  const DatasetChange change = match_rows(sample_rows(kRows), sample_rows(after)).change;
  CHECK(change.added == 50);
  REQUIRE(change.added_rows.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK(change.added_rows[i].location.line == i + 1);
}
