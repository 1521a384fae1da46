// An execution environment: a function's process, and the Runtime API that it alone speaks to. It serves one invocation
// at a time, and many one after the other while it is warm.
//
//   starting ── next ──▶ idle ── invoke ──▶ busy ── response, error ──▶ answered ── next ──▶ idle
//      │                  │                   │                            │
//      └──────────────────┴──── the process ends, an init error, a timeout ┴──▶ gone
//
// What is asked of the Runtime API in another order is answered 403 InvalidStateTransition. Not thread-safe: all on one
// io_context that one thread runs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/function.h"
#include "textlambda/emulator/invocation.h"
#include "textlambda/emulator/invocation_log.h"
#include "textlambda/emulator/sandbox_process.h"
#include "textlambda/emulator/server.h"

namespace textlambda::emulator {

// Takes what goes to the log: whole lines or pieces of what a function prints.
using LogSink = std::function<void(std::string_view text)>;

class Environment : public std::enable_shared_from_this<Environment> {
 public:
  // Lambda's own limits.
  static constexpr std::chrono::seconds kInitTimeout{10};
  static constexpr std::size_t kMostResponseBytes = 6'291'556;

  // `function` and `log` have to outlive it.
  Environment(asio::io_context& context, const Function& function, const LogSink& log);
  ~Environment();

  // Listens and starts the process. Throws Error(input_output).
  void start();

  bool is_free() const { return !current_ && state_ != State::gone; }
  bool is_gone() const { return state_ == State::gone; }

  // While it is free. Returns once there is an answer, or none is to come.
  Awaitable<Outcome> invoke(Invocation invocation);

  // SIGTERM to an environment that is free; ends it at once where it is not.
  void stop();

 private:
  enum class State { starting, idle, busy, answered, gone };

  Awaitable<http::Response> answer(ServerRequest request);
  Awaitable<http::Response> next();
  http::Response take_answer(const ServerRequest& request, std::string_view request_id, bool is_error);
  http::Response take_init_error(const ServerRequest& request);
  // They keep the environment for as long as there is a process.
  static Awaitable<> serve_api(std::shared_ptr<Environment> self);
  static Awaitable<> read_output(std::shared_ptr<Environment> self);
  static Awaitable<> await_end(std::shared_ptr<Environment> self);
  void note_end(const ProcessEnd& end);
  void read_what_is_there();
  void take_output(std::string_view text);
  void conclude(bool function_error, std::string body);
  void fail(std::string error_type, std::string message);
  void leave();
  std::string exit_reason(const ProcessEnd& end) const;

  asio::io_context& context_;
  const Function& function_;
  const LogSink& log_;
  asio::ip::tcp::acceptor acceptor_;
  std::unique_ptr<SandboxProcess> process_;
  std::optional<asio::posix::stream_descriptor> output_;
  std::optional<asio::posix::stream_descriptor> ended_;

  State state_ = State::starting;
  bool handed_out_ = false;            // the process has the invocation
  std::optional<Invocation> current_;  // that somebody waits for in invoke()
  std::optional<Outcome> outcome_;
  std::string answered_id_;  // of the invocation that had its answer last
  std::string init_error_;   // body; empty: none
  bool too_large_ = false;   // its answer was, and no other has come yet
  Clock::time_point started_;
  std::chrono::nanoseconds init_{};  // of the first invocation alone
  Clock::time_point began_;
  Clock::time_point ended_at_;
  Signal work_;
  Signal changed_;
  LogTail tail_;
};

}  // namespace textlambda::emulator
