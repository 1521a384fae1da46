// The functions that the emulator hosts, and who of their environments takes which invocation. Not thread-safe: all on
// one io_context that one thread runs.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "textlambda/emulator/environment.h"

namespace textlambda::emulator {

struct Statistics {
  std::uint64_t invocations = 0;  // that began
  std::uint64_t cold_starts = 0;
  std::uint64_t function_errors = 0;
  std::uint64_t throttled = 0;
  std::size_t most_environments = 0;  // of all functions at a time
};

struct AsynchronousLimits {
  std::size_t queue = 1000;  // events that wait, of one function; more are throttled
  unsigned retries = 2;      // after a function error: a minute later, and two minutes after that
  double time_scale = 1;     // that those minutes are multiplied with
};

class LambdaService {
 public:
  LambdaService(asio::io_context& context, LogSink log, AsynchronousLimits limits = {});
  ~LambdaService();

  // Throws Error(usage) for a name that is there already, or is none.
  void add(Function function);
  const Function* find(const std::string& name) const;
  std::vector<const Function*> functions() const;  // by name

  enum class Refusal { none, throttled };
  // Of a function that find() finds. `refusal` is set where no environment is free and no more may be started.
  Awaitable<Outcome> invoke(const std::string& name, Invocation invocation, Refusal& refusal);
  // Takes an event that is answered by nobody; false where too many wait.
  bool enqueue(const std::string& name, Invocation invocation);

  // Ends all environments: those that are free by SIGTERM, and what is left after `patience` at once.
  Awaitable<> shut_down(std::chrono::milliseconds patience);

  const Statistics& statistics() const { return statistics_; }

 private:
  struct Waiting;
  struct Host;

  std::shared_ptr<Environment> free_environment(Host& host);
  Awaitable<Outcome> run(Host& host, std::shared_ptr<Environment> environment, Invocation invocation);
  Awaitable<> work_off(Host& host);
  Awaitable<> run_event(Host& host, std::shared_ptr<Environment> environment, Waiting taken);
  void put_back(Host& host, Waiting waiting);

  asio::io_context& context_;
  LogSink log_;
  AsynchronousLimits limits_;
  std::map<std::string, std::unique_ptr<Host>> hosts_;
  Statistics statistics_;
};

}  // namespace textlambda::emulator
