#include "textlambda/emulator/environment.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/protocol/error_body.h"
#include "textlambda/protocol/runtime_api.h"

namespace textlambda::emulator {
namespace {

constexpr std::string_view kInvocationPath = "/2018-06-01/runtime/invocation/";

http::Response runtime_response(unsigned status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

http::Response accepted() { return runtime_response(202, "{\"status\":\"OK\"}\n"); }

http::Response refused(unsigned status, std::string_view type, std::string_view message) {
  std::string body = protocol::error_body(type, message);
  return runtime_response(status, std::move(body));
}

std::int64_t epoch_milliseconds(Clock::time_point moment) {
  const auto from_now = moment - Clock::now();
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             (std::chrono::system_clock::now() + from_now).time_since_epoch())
      .count();
}

}  // namespace

Environment::Environment(asio::io_context& context, const Function& function, const LogSink& log)
    : context_(context), function_(function), log_(log), acceptor_(context), work_(context), changed_(context) {}

Environment::~Environment() {
  // The descriptors are the process's.
  if (output_) output_->release();
  if (ended_) ended_->release();
}

void Environment::start() {
  acceptor_ = listen_on(context_, "127.0.0.1", 0);
  ProcessSettings settings;
  settings.executable = function_.executable;
  settings.folder = function_.task_root;
  settings.memory_bytes = std::uint64_t{function_.memory_mb} << 20;
  settings.environment = protocol::runtime_environment({.runtime_api = address_of(acceptor_),
                                                        .task_root = function_.task_root,
                                                        .function_name = function_.name,
                                                        .memory_mb = function_.memory_mb,
                                                        .region = function_.region,
                                                        .handler = function_.handler});
  for (const char* const dummy :
       {"AWS_ACCESS_KEY_ID=emulated", "AWS_SECRET_ACCESS_KEY=emulated", "AWS_SESSION_TOKEN=emulated",
        "LD_LIBRARY_PATH=/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"}) {
    settings.environment.emplace_back(dummy);
  }
  for (const auto& [name, value] : function_.environment) settings.environment.push_back(name + "=" + value);

  started_ = Clock::now();
  process_ = std::make_unique<SandboxProcess>(settings);
  ::fcntl(process_->output(), F_SETFL, O_NONBLOCK);
  output_.emplace(context_, process_->output());
  ended_.emplace(context_, process_->ended());
  asio::co_spawn(context_, serve_api(shared_from_this()), asio::detached);
  asio::co_spawn(context_, read_output(shared_from_this()), asio::detached);
  asio::co_spawn(context_, await_end(shared_from_this()), asio::detached);
}

// g++ 12 destroys what a lambda holds twice where it is made within a co_await: they are named before.
Awaitable<> Environment::serve_api(std::shared_ptr<Environment> self) {
  ServerLimits limits;
  limits.body_bytes = kMostResponseBytes;
  Answer answer = [self](ServerRequest request) { return self->answer(std::move(request)); };
  co_await serve(self->acceptor_, limits, std::move(answer));
}

Awaitable<Outcome> Environment::invoke(Invocation invocation) {
  const auto self = shared_from_this();
  const std::string request_id = invocation.request_id;
  current_ = std::move(invocation);
  outcome_.reset();
  handed_out_ = false;
  too_large_ = false;
  const bool cold = state_ == State::starting && init_.count() == 0;
  std::string start = start_line(request_id);
  log_(start);
  tail_.add(start);
  Measures measures;
  if (!init_error_.empty()) {
    conclude(true, init_error_);
  } else if (state_ == State::gone) {
    fail("Runtime.ExitError", "Runtime exited without providing a reason");
  }
  work_.notify();
  while (!outcome_) {
    const Clock::time_point limit = handed_out_ ? began_ + function_.timeout : started_ + kInitTimeout;
    if (co_await changed_.wait_until(limit)) continue;
    if (outcome_) break;
    if (handed_out_) {
      measures.timed_out = true;
      fail("Sandbox.Timedout", fmt::format("Task timed out after {:.2f} seconds",
                                           std::chrono::duration<double>(function_.timeout).count()));
    } else if (Clock::now() >= started_ + kInitTimeout && state_ == State::starting) {
      fail("Runtime.InitTimeout",
           fmt::format("the runtime asked for no work within {} seconds of its start", kInitTimeout.count()));
    } else {
      continue;
    }
    leave();
  }
  // What it printed before its answer has been written by now.
  read_what_is_there();
  measures.duration = handed_out_ ? ended_at_ - began_ : std::chrono::nanoseconds(0);
  if (cold) measures.init = init_.count() > 0 ? init_ : Clock::now() - started_;
  measures.peak_bytes = process_->peak_bytes();
  const std::string end = end_line(request_id) + report_line(request_id, measures, function_.memory_mb);
  log_(end);
  tail_.add(end);
  Outcome outcome = std::move(*outcome_);
  outcome.log = tail_.take();
  outcome_.reset();
  current_.reset();
  co_return outcome;
}

void Environment::stop() {
  if (state_ == State::gone || process_ == nullptr) return;
  if (current_) {
    leave();
  } else {
    process_->terminate();
  }
}

Awaitable<http::Response> Environment::answer(ServerRequest request) {
  const std::string target = request.target.substr(0, request.target.find('?'));
  if (state_ == State::gone) co_return refused(403, "InvalidStateTransition", "the environment is gone");
  if (target == protocol::kNextPath) {
    if (request.method != "GET") co_return refused(405, "MethodNotAllowed", "expected GET");
    co_return co_await next();
  }
  if (request.method != "POST") co_return refused(404, "NotFound", "no such route: " + request.method + " " + target);
  if (target == protocol::kInitErrorPath) co_return take_init_error(request);
  if (target.starts_with(kInvocationPath)) {
    const std::string_view rest = std::string_view(target).substr(kInvocationPath.size());
    const std::size_t slash = rest.rfind('/');
    const std::string_view verb = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    if (verb == "response" || verb == "error") {
      co_return take_answer(request, encoding::percent_decoded(rest.substr(0, slash)), verb == "error");
    }
  }
  co_return refused(404, "NotFound", "no such route: " + request.method + " " + target);
}

Awaitable<http::Response> Environment::next() {
  const auto self = shared_from_this();
  if (state_ == State::busy) {
    if (!too_large_) co_return refused(403, "InvalidStateTransition", "Transition from Busy to Next is not allowed");
    conclude(true,
             protocol::error_body("Function.ResponseSizeTooLarge",
                                  fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).",
                                              kMostResponseBytes)));
  }
  if (state_ == State::starting && init_.count() == 0) init_ = Clock::now() - started_;
  state_ = State::idle;
  changed_.notify();
  while (state_ == State::idle && (!current_ || handed_out_)) co_await work_.wait();
  if (state_ != State::idle) co_return refused(403, "InvalidStateTransition", "the environment is gone");
  state_ = State::busy;
  handed_out_ = true;
  began_ = Clock::now();
  changed_.notify();
  http::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = current_->event};
  const auto add = [&](std::string_view name, std::string value) {
    if (!value.empty()) response.headers.push_back({std::string(name), std::move(value)});
  };
  add(protocol::kRequestIdHeader, current_->request_id);
  add(protocol::kDeadlineHeader, std::to_string(epoch_milliseconds(began_ + function_.timeout)));
  add(protocol::kFunctionArnHeader, function_.arn());
  add(protocol::kTraceIdHeader, current_->trace_id);
  add(protocol::kClientContextHeader, current_->client_context);
  co_return response;
}

