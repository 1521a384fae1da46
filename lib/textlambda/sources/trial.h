// One simulated schedule: a source and a function on a virtual clock, where choices decide when messages arrive, how
// long invocations take, and which are throttled, fail, crash, time out, answer late, name failures or answer nonsense.
// The environments that the function has limit how many invocations there are at a time. The same choices have the same
// end. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sources/audit.h"
#include "textlambda/sources/batch_answer.h"
#include "textlambda/sources/choices.h"
#include "textlambda/sources/event_source.h"

namespace textlambda::sources {

// A batch as a simulated function sees it. Lives as long as the call.
class BatchView {
 public:
  BatchView(const EventSource& source, const Batch& batch, Nanoseconds now, std::string& buffer)
      : source_(source), batch_(batch), now_(now), buffer_(buffer) {}

  std::size_t size() const { return batch_.deliveries.size(); }
  Item item(std::size_t place) const { return batch_.deliveries[place].item; }
  std::string_view id(std::size_t place) const { return source_.id(item(place)); }
  // The event as the service sends it, written when it is asked for.
  std::string_view event() const;

 private:
  const EventSource& source_;
  const Batch& batch_;
  Nanoseconds now_;
  std::string& buffer_;
  mutable bool is_written_ = false;
};

// Fills in a reply that says nothing yet: no error, an empty body, which is a success of the whole batch. The same
// batch has to have the same reply.
using SimulatedFunction = std::function<void(const BatchView& batch, Reply& reply)>;
// Of one that wants the event's bytes.
SimulatedFunction function_of_events(std::function<Reply(std::string_view event)> function);

struct TrialOptions {
  std::uint32_t environments = 10;
  Nanoseconds timeout = 3 * kSecond;            // of the function
  Nanoseconds init = 50 * kMillisecond;         // that a cold start takes more
  Nanoseconds start = 1'767'312'000 * kSecond;  // 2026-01-02T00:00:00Z
  std::uint32_t trouble = 400;                  // choices about invocations that there are before everything goes well
  std::uint32_t most_steps = 50'000;            // then it is over, at rest or not
};

struct TrialResult {
  std::string fault;  // what is wrong, in one line; empty: nothing
  bool at_rest = false;
  std::uint32_t steps = 0;
  std::uint32_t cold_starts = 0;
  std::uint32_t most_running = 0;
  Nanoseconds took = 0;  // of the virtual clock
  Counts counts;
};

class Trial {
 public:
  // `source` has to outlive it.
  Trial(EventSource& source, SimulatedFunction function, TrialOptions options = {});

  // Runs a schedule from its beginning to rest, or to its first fault. `trace` is given a line for whatever happens.
  TrialResult run(Choices& choices, std::vector<std::string>* trace = nullptr);

 private:
  enum class Happening : std::uint8_t { answer, partial, error, malformed, crash, timeout, throttle, slow };

  struct Running {
    Batch batch;
    Reply reply;
    Nanoseconds ends = 0;
    Happening happening = Happening::answer;
    bool has_environment = false;
  };

  void restart(Choices& choices, std::vector<std::string>* trace);
  bool fails(std::string fault);
  bool feed_what_arrived();
  bool settle_what_ended();
  bool hand_out_what_is_due();
  Nanoseconds next_moment();
  void schedule_arrivals();
  std::uint32_t choose(std::uint32_t bound);
  bool is_calm() const { return choices_->made().size() > calm_from_; }
  Happening choose_happening();
  Nanoseconds choose_duration(Happening happening);
  void begin(Running& running);
  void reply_partially(Running& running);
  void note(const std::string& line);

  EventSource& source_;
  SimulatedFunction function_;
  TrialOptions options_;
  Audit audit_;

  Choices* choices_ = nullptr;
  std::vector<std::string>* trace_ = nullptr;
  TrialResult result_;
  Nanoseconds now_ = 0;
  std::vector<Nanoseconds> arrivals_;
  std::size_t arrived_ = 0;
  std::size_t calm_from_ = 0;     // the choice from which on everything goes well
  std::vector<Running> running_;  // the first running_count_ of them
  std::size_t running_count_ = 0;
  std::uint32_t busy_ = 0;  // environments
  std::uint32_t warm_ = 0;  // that are free
  std::string event_;
  Verdict verdict_;
};

}  // namespace textlambda::sources
