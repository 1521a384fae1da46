// A round of the loop: a model is trained, held against the one that answers on a fixed test set, row by row, and takes
// its place where the gate allows it; the ledger has what came of it. Nothing else changes the current model, so that
// it is never replaced by one that was not shown to be good enough.
//
// The chance that any of the rounds of a test set promotes a model that is worse than allowed is at most alpha: see
// alpha_spending.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/gate/comparison.h"
#include "textlambda/gate/settings.h"
#include "textlambda/io/executor.h"
#include "textlambda/store/model_store.h"
#include "textlambda/train/options.h"

namespace textlambda::retrain {

// What a candidate has to be shown to be.
enum class Requirement {
  not_worse,  // by more than the margins
  improved,
};

// What may be lost where nothing is said: with a margin of 0 only what is proven to be better would ever be promoted.
inline constexpr const char* kUsualMargin = "accuracy=0.5pp";

struct RoundOptions {
  train::TrainOptions training;
  // max_drop, min, max, alpha, slices, cluster_by. The test set has to be opened with the columns of the rules.
  gate::GateSettings gate;
  Requirement require = Requirement::not_worse;
  // What asks for the round. Of one name there is one round: asked again, the answer is the earlier one's.
  std::string event;
  // How many rows of the corpus are the store's feedback: for the ledger.
  std::uint64_t feedback = 0;
  // What its checkpoint throws ends the round: the store is as it was. It is called often until the candidate is
  // promoted, and not any more from then on.
  io::Executor executor;
  // For how long the store's lock is waited for.
  std::function<unsigned()> lock_seconds = [] { return 30U; };
  // Called with what is being done and the share of it that is done.
  std::function<void(const char* what, double share)> progress;
};

struct RoundResult {
  store::LedgerEntry entry;
  bool repeated = false;              // the event had its round before: `entry` is that one's, and the rest is empty
  gate::Comparison comparison;        // asked() is false where there was nothing to hold the candidate against
  std::vector<std::string> warnings;  // whole sentences
};

// Throws Error as training, evaluating and the gate do; the store is then as it was. May run in several processes over
// one store: the candidate of a round during which the current model was moved is refused (Outcome::outdated).
RoundResult run_round(const store::ModelStore& store, const corpus::RowSource& corpus, const corpus::RowSource& test,
                      const RoundOptions& options);

}  // namespace textlambda::retrain