http::Response Environment::take_answer(const ServerRequest& request, std::string_view request_id, bool is_error) {
  if (request_id == answered_id_) {
    return refused(403, "InvalidStateTransition", "the invocation has its answer already");
  }
  if (state_ != State::busy || !current_ || request_id != current_->request_id) {
    return refused(400, "InvalidRequestID", "Invalid request ID");
  }
  if (request.body_too_large) {
    too_large_ = true;
    return refused(413, "RequestEntityTooLarge",
                   fmt::format("Exceeded maximum allowed payload size ({} bytes).", kMostResponseBytes));
  }
  conclude(is_error, request.body.empty() && !is_error ? "null" : request.body);
  return accepted();
}

http::Response Environment::take_init_error(const ServerRequest& request) {
  if (state_ != State::starting) return refused(403, "InvalidStateTransition", "the initialisation is over");
  init_error_ =
      request.body.empty() ? protocol::error_body("Runtime.Unknown", "the initialisation failed") : request.body;
  if (current_) conclude(true, init_error_);
  return accepted();
}

void Environment::conclude(bool function_error, std::string body) {
  if (outcome_ || !current_) return;
  ended_at_ = Clock::now();
  outcome_ = Outcome{function_error, std::move(body), ""};
  answered_id_ = current_->request_id;
  if (state_ == State::busy) state_ = State::answered;
  changed_.notify();
}

