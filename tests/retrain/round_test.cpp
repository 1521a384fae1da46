#include "textlambda/retrain/round.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "textlambda/corpus/memory_source.h"
#include "textlambda/model/classifier.h"
#include "textlambda/retrain/alpha_spending.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::retrain {
namespace {

using store::Outcome;

// Two labels with words of their own; `wrong` of 100 rows have the other's label.
corpus::MemorySource rows_of(std::size_t count, unsigned wrong, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<corpus::MemoryRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const bool spam = i % 2 == 0;
    std::string text = "row" + std::to_string(seed) + "x" + std::to_string(i);
    for (int word = 0; word < 8; ++word) {
      text += random() % 3 == 0 ? (spam ? " win" : " meet") + std::to_string(random() % 40)
                                : " word" + std::to_string(random() % 300);
    }
    const bool other = random() % 100 < wrong;
    rows.push_back({std::move(text), spam != other ? "spam" : "ham", {}});
  }
  return corpus::MemorySource(std::move(rows));
}

class Loop {
 public:
  Loop() : store(store::ModelStore::open_or_create(folder.path("store"))), test(rows_of(600, 0, 1)) {
    options.gate.max_drop = {"accuracy=1pp"};
  }

  RoundResult round(const corpus::RowSource& corpus, const std::string& event = "") {
    options.event = event;
    return run_round(store, corpus, test, options);
  }

  TemporaryFolder folder;
  store::ModelStore store;
  corpus::MemorySource test;
  RoundOptions options;
};

TEST_CASE("the first model is promoted, a worse one refused, a better one promoted") {
  Loop loop;
  const RoundResult first = loop.round(rows_of(300, 10, 2), "monday");
  CHECK(first.entry.outcome == Outcome::promoted);
  CHECK(first.entry.from.empty());
  CHECK(first.entry.test_use == 0);
  CHECK(loop.store.current() == first.entry.candidate);

  const RoundResult worse = loop.round(rows_of(300, 48, 3));
  CHECK(worse.entry.outcome == Outcome::refused);
  CHECK(worse.entry.test_use == 1);
  CHECK(worse.entry.alpha == Approx(spent_alpha(0.05, 1)));
  CHECK(worse.entry.checks.front().verdict == "REGRESSED");
  CHECK(worse.entry.to == first.entry.candidate);
  CHECK(loop.store.current() == first.entry.candidate);
  CHECK(loop.store.models().size() == 1);

  loop.options.require = Requirement::improved;
  const RoundResult better = loop.round(rows_of(4000, 0, 4), "tuesday");
  CHECK(better.entry.outcome == Outcome::promoted);
  CHECK(better.entry.test_use == 2);
  CHECK(better.entry.from == first.entry.candidate);
  CHECK(loop.store.current() == better.entry.candidate);
  CHECK(model::Classifier::load(loop.folder.path("store/current")).predict("win1 win2 win3").label == "spam");

  // The same bytes again, under another name: nothing to decide, and the test set is not asked.
  const RoundResult same = loop.round(rows_of(4000, 0, 4), "wednesday");
  CHECK(same.entry.outcome == Outcome::unchanged);
  CHECK(same.entry.test_use == 0);
  // An event that had its round has it again by its answer alone.
  const RoundResult again = loop.round(rows_of(300, 0, 9), "monday");
  CHECK(again.repeated);
  CHECK(again.entry.candidate == first.entry.candidate);
  CHECK(store::read_ledger(loop.store.ledger_path()).size() == 4);
}

TEST_CASE("a model that was refused is refused again at no cost") {
  Loop loop;
  loop.round(rows_of(300, 10, 2));
  const RoundResult first = loop.round(rows_of(300, 48, 3), "monday");
  REQUIRE(first.entry.outcome == Outcome::refused);
  const RoundResult again = loop.round(rows_of(300, 48, 3), "tuesday");
  CHECK(again.entry.outcome == Outcome::refused);
  CHECK(again.entry.test_use == 0);
  CHECK_FALSE(again.repeated);
  CHECK(again.entry.reason == "as at " + first.entry.at + ", of the same model: " + first.entry.reason);
  // And again, which is the first one's reason still.
  CHECK(loop.round(rows_of(300, 48, 3)).entry.reason == again.entry.reason);
  // Other rules are another question.
  loop.options.gate.max_drop = {"accuracy=2pp"};
  CHECK(loop.round(rows_of(300, 48, 3)).entry.test_use == 2);
}

TEST_CASE("what is as good is promoted where that is enough, and not where it has to be better") {
  for (const Requirement require : {Requirement::not_worse, Requirement::improved}) {
    Loop loop;
    loop.options.gate.max_drop = {"accuracy=20pp"};
    loop.options.require = require;
    loop.round(rows_of(2000, 0, 2));
    const RoundResult next = loop.round(rows_of(2000, 0, 3));
    CHECK(next.entry.outcome == (require == Requirement::not_worse ? Outcome::promoted : Outcome::inconclusive));
  }
}

