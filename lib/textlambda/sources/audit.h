// Watches a source from outside, with a memory of its own of what was fed, handed out and answered, and says what is
// wrong with it: books that do not balance, and books that do but are untrue. In one line each:
//
// - a message counts as succeeded although no answer said so, or is handed out although it is settled;
// - it is given up earlier or later than the source says it does;
// - it is handed out before one that comes first in its order;
// - nothing happens any more, and it is neither settled nor will it come again.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/sources/event_source.h"

namespace textlambda::sources {

class Audit {
 public:
  // Begins anew, with a source to which nothing was fed. Keeps its memory.
  void restart(const EventSource& source);

  // Each returns what is wrong, empty where nothing is.
  std::string fed(const EventSource& source, Item item);
  // After poll().
  std::string handed_out(const EventSource& source, const Batch& batch);
  // `verdict` is what settle() was told of the batch before.
  std::string settled(const EventSource& source, const Batch& batch, const Verdict& verdict);
  // All is over; `at_rest`: nothing is with a function, and the source has nothing that is due at any time.
  std::string ended(const EventSource& source, bool at_rest) const;

 private:
  struct Seen {
    bool fed = false;
    bool confirmed = false;      // an answer said that it succeeded
    std::uint32_t receives = 0;  // as its deliveries say
    std::uint32_t invoked = 0;   // functions that had it and are done
    std::uint32_t running = 0;   // functions that have it
    std::uint32_t place = 0;     // in its order
  };
  struct Order {
    std::vector<Item> items;  // as they were fed
    std::size_t open = 0;     // before it all are settled
    std::size_t cursor = 0;   // in the batch that is being looked at
    std::uint64_t batch = 0;
  };

  void grow(std::size_t messages);
  std::string out_of_order(const EventSource& source, Item item);
  std::string untrue(const EventSource& source, Item item) const;

  std::vector<Seen> seen_;
  std::vector<Order> orders_;
  std::uint64_t batches_ = 0;
};

}  // namespace textlambda::sources