void Environment::fail(std::string error_type, std::string message) {
  if (!current_) return;
  const std::string body =
      protocol::error_body(error_type, fmt::format("RequestId: {} Error: {}", current_->request_id, message));
  conclude(true, body);
}

// Ends the process and all that came of it; nothing is asked or answered here any more.
void Environment::leave() {
  if (state_ == State::gone) return;
  state_ = State::gone;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  if (process_) process_->kill();
  work_.notify();
  changed_.notify();
}

Awaitable<> Environment::await_end(std::shared_ptr<Environment> self) {
  boost::system::error_code ignored;
  co_await self->ended_->async_wait(asio::posix::stream_descriptor::wait_read,
                                    asio::redirect_error(asio::use_awaitable, ignored));
  const ProcessEnd end = self->process_->end();
  self->note_end(end);
}

void Environment::note_end(const ProcessEnd& end) {
  read_what_is_there();
  if (current_ && !outcome_) {
    if (!init_error_.empty()) {
      conclude(true, init_error_);
    } else {
      fail(end.how == ProcessEnd::How::not_started ? "Runtime.InvalidEntrypoint" : "Runtime.ExitError",
           exit_reason(end));
    }
  } else if (!current_ && state_ == State::starting && init_error_.empty()) {
    init_error_ = protocol::error_body("Runtime.ExitError", exit_reason(end));
  }
  leave();
}

std::string Environment::exit_reason(const ProcessEnd& end) const {
  switch (end.how) {
    case ProcessEnd::How::exited:
      if (end.value == 0) return "Runtime exited without providing a reason";
      return fmt::format("Runtime exited with error: exit status {}", end.value);
    case ProcessEnd::How::signalled: {
      const char* const name = ::strsignal(end.value);
      std::string words = name == nullptr ? std::to_string(end.value) : name;
      for (char& c : words) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return "Runtime exited with error: signal: " + words;
    }
    case ProcessEnd::How::out_of_memory:
      return "Runtime exited with error: signal: killed";
    case ProcessEnd::How::not_started:
      return fmt::format("cannot start {}: {}", function_.executable, std::strerror(end.value));
  }
  return "";
}

Awaitable<> Environment::read_output(std::shared_ptr<Environment> self) {
  for (;;) {
    boost::system::error_code error;
    co_await self->output_->async_wait(asio::posix::stream_descriptor::wait_read,
                                       asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    std::array<char, 65536> block{};
    const ssize_t size = ::read(self->process_->output(), block.data(), block.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    if (size > 0) self->take_output({block.data(), static_cast<std::size_t>(size)});
  }
}

// Bounded: a function that goes on printing is no reason to keep its caller waiting.
void Environment::read_what_is_there() {
  std::array<char, 65536> block{};
  for (int i = 0; i < 64; ++i) {
    const ssize_t size = ::read(process_->output(), block.data(), block.size());
    if (size <= 0) return;
    take_output({block.data(), static_cast<std::size_t>(size)});
  }
}

void Environment::take_output(std::string_view text) {
  log_(text);
  tail_.add(text);
}

}  // namespace textlambda::emulator
