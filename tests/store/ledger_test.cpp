#include "textlambda/store/ledger.h"

#include <cstdlib>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::store {
namespace {

LedgerEntry a_round(const std::string& event) {
  LedgerEntry entry;
  entry.at = "2026-11-03T10:22:00.123Z";
  entry.event = event;
  entry.from = "0123456789abcdef";
  entry.to = "fedcba9876543210";
  entry.candidate = entry.to;
  entry.outcome = Outcome::promoted;
  entry.reason = "accuracy 57.8 % → 77.0 %";
  entry.corpus_sha256 = "c0";
  entry.documents = 526;
  entry.left_out = 3;
  entry.feedback = 5;
  entry.rules = "not-worse alpha=0.05";
  entry.test_sha256 = "7e";
  entry.test_rows = 135;
  entry.test_use = 2;
  entry.alpha = 0.0072;
  entry.training_loss = 0.25;
  entry.training_accuracy = 0.99;
  entry.test_accuracy = 0.77;
  entry.checks.push_back({"recall[spam]", 0.5, 0.75, 0.125, 0.375, 0.005, "IMPROVED"});
  entry.seconds = 1.5;
  return entry;
}

TEST_CASE("entries come back as they were") {
  const TemporaryFolder folder;
  const std::string path = folder.path("ledger.jsonl");
  CHECK(read_ledger(path).empty());
  LedgerEntry pruned;
  pruned.at = "2026-11-04T00:00:00.000Z";
  pruned.action = Action::prune;
  pruned.from = pruned.to = "fedcba9876543210";
  pruned.removed = {"0123456789abcdef"};
  const std::vector<LedgerEntry> written = {a_round("e\"1\n"), a_round(""), pruned};
  for (const LedgerEntry& entry : written) append_to_ledger(path, entry);
  const std::vector<LedgerEntry> read = read_ledger(path);
  REQUIRE(read.size() == written.size());
  for (std::size_t i = 0; i < read.size(); ++i) CHECK(to_json(read[i]) == to_json(written[i]));
  CHECK(read[0].event == "e\"1\n");
  CHECK(read[0].checks.front().low == 0.125);
  CHECK(read[2].removed == pruned.removed);
}

TEST_CASE("a line that was cut off is no entry, and the next one takes its place") {
  for (const char* const torn : {"{", R"({"at":"2026","action":"round","outcome":"prom)", "\xff\xfe"}) {
    const TemporaryFolder folder;
    const std::string path = folder.path("ledger.jsonl");
    append_to_ledger(path, a_round("first"));
    folder.write("ledger.jsonl", folder.read("ledger.jsonl") + torn);
    CHECK(read_ledger(path).size() == 1);
    append_to_ledger(path, a_round("second"));
    const std::vector<LedgerEntry> read = read_ledger(path);
    REQUIRE(read.size() == 2);
    CHECK(read[1].event == "second");
  }
  // Longer than what is read at a time, and nothing whole before it.
  const TemporaryFolder folder;
  append_to_ledger(folder.write("ledger.jsonl", std::string(10000, 'x')), a_round("only"));
  CHECK(read_ledger(folder.path("ledger.jsonl")).size() == 1);
}

TEST_CASE("what is no entry is named") {
  struct Case {
    const char* line;
    const char* message;
  };
  for (const Case& test : {Case{"[]", "expected a JSON object"}, Case{"{\"action\":\"dance\"}", "\"action\": expected"},
                           Case{R"({"action":"round","outcome":"won"})", "\"outcome\": expected"},
                           Case{R"({"action":"found","test_use":-1})", "\"test_use\": expected a whole number"},
                           Case{R"({"action":"prune","removed":[1]})", "\"removed\": expected names"},
                           Case{"{\"at\":", "no entry of a ledger"}}) {
    const TemporaryFolder folder;
    const std::string path = folder.path("ledger.jsonl");
    append_to_ledger(path, a_round("first"));
    folder.write("ledger.jsonl", folder.read("ledger.jsonl") + test.line + "\n");
    CHECK_THROWS_WITH(read_ledger(path), Catch::Matchers::Contains("ledger.jsonl:2: no entry of a ledger") &&
                                             Catch::Matchers::Contains(test.message));
  }
}

}  // namespace
}  // namespace textlambda::store
