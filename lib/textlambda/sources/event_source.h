// A source of events and the event source mapping that hands them to a function, as one state machine: messages are fed
// to it, batches polled from it, and what became of each batch is told to it. Simulated on a virtual clock or driven by
// a real one, it cannot tell which. Nothing here waits, and nothing is thread-safe.
//
//   feed(message) … poll() ─▶ batch ─▶ the function ─▶ settle(batch, verdict) … poll() …
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/events/source.h"
#include "textlambda/sources/books.h"
#include "textlambda/sources/message.h"
#include "textlambda/sources/time.h"

namespace textlambda::sources {

struct Delivery {
  Item item = 0;
  std::uint32_t receive = 1;  // how often the source gave the message out, this time included
};

// What one invocation is handed.
struct Batch {
  std::uint32_t lane = 0;   // of a stream: what is handed out one after the other
  std::uint32_t tries = 0;  // how often it was throttled before
  std::vector<Delivery> deliveries;
};

// What the service makes of an invocation (batch_answer.h).
struct Verdict {
  enum class Kind {
    answered,   // the function's answer counts: all of the batch but `failed` succeeded
    failed,     // all of it failed
    throttled,  // the function never had it
  };
  Kind kind = Kind::answered;
  std::vector<std::uint32_t> failed;  // places in the batch, ascending, each once
  bool function_error = false;        // of the kind `failed`: the function's own, not a malformed answer
  std::string reason;                 // of the kind `failed`, in one line

  void clear() {
    kind = Kind::answered;
    failed.clear();
    function_error = false;
    reason.clear();
  }
};

// In which order messages may be delivered: one only once all that were fed before it in the same order are settled, or
// in its batch, before it.
inline constexpr std::uint32_t kNoOrder = UINT32_MAX;

class EventSource {
 public:
  // Takes what was given up: a message, or the record that AWS writes of it; one line of JSON without its end.
  using DeadLetters = std::function<void(std::string&& line)>;

  EventSource() = default;
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;
  virtual ~EventSource() = default;

  // Which service's events these are, and answers are read as; `direct` where an answer counts for nothing.
  virtual events::Source service() const = 0;
  virtual SourceClass source_class() const = 0;

  // Back to the beginning: nothing has been fed. Keeps its memory.
  virtual void restart() = 0;
  // Messages that there are; more may come to be of a schedule.
  virtual std::size_t size() const = 0;
  // Messages were added behind those that it was made of, by who owns them. Of queues alone.
  virtual void grow() {}
  // The message arrives. Each once, in the order of their places.
  virtual void feed(Item item, Nanoseconds now) = 0;
  // Fills in the next batch for a function; false where none is due. Time must not go back.
  virtual bool poll(Nanoseconds now, Batch& batch) = 0;
  // When poll() may have something if nothing is fed or settled meanwhile, at the earliest `now`; kNever: not at all.
  virtual Nanoseconds next_due(Nanoseconds now) = 0;
  // Once for every batch that poll() gave, in any order.
  virtual void settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) = 0;

  // As an answer names it. Lives as long as the source.
  virtual std::string_view id(Item item) const = 0;
  // The event of a batch that poll() gave, as the service sends it; appended.
  virtual void write_event(const Batch& batch, Nanoseconds now, std::string& out) const = 0;
  // Whether answers name what failed (ReportBatchItemFailures).
  virtual bool reports_failures() const { return true; }

  // What who checks it has to know.
  virtual std::uint32_t order_of(Item /*item*/) const { return kNoOrder; }
  // How often a message is received before it is given up at the earliest; 0: it may be given up at any time, or never.
  virtual std::uint32_t attempts_before_giving_up() const { return 0; }
  // Whether it is at the latest, too.
  virtual bool gives_up_at_once() const { return false; }

  virtual const Books& books() const = 0;

  void send_dead_letters_to(DeadLetters sink) { dead_letters_ = std::move(sink); }

 protected:
  // Empty where nobody wants them, so that nothing has to be written.
  DeadLetters dead_letters_;
};

}  // namespace textlambda::sources
