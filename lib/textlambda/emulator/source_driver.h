// Feeds a function from an event source (sources/event_source.h) on the real clock: polls it, invokes the function with
// each batch, tells the source what came of it, and writes down what it gives up. Not thread-safe: all on one
// io_context that one thread runs.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "textlambda/emulator/asio.h"
#include "textlambda/sources/batch_answer.h"
#include "textlambda/sources/source_spec.h"

namespace textlambda::emulator {

// What came of an invocation. Its answer is the function's, or its error.
struct DriverOutcome {
  std::string answer;
  bool function_error = false;
  bool throttled = false;  // 429: nobody was invoked
};

// Invokes the function that the source feeds, and waits for it. Kept for as long as the driver runs.
using DriverInvoke = std::function<Awaitable<DriverOutcome>(std::string event)>;

struct DriverOptions {
  // What every wait of the source is multiplied with: visibility timeouts, batching windows, pauses, schedules. 0: none
  // of them takes any time; where nothing else is left to do, its clock goes on to the next moment at once.
  double time_scale = 1;
  // More messages may come when all are settled: it ends where it is stopped alone.
  bool stays = false;
  // A line for whoever reads the log, without its end.
  std::function<void(const std::string& line)> note = {};
};

class SourceDriver : public std::enable_shared_from_this<SourceDriver> {
 public:
  // The moment at which the sources of an emulator that starts now begin: what open_source() wants to know.
  static sources::Nanoseconds start_now();

  // Opens the file of dead letters, to append to it. Throws Error(input_output).
  SourceDriver(asio::io_context& context, sources::OpenSource source, sources::Nanoseconds start, DriverInvoke invoke,
               DriverOptions options = {});

  // Once.
  void start();
  // More messages of a queue, which arrive now.
  void add(sources::Messages messages);
  // Polls no more; what has been handed out is waited for.
  void stop();
  // Until all is settled, as happens to a file of messages though not to a schedule without an end, or until it was
  // stopped and nothing is with a function. One waits at a time.
  Awaitable<> finished();
  bool is_finished() const { return finished_; }

  // What is not settled once it has finished; it is of no use then.
  sources::Messages take_unsettled();
  // Of the last batch, as a mapping's LastProcessingResult has it; empty: there was none.
  const std::string& last_result() const { return last_result_; }

  // At any time; the fault is empty where the books balance.
  sources::BooksRow books() const;

 private:
  // They keep the driver for as long as they run.
  static Awaitable<> run(std::shared_ptr<SourceDriver> self);
  static Awaitable<> invoke_one(std::shared_ptr<SourceDriver> self, sources::Batch batch);

  sources::Nanoseconds now() const;
  Clock::time_point real_time_of(sources::Nanoseconds moment) const;
  void feed();
  void feed_from(std::size_t first);
  sources::Nanoseconds next_feed() const;
  void hand_out();
  void take(const sources::Batch& batch, sources::Reply reply);
  void note(const std::string& line) const;

  asio::io_context& context_;
  sources::OpenSource open_;
  sources::Nanoseconds start_;
  DriverInvoke invoke_;
  DriverOptions options_;
  std::ofstream dead_letters_;
  std::string last_result_;

  Clock::time_point began_;
  sources::Nanoseconds skipped_ = 0;  // of its clock, at a scale of 0
  std::size_t fed_ = 0;               // of those that have a time
  bool fed_all_at_once_ = false;
  std::uint64_t running_ = 0;
  bool stopping_ = false;
  bool finished_ = false;
  Signal changed_;
  Signal ended_;
};

}  // namespace textlambda::emulator
