// Who of a function's environments takes which invocation, and what becomes of those that nobody waits for. Not
// thread-safe: all on one io_context that one thread runs.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "textlambda/emulator/answer_stream.h"
#include "textlambda/emulator/environment.h"
#include "textlambda/emulator/invocation_history.h"
#include "textlambda/emulator/registry.h"

namespace textlambda::emulator {

struct ServiceSettings {
  std::string scratch;        // a folder for the environments' temporary files
  unsigned concurrency = 10;  // environments of a function at a time, where it has no reserved concurrency
  std::chrono::milliseconds idle{300'000};  // an environment that long without work is ended
  // Of asynchronous events.
  std::size_t queue = 1000;          // that wait, of one function; more are throttled
  unsigned retries = 2;              // after a function error: a minute later, and two minutes after that
  std::chrono::seconds age{21'600};  // the longest that one waits
  double time_scale = 1;             // that those times are multiplied with
};

// What is told of every invocation once it is over.
struct Finished {
  const Function& function;
  const Invocation& invocation;
  const Outcome& outcome;
  InvocationKind kind = InvocationKind::request_response;
  std::chrono::system_clock::time_point began;
};

class LambdaService {
 public:
  // `registry` and `history`, which is told of all that happens, have to outlive it.
  LambdaService(asio::io_context& context, Registry& registry, InvocationHistory& history, LogSink log,
                ServiceSettings settings);
  ~LambdaService();

  enum class Refusal { none, throttled };
  struct Result {
    Refusal refusal = Refusal::none;  // no environment is free and no more may be started
    Outcome outcome;
  };
  Awaitable<Result> invoke(Resolved target, Invocation invocation, InvocationKind kind);

  // The same, with an answer that comes as the function streams it, if it does.
  struct Streamed {
    explicit Streamed(asio::io_context& context) : stream(std::make_shared<AnswerStream>(context)) {}
    Streamed(const Streamed&) = delete;
    Streamed& operator=(const Streamed&) = delete;
    ~Streamed() { stream->leave(); }

    std::shared_ptr<AnswerStream> stream;
    std::shared_ptr<Result> result = std::make_shared<Result>();  // once the stream has ended
  };
  std::shared_ptr<Streamed> invoke_streaming(Resolved target, Invocation invocation, InvocationKind kind);

  // Takes an event that is answered by nobody; false where too many wait. The qualifier is looked up when it runs.
  bool enqueue(const std::string& name, const std::string& qualifier, Invocation invocation);

  // Ends the environments of versions that the registry does not have any more.
  void retire_stale();

  // Ends those that were idle for too long, for ever.
  Awaitable<> reap_idle();
  // Waits up to `patience` for what is under way, and ends all environments. Events that wait are dropped.
  Awaitable<> shut_down(std::chrono::milliseconds patience);

  // How a record reaches a destination, which is an ARN or a file; the default knows functions alone.
  std::function<void(const std::string& destination, const std::string& record)> deliver;
  std::function<void(const Finished&)> finished;

  // Those that count, for as long as nothing is invoked.
  std::vector<const Environment*> environments() const;

 private:
  struct Waiting;
  struct Host;

  Host& host_of(const std::string& name);
  unsigned limit_of(const Function& function) const;
  std::shared_ptr<Environment> free_environment(Host& host, const Resolved& target, const std::string& tenant_id);
  std::shared_ptr<Environment> start_environment(Host& host, std::shared_ptr<const Function> function);
  void forget_gone(Host& host);
  void note_throttled(const Function& function, const Invocation& invocation, InvocationKind kind);
  bool make_room(Host& host, const Function& function);
  // `invocation` has to stay until it returns.
  Awaitable<Outcome> run(Host& host, std::shared_ptr<Environment> environment, const Invocation& invocation,
                         InvocationKind kind);
  Awaitable<> run_streaming(std::shared_ptr<AnswerStream> stream, std::shared_ptr<Result> result, Resolved target,
                            Invocation invocation, InvocationKind kind);
  Awaitable<> work_off(Host& host);
  Awaitable<> run_event(Host& host, std::shared_ptr<Environment> environment, Waiting taken);
  void put_back(Host& host, Waiting waiting);
  void give_up(Host& host, const Waiting& waiting, const char* condition, const Outcome* outcome);
  void send_record(Host& host, const Waiting& waiting, const char* condition, const Outcome* outcome);

  asio::io_context& context_;
  Registry& registry_;
  InvocationHistory& history_;
  LogSink log_;
  ServiceSettings settings_;
  std::map<std::string, std::unique_ptr<Host>> hosts_;
};

}  // namespace textlambda::emulator
