// An execution environment: a function's process, and the Runtime API that it alone speaks to. It serves one invocation
// at a time, or as many as the function's max_concurrency says, and many one after the other while it is warm.
//
//   starting ── next ──▶ idle ── invoke ──▶ busy ── response, error ──▶ answered ── next ──▶ idle
//      │                  │                   │                            │
//      └──────────────────┴──── the process ends, an init error, a timeout ┴──▶ gone
//
// What is asked of the Runtime API in another order is answered 403 InvalidStateTransition. Not thread-safe: all on one
// io_context that one thread runs.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/extensions_api.h"
#include "textlambda/emulator/function.h"
#include "textlambda/emulator/invocation.h"
#include "textlambda/emulator/invocation_history.h"
#include "textlambda/emulator/invocation_log.h"
#include "textlambda/emulator/json_log.h"
#include "textlambda/emulator/sandbox_process.h"

namespace textlambda::emulator {

// Takes what goes to the log: whole lines or pieces of what a function prints.
using LogSink = std::function<void(std::string_view text)>;

class Environment : public std::enable_shared_from_this<Environment> {
 public:
  // Lambda's own limits.
  static constexpr std::chrono::seconds kInitTimeout{10};
  static constexpr std::size_t kMostResponseBytes = 6'291'556;
  static constexpr std::uint64_t kMostStreamedBytes = 200 << 20;
  // How long extensions may take to end.
  static constexpr std::chrono::milliseconds kShutdownTime{2000};

  // `log` has to outlive it. A folder of its own for temporary files is made below `scratch`, and goes with it.
  Environment(asio::io_context& context, std::shared_ptr<const Function> function, const LogSink& log,
              const std::string& scratch);
  ~Environment();

  // Listens and starts the process. Throws Error(input_output).
  void start();

  // Whether it may be given one more, of that tenant.
  bool is_free(const std::string& tenant_id) const;
  bool is_unused() const { return calls_.empty() && state_ != State::gone; }
  // The same, with nothing left to do for its extensions either.
  bool is_at_rest() const { return is_unused() && (!asked_for_work_ || extensions_->all_idle()); }
  bool is_gone() const { return state_ == State::gone; }
  const char* state_name() const;
  Clock::time_point unused_since() const { return unused_since_; }
  Clock::time_point started() const { return started_; }
  std::uint64_t served() const { return served_; }
  const std::string& log_stream() const { return log_stream_; }
  const Function& function() const { return *function_; }
  std::shared_ptr<const Function> shared_function() const { return function_; }
  EnvironmentEnd end_reason() const { return end_reason_; }  // once it is gone
  std::uint64_t peak_bytes() const { return process_ ? process_->peak_bytes() : 0; }

  // While it is free. Returns once there is an answer, or none is to come, or `untouched` (Outcome); `invocation` has
  // to stay until then.
  Awaitable<Outcome> invoke(const Invocation& invocation);

  // Ends it: extensions hear of it and have their time, the function's process gets SIGTERM. At once where it is busy.
  void stop(EnvironmentEnd reason);

 private:
  enum class State { starting, running, stopping, gone };
  struct Call;
  struct Next;

  Awaitable<ServerResponse> answer(ServerRequest request);
  Awaitable<http::Response> next();
  http::Response hand_out(Call& call);
  // One that the function streams to a caller who takes it as it comes.
  Call* streamed_call(const ServerRequest& request);
  Awaitable<http::Response> pass_on(BodyReader& pieces, std::string content_type, std::shared_ptr<Call> call);
  http::Response take_answer(const ServerRequest& request, const std::string& request_id, bool is_error);
  http::Response take_init_error(const ServerRequest& request);
  // They keep the environment for as long as there is a process.
  static Awaitable<> serve_api(std::shared_ptr<Environment> self);
  static Awaitable<> read_output(std::shared_ptr<Environment> self);
  static Awaitable<> await_end(std::shared_ptr<Environment> self);
  static Awaitable<> wind_down(std::shared_ptr<Environment> self);
  void note_extensions();
  void note_initialised();
  void note_end(const ProcessEnd& end);
  void read_what_is_there();
  void take_output(std::string_view text);
  Call* waiting_call();
  std::shared_ptr<Call> handed_out(const std::string& request_id);
  std::size_t handed_out_count() const;
  void conclude(Call& call, bool function_error, std::string body, std::string error_type);
  void fail(Call& call, std::string_view error_type, std::string_view message);
  void fail_all(std::string_view error_type, std::string_view message);
  void write_log(Call* call, std::string text);
  PlatformInvocation platform_invocation(const Invocation& invocation) const;
  std::string start_text(const Call& call) const;
  std::string end_text(const Call& call, const Outcome& outcome) const;
  void leave(EnvironmentEnd reason);
  std::string exit_reason(const ProcessEnd& end) const;

  asio::io_context& context_;
  const std::shared_ptr<const Function> function_;
  const LogSink& log_;
  std::string temporary_folder_;
  std::string log_stream_;
  asio::ip::tcp::acceptor acceptor_;
  std::unique_ptr<SandboxProcess> process_;
  std::optional<asio::posix::stream_descriptor> output_;
  std::optional<asio::posix::stream_descriptor> ended_;
  std::unique_ptr<ExtensionsApi> extensions_;
  bool waits_for_extensions_ = false;  // the function's process is not started yet

  State state_ = State::starting;
  std::vector<std::shared_ptr<Call>> calls_;  // that somebody waits for in invoke()
  std::deque<std::shared_ptr<Next>> nexts_;   // requests for work that wait
  std::deque<std::string> answered_;          // ids of the last that were
  std::string tenant_id_;                     // whose it is; empty: nobody's yet
  std::string init_error_;                    // body; empty: none
  std::string init_error_type_;
  bool asked_for_work_ = false;
  Clock::time_point started_;
  std::chrono::nanoseconds init_{};
  bool init_told_ = false;  // an invocation has it in its REPORT
  Clock::time_point unused_since_;
  std::uint64_t served_ = 0;
  EnvironmentEnd end_reason_ = EnvironmentEnd::stopped;
  bool line_is_open_ = false;  // the function's output has not ended its last line
};

}  // namespace textlambda::emulator
