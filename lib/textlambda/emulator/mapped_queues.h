// The queues that event source mappings may name, each a file of messages, to which more may be appended: what is left
// of one goes to the function of its mapping for as long as that is there and enabled. Not thread-safe: all on one
// io_context that one thread runs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/registry.h"
#include "textlambda/emulator/source_driver.h"

namespace textlambda::emulator {

class MappedQueues {
 public:
  // Invokes a function, as a mapping names it, with the event of a batch.
  using Invoke =
      std::function<Awaitable<DriverOutcome>(std::string function, std::string qualifier, std::string event)>;

  // `scratch` is a folder for what mappings bring along.
  MappedQueues(asio::io_context& context, std::string scratch, Invoke invoke, DriverOptions options);
  ~MappedQueues();

  // NAME=FILE, and behind commas the options of a queue itself (sources/source_spec.h). NAME may be an ARN. Reads the
  // file. Throws Error.
  void add(const std::string& text);

  // Takes what is appended to the files while it runs, for ever.
  Awaitable<> watch();

  // Goes by the mappings that there are now; one that is changed or gone keeps what it has been handed.
  void follow(const Registry& registry);
  // No queue is fed any more; returns once nothing of them is with a function.
  Awaitable<> stop();

  // Where a mapping stands.
  struct Progress {
    bool is_fed = false;       // with a queue of these
    bool is_changing = false;  // what it was before has not come to its end yet
    std::string last_result;   // as LastProcessingResult has it
  };
  Progress progress_of(const EventSourceMapping& mapping) const;

  // Of each mapping a row for each time that it was fed.
  std::vector<sources::BooksRow> books() const;

 private:
  struct Queue;

  static Awaitable<> change(MappedQueues& self, std::shared_ptr<Queue> queue);
  void begin(Queue& queue);
  void read_on(Queue& queue);
  void want(const std::shared_ptr<Queue>& queue, std::optional<EventSourceMapping> mapping);

  asio::io_context& context_;
  std::string scratch_;
  Invoke invoke_;
  DriverOptions options_;
  std::vector<std::shared_ptr<Queue>> queues_;
  std::vector<sources::BooksRow> closed_books_;
};

}  // namespace textlambda::emulator
