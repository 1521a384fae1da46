// The books of one source: where each of its messages stands, and how often what was done. Whatever moves a message
// says so here, each move from one standing to another:
//
//   unfed ─ feed ─▶ waiting ─ receive ─▶ in flight ─┬─ succeed ──────▶ succeeded
//                      ▲                            ├─ dead_letter ──▶ dead-lettered
//                      └────────── give_back ───────┼─ drop ─────────▶ dropped
//                                                   └─ filter ───────▶ filtered
//
// (a message that is waiting again may go straight to the right: its function answered late, or it was given up).
// The books balance while
//
//   1. fed = succeeded + dead-lettered + dropped + filtered + waiting + in flight
//   2. delivered = succeeded + failed + throttled + late + running
//   3. redelivered = delivered - messages that were delivered at least once
//   4. each message is settled (the four at the right) at most once, and no move is one that is not above.
//
// "Delivered" counts hand-overs of a message to a function: attempts. Each ends as succeeded, as failed, as throttled
// (the function never had it), or as late (it succeeded, but the message was no longer its own to delete); until then
// it is running. Plain accumulator, not thread-safe; a move takes constant time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "textlambda/sources/message.h"

namespace textlambda::sources {

enum class Standing : std::uint8_t { unfed, waiting, in_flight, succeeded, dead_lettered, dropped, filtered };

std::string_view standing_name(Standing standing);
constexpr bool is_settled(Standing standing) { return standing >= Standing::succeeded; }

// How an attempt ended.
enum class Attempt : std::uint8_t { succeeded, failed, throttled, late };

struct Counts {
  // Messages.
  std::uint64_t fed = 0;
  std::uint64_t waiting = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t dropped = 0;   // too old, or given up with nowhere to put it
  std::uint64_t filtered = 0;  // by filter criteria, which is no failure
  // Attempts.
  std::uint64_t received = 0;  // from the source: may be delivered more than once, or not at all
  std::uint64_t delivered = 0;
  std::uint64_t redelivered = 0;
  std::uint64_t failed = 0;
  std::uint64_t throttled = 0;
  std::uint64_t late = 0;
  std::uint64_t running = 0;
  // Batches handed to functions.
  std::uint64_t batches = 0;

  bool operator==(const Counts&) const = default;
};

class Books {
 public:
  // Begins anew with so many messages, none of them fed. Keeps its memory.
  void restart(std::size_t messages);
  // One more, which is unfed.
  void grow() { entries_.emplace_back(); }

  void feed(Item item) { move(item, Standing::waiting); }
  void receive(Item item);
  void give_back(Item item) { move(item, Standing::waiting); }
  void succeed(Item item) { move(item, Standing::succeeded); }
  void dead_letter(Item item) { move(item, Standing::dead_lettered); }
  void drop(Item item) { move(item, Standing::dropped); }
  void filter(Item item) { move(item, Standing::filtered); }

  void begin_batch() { ++counts_.batches; }
  void deliver(Item item);
  void end_attempt(Attempt how);

  Standing standing(Item item) const { return entries_[item].standing; }
  std::uint32_t attempts(Item item) const { return entries_[item].delivered; }  // throttled ones too
  std::size_t size() const { return entries_.size(); }
  const Counts& counts() const { return counts_; }

  // What is wrong, in one line; empty where the books balance. Counts everything anew: takes time linear in messages.
  std::string balance() const;
  // The first wrong move; empty where there was none. At once.
  const std::string& wrong_move() const { return wrong_move_; }

 private:
  struct Entry {
    Standing standing = Standing::unfed;
    std::uint32_t delivered = 0;
  };

  void move(Item item, Standing to);
  std::uint64_t& count_of(Standing standing);

  std::vector<Entry> entries_;
  Counts counts_;
  std::string wrong_move_;
};

// Whether a source deletes its messages itself: then what is given up is no event that Lambda dropped.
enum class SourceClass { queue, stream, events };

// A source's books as they are printed.
struct BooksRow {
  std::string name;  // of the function, and the source: "orders sqs"
  SourceClass source_class = SourceClass::events;
  Counts counts;
  std::string fault;  // as balance() says; empty: they balance
};

// Columns with a line a source, and a line for each whose books do not balance.
std::string books_table(const std::vector<BooksRow>& rows);
// A JSON array: an object a source with "source", every count, "balanced" (and "fault"), and "metrics", the metrics
// that CloudWatch has of event source mappings by their names there: PolledEventCount, FilteredOutEventCount,
// InvokedEventCount, FailedInvokeEventCount, DroppedEventCount, OnFailureDestinationDeliveredEventCount,
// DeletedEventCount. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
std::string books_json(const std::vector<BooksRow>& rows);

// Those metrics, in that order.
std::vector<std::pair<std::string_view, std::uint64_t>> event_count_metrics(SourceClass source_class,
                                                                            const Counts& counts);

}  // namespace textlambda::sources
