// What happened to a store, a line of JSON each: appended to, never rewritten. A line that was cut off by a kill or a
// full disk is no entry: readers pass over it, and the next entry takes its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::store {

enum class Action {
  round,     // a model was trained and held against the current one
  rollback,  // an earlier model was made the current one
  prune,     // models were removed
  found,     // the current model is not the one that the last entry says: a run was killed, or somebody moved it
};

enum class Outcome {
  none,          // of what is no round
  promoted,      // the candidate is the current model now
  unchanged,     // the candidate is the current model, byte for byte
  refused,       // by the gate
  inconclusive,  // the test set does not tell
  outdated,      // another run has moved the current model since this one began
};

std::string_view action_name(Action action);
std::string_view outcome_name(Outcome outcome);

// One question that the gate asked, and its answer.
struct LedgerCheck {
  std::string metric;
  double before = 0;
  double after = 0;
  double low = 0;  // of after − before
  double high = 0;
  double margin = 0;
  std::string verdict;  // "PASS", …
};

struct LedgerEntry {
  std::string at;  // RFC 3339, UTC
  Action action = Action::round;
  std::string event;      // what asked for the round; empty: nothing with a name
  std::string from;       // the current model before; empty: none
  std::string to;         // and after
  std::string candidate;  // the model that was trained
  Outcome outcome = Outcome::none;
  std::string reason;  // a sentence
  std::string corpus_sha256;
  std::uint64_t documents = 0;
  std::uint64_t left_out = 0;  // rows of the corpus whose text is in the test set
  std::uint64_t feedback = 0;  // rows of the corpus that are the store's feedback
  std::string test_sha256;
  std::uint64_t test_rows = 0;
  std::uint64_t test_use = 0;  // the how manieth time that this test set decides, from 1; 0: nothing to compare with
  double alpha = 0;            // of this use
  std::string rules;           // what the gate was told
  double training_loss = 0;
  double training_accuracy = 0;
  double test_accuracy = 0;
  std::vector<LedgerCheck> checks;
  std::vector<std::string> removed;  // of a prune: models
  double seconds = 0;
};

// On one line, without its end.
std::string to_json(const LedgerEntry& entry);

// The entries in the bytes of a ledger, the oldest first. `name` is for messages; else as read_ledger().
std::vector<LedgerEntry> parse_ledger(std::string_view bytes, const std::string& name);

// The entries, the oldest first; none where the file is not there. Throws Error(input_output) naming the file and the
// line of what is no entry, but for the last one if it is cut off.
std::vector<LedgerEntry> read_ledger(const std::string& path);

// Appends it and waits for the disk; a line that is cut off is taken away first. One process at a time: the store's
// lock. Throws Error(input_output), and the ledger is then as it was.
void append_to_ledger(const std::string& path, const LedgerEntry& entry);

}  // namespace textlambda::store
