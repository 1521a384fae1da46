// Sends every recorded event through a function and hands on what came of it, in the order in which the events were
// read, whatever the number of workers. Holds a batch of events at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/recording/reader.h"
#include "textlambda/replay/difference.h"
#include "textlambda/replay/function.h"
#include "textlambda/replay/true_labels.h"

namespace textlambda::replay {

struct Replayed {
  recording::Recording recording;
  TrueLabels labels;
  // No reply where the recording is a bad one.
  Reply reply;
  std::string failure;                   // why this counts as failed, in one line; empty: ok
  std::vector<std::uint64_t> latencies;  // nanoseconds, one for each call
  // Set where a response is recorded and was compared; empty: it is as expected, and so is one that differs in nothing
  // but the model that gave it.
  std::optional<std::vector<Difference>> differences;
  // What the other function answered, where there is one.
  std::optional<Reply> other;
  // For whoever renders it while the workers run.
  std::string line;

  bool ok() const { return failure.empty(); }
  bool differs() const { return differences && has_difference(About::answer); }
  // Another model gave the same answer.
  bool differs_by_model() const { return differences && !differences->empty() && !differs(); }
  // Of what it differs in.
  bool has_difference(About what) const {
    return std::any_of(differences->begin(), differences->end(),
                       [what](const Difference& difference) { return about(difference) == what; });
  }
  // A recorded response decides where there is one: a failure that was recorded is no news.
  bool passed() const { return differences ? !differs() : ok(); }
};

struct ReplayOptions {
  unsigned jobs = 1;         // workers, each with one call at a time
  unsigned repeat = 1;       // calls an event, for steadier latencies; the first one's answer counts
  std::uint64_t warmup = 0;  // calls before the first that counts
  // Events in flight: the workers wait for each other at its end. Smaller where answers may be megabytes each.
  std::size_t batch = 1024;
  bool fail_fast = false;  // stop behind the first event that does not pass
  // Compare recorded responses by this; nullptr: do not.
  const Comparison* comparison = nullptr;
  // Ask this one too; nullptr: nobody. Not timed.
  Function* other = nullptr;
  // Nanoseconds, from any start. Needed; called by all workers.
  std::function<std::uint64_t()> clock;
  // Called by the worker with each event, before it is handed on. May be empty.
  std::function<void(Replayed&)> finish;
};

// The fault of options in one line; empty where there is none.
std::string option_fault(const ReplayOptions& options);

struct ReplayRun {
  recording::ReadSummary reading;
  std::uint64_t nanoseconds = 0;  // from the first event to the last one handed on, the warm-up left out
  bool stopped = false;           // by fail_fast
};

// `function` and options.other have to be made for options.jobs workers. Throws Error(usage) for bad options, and what
// the functions and `deliver` throw.
ReplayRun replay(const recording::Reader& reader, Function& function, const ReplayOptions& options,
                 const std::function<void(const Replayed&)>& deliver, const std::function<void(double)>& share = {});

}  // namespace textlambda::replay