TEST_CASE("a floor holds for the first model too") {
  Loop loop;
  loop.options.gate.min = {"accuracy=99.9%"};
  const RoundResult first = loop.round(rows_of(60, 40, 2));
  CHECK(first.entry.outcome == Outcome::refused);
  CHECK(loop.store.current().empty());
}

TEST_CASE("the test set's rows are not trained on") {
  Loop loop;
  CHECK_THROWS_WITH(loop.round(rows_of(600, 0, 1)), "memory: has no row whose text is not in the test set");
  CHECK(store::read_ledger(loop.store.ledger_path()).empty());
  const RoundResult first = loop.round(rows_of(700, 0, 1));
  CHECK(first.entry.left_out == 600);
  CHECK(first.entry.documents == 100);
}

TEST_CASE("of two rounds that race one is promoted") {
  Loop loop;
  loop.round(rows_of(60, 30, 2));
  const std::string before = loop.store.current();
  // The other one's promotion, while this one trains.
  const RoundResult other = run_round(loop.store, rows_of(4000, 0, 3), loop.test, loop.options);
  REQUIRE(other.entry.outcome == Outcome::promoted);
  loop.store.set_current(before);
  loop.store.reconcile();
  bool moved = false;
  loop.options.progress = [&](const char* what, double) {
    if (moved || std::string(what) != "evaluate") return;
    moved = true;
    loop.store.set_current(other.entry.candidate);
  };
  const RoundResult late = loop.round(rows_of(4000, 0, 4));
  CHECK(late.entry.outcome == Outcome::outdated);
  CHECK(late.entry.from == other.entry.candidate);
  CHECK(loop.store.current() == other.entry.candidate);
}

TEST_CASE("a worn out test set is said to be") {
  Loop loop;
  loop.round(rows_of(60, 30, 2));
  store::LedgerEntry used;
  used.from = used.to = loop.store.current();
  used.outcome = Outcome::refused;
  used.test_sha256 = loop.test.sha256();
  for (std::uint64_t use = 1; use < kWornOut; ++use) {
    used.test_use = use;
    loop.store.record(used);
  }
  const RoundResult next = loop.round(rows_of(4000, 0, 3));
  CHECK(next.entry.test_use == kWornOut);
  REQUIRE(!next.warnings.empty());
  CHECK(next.warnings.back() ==
        "this test set has decided 50 rounds: models that were chosen by it say ever less by it; "
        "take new rows");
}

TEST_CASE("a round that is stopped, at whichever moment, leaves the store as it was") {
  Loop loop;
  loop.round(rows_of(60, 30, 2));
  const std::string before = loop.store.current();
  const std::string ledger = loop.folder.read("store/ledger.jsonl");
  const auto corpus = rows_of(2000, 0, 3);
  struct Stopped : std::exception {};
  std::size_t moments = 0;
  for (std::size_t stop = 0;; stop = stop + 1 + stop / 4) {
    std::atomic<std::size_t> calls{0};
    loop.options.executor = io::Executor(2, [&] {
      if (calls++ >= stop) throw Stopped();
    });
    try {
      loop.round(corpus);
      break;
    } catch (const Stopped&) {
      ++moments;
    }
    REQUIRE(loop.store.current() == before);
    REQUIRE(loop.store.models().size() == 1);
    REQUIRE(loop.folder.read("store/ledger.jsonl") == ledger);
  }
  CHECK(moments > 10);
  CHECK(loop.store.current() != before);
}

// Where it is killed is left to the clock: at any moment `current` is a model or none, and the next round is right.
TEST_CASE("a round that is killed leaves nothing half done") {
  Loop loop;
  loop.options.executor = io::Executor(1);
  const auto a = rows_of(60, 30, 2);
  const auto b = rows_of(400, 0, 3);
  loop.round(a);
  std::mt19937 random(5);
  for (int kill = 0; kill < 40; ++kill) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      loop.options.require = Requirement::not_worse;
      loop.options.gate.max_drop = {"accuracy=99pp"};
      try {
        run_round(loop.store, kill % 2 == 0 ? b : a, loop.test, loop.options);
      } catch (const std::exception&) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(random() % 60000));
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
    const std::string current = loop.store.current();
    REQUIRE(!current.empty());
    model::Classifier::load(loop.store.model_path(current));
    REQUIRE_NOTHROW(store::read_ledger(loop.store.ledger_path()));
  }
  loop.options.gate.max_drop = {"accuracy=1pp"};
  const RoundResult next = loop.round(rows_of(4000, 0, 4));
  CHECK(next.entry.outcome == Outcome::promoted);
  CHECK(loop.store.current() == next.entry.candidate);
}

}  // namespace
}  // namespace textlambda::retrain
