#include "textlambda/retrain/round.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/gate.h"
#include "textlambda/io/error.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/retrain/alpha_spending.h"
#include "textlambda/retrain/without_rows.h"
#include "textlambda/text/count.h"
#include "textlambda/train/matrix_memory.h"
#include "textlambda/train/trainer.h"

namespace textlambda::retrain {
namespace {

using store::LedgerEntry;
using store::Outcome;

std::optional<LedgerEntry> earlier_round(const std::vector<LedgerEntry>& ledger, const std::string& event) {
  if (event.empty()) return std::nullopt;
  const auto found = std::find_if(ledger.begin(), ledger.end(), [&](const LedgerEntry& entry) {
    return entry.action == store::Action::round && entry.event == event;
  });
  return found == ledger.end() ? std::nullopt : std::optional(*found);
}

// Rounds that a test set has decided.
std::uint64_t uses_of(const std::vector<LedgerEntry>& ledger, const std::string& test_sha256) {
  return static_cast<std::uint64_t>(std::count_if(ledger.begin(), ledger.end(), [&](const LedgerEntry& entry) {
    return entry.test_use > 0 && entry.test_sha256 == test_sha256;
  }));
}

// A round that held the same model against the same one on the same rows by the same rules, and did not promote it.
const LedgerEntry* judged_before(const std::vector<LedgerEntry>& ledger, const LedgerEntry& entry) {
  const auto found = std::find_if(ledger.rbegin(), ledger.rend(), [&](const LedgerEntry& earlier) {
    return earlier.action == store::Action::round && earlier.candidate == entry.candidate &&
           earlier.from == entry.from && earlier.test_sha256 == entry.test_sha256 && earlier.rules == entry.rules &&
           earlier.test_use > 0 && (earlier.outcome == Outcome::refused || earlier.outcome == Outcome::inconclusive);
  });
  return found == ledger.rend() ? nullptr : &*found;
}

// As they were told, on one line.
std::string rules_text(const RoundOptions& options) {
  std::string text = options.require == Requirement::improved ? "improved" : "not-worse";
  const auto add = [&](const char* name, const std::vector<std::string>& values) {
    for (const std::string& value : values) text += fmt::format(" {} {}", name, value);
  };
  add("max-drop", options.gate.max_drop);
  add("min", options.gate.min);
  add("max", options.gate.max);
  add("slice", options.gate.slices);
  if (!options.gate.cluster_by.empty()) add("cluster-by", {options.gate.cluster_by});
  if (options.gate.alpha) text += fmt::format(" alpha {}", *options.gate.alpha);
  return text;
}

struct Judged {
  gate::RunIdentity identity;
  metrics::Evaluation evaluation;
};

Judged judge(const model::Classifier& classifier, const std::string& name, const corpus::RowSource& test,
             const RoundOptions& options, const char* what) {
  Judged judged;
  const metrics::Progress progress = [&](double share) {
    options.executor.check();
    if (options.progress) options.progress(what, share);
  };
  judged.evaluation = metrics::evaluate(classifier, test, options.executor, progress, metrics::KeepRows::yes);
  const model::ModelFile& file = classifier.file();
  judged.identity.name = name;
  judged.identity.model_sha256 = encoding::sha256_hex(file.bytes());
  judged.identity.temperature = static_cast<double>(file.temperature());
  judged.identity.test_sha256 = test.sha256();
  judged.identity.predictions_digest = metrics::predictions_digest(judged.evaluation.rows);
  gate::read_card(file.card(), judged.identity);
  return judged;
}

void add_checks(const gate::Comparison& comparison, LedgerEntry& entry) {
  for (const gate::RelativeCheck& check : comparison.checks) {
    entry.checks.push_back({check.metric, check.before, check.after, check.interval.low, check.interval.high,
                            check.margin, std::string(gate::verdict_name(check.verdict))});
  }
}

Outcome outcome_of(gate::Decision decision, Requirement require, bool compared) {
  switch (decision) {
    case gate::Decision::below_floor:
    case gate::Decision::regressed:
      return Outcome::refused;
    case gate::Decision::inconclusive:
      return Outcome::inconclusive;
    case gate::Decision::improved:
      return Outcome::promoted;
    case gate::Decision::pass:
      return require == Requirement::improved && compared ? Outcome::inconclusive : Outcome::promoted;
  }
  return Outcome::refused;
}

class Round {
 public:
  Round(const store::ModelStore& store, const corpus::RowSource& corpus, const corpus::RowSource& test,
        const RoundOptions& options)
      : store_(store), corpus_(corpus), test_(test), options_(options), rules_(gate::parse_rules(options.gate)) {}

  RoundResult run() {
    begin();
    if (result_.repeated) return std::move(result_);
    train_candidate();
    compare_and_promote();
    return std::move(result_);
  }

 private:
  void begin() {
    const auto lock = store_.lock(options_.lock_seconds());
    const store::StoreState state = store_.reconcile();
    take_earlier(state.ledger);
    if (!state.fault.empty()) io::throw_input(state.fault, store_.path() + "/current");
    from_ = state.current;
  }

  void take_earlier(const std::vector<LedgerEntry>& ledger) {
    std::optional<LedgerEntry> earlier = earlier_round(ledger, options_.event);
    if (!earlier) return;
    result_ = {};
    result_.repeated = true;
    result_.entry = std::move(*earlier);
  }

