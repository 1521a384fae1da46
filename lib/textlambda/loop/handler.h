// The function that retrains: an event in, and what it brings is kept or done - labelled texts go into the store's
// feedback, a schedule or a notice has its round. The answer is in the contract of the event's source.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "textlambda/events/answer.h"
#include "textlambda/events/text_pointers.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/invocation.h"
#include "textlambda/loop/configuration.h"
#include "textlambda/store/feedback.h"
#include "textlambda/store/model_store.h"

namespace textlambda::loop {

// How long before an invocation's deadline a round is stopped, in milliseconds: a tenth of its time, within these.
// What comes after the stop, the answer and its way, takes less.
inline constexpr std::int64_t kLeastMarginMs = 200;
inline constexpr std::int64_t kMostMarginMs = 2000;

// When work has to stop, in milliseconds since 1970; nothing where the invocation has no deadline, or one that has
// passed already: no invocation begins without time, so that the host made it up or has another clock.
std::optional<std::int64_t> stop_of(std::int64_t deadline_ms, std::int64_t now_ms);

// Not thread-safe: one invocation at a time, whose round has threads of its own.
class Handler {
 public:
  // For the log.
  using Log = std::function<void(lambda::LogLevel level, std::string_view message)>;

  // Opens the store, or makes it, and looks whether the corpora and the test set can be read. The configuration has to
  // outlive the handler. `threads` of a round. Throws Error.
  Handler(const Configuration& configuration, lambda::EpochClock epoch_ms, unsigned threads);

  // Any bytes get an answer; nothing is thrown. An error that another try may not meet is a failed invocation, or a
  // record that is named as failed: the source hands it over again. What the gate decides is no error.
  events::Answer handle(const lambda::Invocation& invocation, const Log& log) noexcept;

 private:
  struct RoundAnswer {
    std::string json;
    std::string error_type;  // empty: it came to its end
    std::string error;
  };

  void handle(const lambda::Invocation& invocation, const Log& log, events::Answer& answer);
  // Why it could not; empty: nothing was to be kept, or it is.
  std::string keep(events::Event& event, const lambda::Invocation& invocation);
  void run_asked_round(events::Event& event, const lambda::Invocation& invocation, const Log& log,
                       RoundAnswer& round) const;
  RoundAnswer run_round(const std::string& name, std::int64_t deadline_ms, const Log& log) const;
  std::string health_card() const;
  // How long a lock may be waited for, in seconds, if the work has to stop then (milliseconds since 1970).
  unsigned patience(std::optional<std::int64_t> stop_ms) const;

  const Configuration& configuration_;
  lambda::EpochClock epoch_ms_;
  unsigned threads_;
  events::TextPointers text_pointers_;
  events::TextPointers label_pointers_;
  store::ModelStore store_;
  store::Feedback feedback_;
};

}  // namespace textlambda::loop