  void train_candidate() {
    const WithoutRows rows(corpus_, test_, options_.executor);
    const train::Progress progress = [&](train::Stage stage, double share) {
      options_.executor.check();
      if (options_.progress) options_.progress(stage == train::Stage::read ? "read" : "fit", share);
    };
    train::TrainingResult trained = train::train(rows, options_.training, options_.executor, progress);
    LedgerEntry& entry = result_.entry;
    entry.event = options_.event;
    entry.candidate = store::model_id(trained.model);
    entry.corpus_sha256 = trained.report.corpus_sha256;
    entry.documents = trained.report.documents;
    entry.left_out = rows.left_out();
    entry.feedback = options_.feedback;
    entry.rules = rules_text(options_);
    entry.training_loss = trained.report.training_loss;
    entry.training_accuracy = trained.report.training_accuracy;
    result_.warnings = std::move(trained.report.warnings);
    training_warnings_ = result_.warnings.size();
    model_ = std::move(trained.model);
    // Begins at a cache line, as a model has to.
    const train::MatrixVector<char> bytes(model_.begin(), model_.end());
    candidate_ = judge(model::Classifier(model::ModelFile::view({bytes.data(), bytes.size()}, entry.candidate)),
                       entry.candidate, test_, options_, "evaluate");
    entry.test_sha256 = candidate_.identity.test_sha256;
    entry.test_rows = candidate_.evaluation.rows.rows.size();
    entry.test_accuracy = candidate_.evaluation.metrics.accuracy;
    if (!from_.empty() && from_ != entry.candidate) {
      serving_ = judge(model::Classifier::load(store_.model_path(from_)), from_, test_, options_, "compare");
    }
  }

  // In the light of the ledger, since it says how often the test set was used: under the lock, and where there is none
  // (S3) decided anew whenever somebody else was faster.
  void compare_and_promote() {
    constexpr int kMostTries = 20;
    for (int tries = 0; tries < kMostTries; ++tries) {
      const auto lock = store_.lock(options_.lock_seconds());
      const store::StoreState state = store_.reconcile();
      take_earlier(state.ledger);
      if (result_.repeated) return;
      judge_against(state);
      options_.executor.check();
      LedgerEntry& entry = result_.entry;
      if (entry.outcome == Outcome::promoted) {
        store_.add(model_);
        entry.to = entry.candidate;
      }
      entry.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
      if (store_.commit(state, entry)) return;
    }
    io::throw_input("is changed by others again and again: the round is given up", store_.path());
  }

  void judge_against(const store::StoreState& state) {
    LedgerEntry& entry = result_.entry;
    entry.from = state.current;
    entry.to = entry.from;
    entry.checks.clear();
    entry.test_use = 0;
    entry.alpha = 0;
    if (entry.from != from_) {
      entry.outcome = Outcome::outdated;
      entry.reason = fmt::format("the current model was moved from {} to {} while this round was trained",
                                 from_.empty() ? "none" : from_, entry.from.empty() ? "none" : entry.from);
    } else if (entry.candidate == from_) {
      entry.outcome = Outcome::unchanged;
      entry.reason = "the candidate is the current model, byte for byte";
    } else if (const LedgerEntry* const earlier = judged_before(state.ledger, entry)) {
      // A schedule without new rows asks the same again: the answer costs the test set nothing.
      entry.outcome = earlier->outcome;
      entry.checks = earlier->checks;
      entry.reason = fmt::format("as at {}, of the same model: {}", earlier->at, earlier->reason);
    } else {
      decide(state.ledger);
    }
  }

  void decide(const std::vector<LedgerEntry>& ledger) {
    LedgerEntry& entry = result_.entry;
    gate::GateRules rules = rules_;
    result_.warnings.resize(training_warnings_);
    if (serving_) {
      entry.test_use = uses_of(ledger, entry.test_sha256) + 1;
      entry.alpha = spent_alpha(rules_.alpha, entry.test_use);
      rules.alpha = entry.alpha;
      if (references_.empty()) {
        references_.push_back({{serving_->identity, options_.gate, std::move(serving_->evaluation.rows)},
                               gate::Role::baseline,
                               rules_.max_drop});
      }
      if (entry.test_use >= kWornOut) {
        result_.warnings.push_back(
            fmt::format("this test set has decided {} rounds: models that were chosen by it say ever less by it; take "
                        "new rows",
                        text::grouped(entry.test_use)));
      }
    }
    result_.comparison =
        gate::run_gate({candidate_.identity, candidate_.evaluation.rows, candidate_.evaluation.metrics}, references_,
                       rules, {false, options_.executor});
    add_checks(result_.comparison, entry);
    entry.outcome = outcome_of(result_.comparison.decision, options_.require, serving_.has_value());
    entry.reason = serving_ ? result_.comparison.sentence : "there was no model yet";
    if (!serving_ && entry.outcome == Outcome::refused) entry.reason = result_.comparison.sentence;
    if (serving_ && result_.comparison.decision == gate::Decision::pass && entry.outcome == Outcome::inconclusive) {
      entry.reason = "not shown to be better, as --require improved asks: " + entry.reason;
    }
  }

  const store::ModelStore& store_;
  const corpus::RowSource& corpus_;
  const corpus::RowSource& test_;
  const RoundOptions& options_;
  gate::GateRules rules_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::string from_;
  std::string model_;
  Judged candidate_;
  std::optional<Judged> serving_;
  std::vector<gate::ReferenceRun> references_;  // that one's rows, once they are asked for
  std::size_t training_warnings_ = 0;
  RoundResult result_;
};

}  // namespace

RoundResult run_round(const store::ModelStore& store, const corpus::RowSource& corpus, const corpus::RowSource& test,
                      const RoundOptions& options) {
  return Round(store, corpus, test, options).run();
}

}  // namespace textlambda::retrain
