#include "textlambda/emulator/environment.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/answer_stream.h"
#include "textlambda/emulator/face_response.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/protocol/error_body.h"
#include "textlambda/protocol/runtime_api.h"

namespace textlambda::emulator {
namespace {

constexpr std::string_view kInvocationPath = "/2018-06-01/runtime/invocation/";

http::Response accepted() {
  return {.status = 202, .headers = {{"Content-Type", "application/json"}}, .body = "{\"status\":\"OK\"}\n"};
}

// For what functions print, between a read and the next: one for all of them, on their one thread.
std::array<char, 65536>& output_block() {
  static std::array<char, 65536> block;
  return block;
}

std::int64_t epoch_milliseconds(Clock::time_point moment) {
  const auto from_now = moment - Clock::now();
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             (std::chrono::system_clock::now() + from_now).time_since_epoch())
      .count();
}

// What the service says in a function's place: without a stack trace.
std::string service_error(std::string_view type, std::string_view message) {
  return json::compact({{"errorType", type}, {"errorMessage", message}});
}

// Whose answer or error a path of the Runtime API is.
struct AnswerRoute {
  std::string request_id;
  bool is_error = false;
};

std::optional<AnswerRoute> answer_route(std::string_view target) {
  target = target.substr(0, target.find('?'));
  if (!target.starts_with(kInvocationPath)) return std::nullopt;
  const std::string_view rest = target.substr(kInvocationPath.size());
  const std::size_t slash = rest.rfind('/');
  const std::string_view verb = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  if (verb != "response" && verb != "error") return std::nullopt;
  return AnswerRoute{encoding::uri_decoded(rest.substr(0, slash)), verb == "error"};
}

constexpr std::string_view kErrorBodyHeader = "Lambda-Runtime-Function-Error-Body";

// What the trailers say of an answer that broke off.
std::string midstream_error(std::string_view type, std::string_view body) {
  std::string told;
  encoding::decode_base64(body, told);
  return told.empty() ? protocol::error_body(type, "the response broke off") : told;
}

std::string too_large_body() {
  return service_error("Function.ResponseSizeTooLarge",
                       fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).",
                                   Environment::kMostResponseBytes));
}

// What a function says its error is; empty where it does not.
std::string error_type_of(const std::string& body) {
  nlohmann::json document;
  if (!json::parse(body, 100, document)) return "";
  const std::string* const type = json::string_member(document, "errorType");
  return type == nullptr ? "" : *type;
}

// The programs that Lambda would start beside the function's, by their names.
std::vector<std::string> extension_programs(const std::string& task_root) {
  std::vector<std::string> programs;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(task_root + "/extensions", ignored)) {
    if (entry.is_regular_file(ignored) && ::access(entry.path().c_str(), X_OK) == 0) {
      programs.push_back(entry.path().string());
    }
  }
  std::sort(programs.begin(), programs.end());
  return programs;
}

}  // namespace

struct Environment::Call {
  Call(asio::io_context& context, const Invocation& what) : invocation(what), changed(context) {}

  const Invocation& invocation;  // of who waits in invoke()
  bool handed_out = false;       // the process has it
  bool untold = false;           // its START is written when the process has it, which may not live to ask for it
  bool too_large = false;        // its answer was, and no other has come yet
  bool streaming = false;        // its answer is under way
  bool read_out = false;         // all of that has come that will
  std::optional<Outcome> outcome;
  Clock::time_point began;
  Clock::time_point ended;
  LogTail tail;
  Signal changed;
};

struct Environment::Next {
  explicit Next(asio::io_context& context) : woken(context) {}

  bool superseded = false;
  Signal woken;
};

Environment::Environment(asio::io_context& context, std::shared_ptr<const Function> function, const LogSink& log,
                         const std::string& scratch)
    : context_(context), function_(std::move(function)), log_(log), acceptor_(context) {
  std::string made = scratch + "/tmp-XXXXXX";
  if (::mkdtemp(made.data()) == nullptr) io::throw_system("cannot make a temporary folder", scratch, errno);
  temporary_folder_ = std::move(made);
}

Environment::~Environment() {
  // The descriptors are the process's.
  if (output_) output_->release();
  if (ended_) ended_->release();
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(temporary_folder_, ignored);
}

void Environment::start() {
  acceptor_ = listen_on(context_, "127.0.0.1", 0);
  const std::string day = time_stamp().substr(0, 10);
  log_stream_ = fmt::format("{}/{}/{}/[{}]{}", day.substr(0, 4), day.substr(5, 2), day.substr(8, 2), function_->version,
                            new_hex(32));
  ProcessSettings settings;
  settings.executable = function_->code->executable;
  settings.folder = function_->code->task_root;
  settings.memory_bytes = std::uint64_t{function_->memory_mb} << 20;
  settings.environment = protocol::runtime_environment({.runtime_api = address_of(acceptor_),
                                                        .task_root = function_->code->task_root,
                                                        .function_name = function_->name,
                                                        .memory_mb = function_->memory_mb,
                                                        .region = function_->region,
                                                        .handler = function_->handler,
                                                        .version = function_->version,
                                                        .log_stream = log_stream_,
                                                        .max_concurrency = function_->max_concurrency});
  // A function has credentials of its role in the cloud. Here they are good for nothing, where it is not given others.
  const std::map<std::string, std::string>& own = function_->environment;
  if (!own.contains("AWS_ACCESS_KEY_ID")) {
    for (const char* const dummy :
         {"AWS_ACCESS_KEY_ID=emulated", "AWS_SECRET_ACCESS_KEY=emulated", "AWS_SESSION_TOKEN=emulated"}) {
      settings.environment.emplace_back(dummy);
    }
  }
  settings.environment.emplace_back(
      "LD_LIBRARY_PATH=/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib");
  settings.environment.push_back("TMPDIR=" + temporary_folder_);
  for (const auto& [name, value] : function_->environment) settings.environment.push_back(name + "=" + value);

  std::vector<std::string> names;
  if (!function_->code->zip_path.empty()) settings.companions = extension_programs(function_->code->task_root);
  for (const std::string& program : settings.companions) {
    names.push_back(std::filesystem::path(program).filename().string());
  }
  waits_for_extensions_ = !settings.companions.empty();
  extensions_ = std::make_unique<ExtensionsApi>(context_, *function_, std::move(names), [this] { note_extensions(); });

  started_ = unused_since_ = Clock::now();
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
  limits.in_pieces = [self](const ServerRequest& head) { return self->streamed_call(head) != nullptr; };
  Answer answer = [self](ServerRequest request) { return self->answer(std::move(request)); };
  co_await serve(self->acceptor_, limits, std::move(answer));
}

bool Environment::is_free(const std::string& tenant_id) const {
  if (state_ != State::starting && state_ != State::running) return false;
  if (calls_.size() >= function_->max_concurrency) return false;
  if (served_ + calls_.size() > 0 && tenant_id_ != tenant_id) return false;
  // Extensions that are still at work on the last one keep it, as Lambda freezes it only after them.
  return function_->max_concurrency > 1 || is_at_rest();
}

const char* Environment::state_name() const {
  switch (state_) {
    case State::starting:
      return "starting";
    case State::running:
      return calls_.empty() ? "idle" : "busy";
    case State::stopping:
      return "stopping";
    case State::gone:
      return "gone";
  }
  return "";
}

Awaitable<Outcome> Environment::invoke(const Invocation& invocation) {
  const auto self = shared_from_this();
  const auto call = std::make_shared<Call>(context_, invocation);
  tenant_id_ = call->invocation.tenant_id;
  calls_.push_back(call);
  const bool cold = !init_told_ && function_->max_concurrency == 1;
  init_told_ = true;
  if (cold && function_->json_logs) {
    PlatformInit init;
    init.function_name = function_->name;
    init.version = function_->version;
    init.instance_id = log_stream_;
    init.memory_mb = function_->memory_mb;
    write_log(call.get(), init_start_event(init, std::chrono::system_clock::now()));
  }
  call->untold = state_ == State::running && function_->max_concurrency == 1 && nexts_.empty();
  if (!call->untold) write_log(call.get(), start_text(*call));
  bool timed_out = false;
  if (!init_error_.empty()) {
    conclude(*call, true, init_error_, init_error_type_);
  } else if (state_ == State::gone) {
    fail(*call, "Runtime.ExitError", "Runtime exited without providing a reason");
  }
  if (!nexts_.empty()) nexts_.front()->woken.notify();
  while (!call->outcome) {
    const bool starting = state_ == State::starting;
    const Clock::time_point limit = call->handed_out ? call->began + function_->timeout
                                    : starting       ? started_ + kInitTimeout
                                                     : Clock::now() + function_->timeout;
    if (co_await call->changed.wait_until(limit)) continue;
    if (call->outcome) break;
    if (starting && !call->handed_out) {
      if (state_ != State::starting || Clock::now() < started_ + kInitTimeout) continue;
      fail(*call, "Runtime.InitTimeout",
           fmt::format("the runtime asked for no work within {} seconds of its start", kInitTimeout.count()));
    } else {  // handed out, or the function never asked for more after the last
      timed_out = true;
      fail(*call, "Sandbox.Timedout",
           fmt::format("Task timed out after {:.2f} seconds",
                       std::chrono::duration<double>(function_->timeout).count()));
      // Others are under way in it, where several may be.
      if (function_->max_concurrency > 1) continue;
    }
    leave(timed_out ? EnvironmentEnd::timed_out : EnvironmentEnd::init_failed);
  }
  // What it printed before its answer has been written by now.
  read_what_is_there();
  Outcome outcome = std::move(*call->outcome);
  if (outcome.untouched) {
    std::erase(calls_, call);
    co_return outcome;
  }
  if (call->untold) write_log(call.get(), start_text(*call));
  outcome.cold = cold;
  outcome.measures.timed_out = timed_out;
  outcome.measures.duration = call->handed_out ? call->ended - call->began : std::chrono::nanoseconds(0);
  if (cold) outcome.measures.init = init_.count() > 0 ? init_ : Clock::now() - started_;
  outcome.measures.peak_bytes = process_->peak_bytes();
  write_log(call.get(), end_text(*call, outcome));
  outcome.log = call->tail.take();
  std::erase(calls_, call);
  ++served_;
  unused_since_ = Clock::now();
  co_return outcome;
}

void Environment::stop(EnvironmentEnd reason) {
  if (state_ == State::gone || state_ == State::stopping || process_ == nullptr) return;
  if (!calls_.empty()) {
    leave(reason);
    return;
  }
  end_reason_ = reason;
  state_ = State::stopping;  // who waits for work goes on waiting, until SIGTERM
  asio::co_spawn(context_, wind_down(shared_from_this()), asio::detached);
}

Awaitable<> Environment::wind_down(std::shared_ptr<Environment> self) {
  const auto deadline = std::chrono::system_clock::now() + kShutdownTime;
  const auto deadline_ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline.time_since_epoch()).count();
  const Clock::time_point until = Clock::now() + kShutdownTime;
  self->process_->drain();
  const bool told = self->extensions_->tell_shutdown("spindown", deadline_ms);
  while (told && self->state_ != State::gone && !self->extensions_->all_idle() && Clock::now() < until) {
    co_await wait_for(self->context_, std::chrono::milliseconds(5));
  }
  if (self->state_ == State::gone) co_return;
  self->process_->terminate();
  while (self->state_ != State::gone && Clock::now() < until) {
    co_await wait_for(self->context_, std::chrono::milliseconds(5));
  }
  self->leave(self->end_reason_);
}

// The platform's own lines begin lines, whatever the function left open.
void Environment::write_log(Call* call, std::string text) {
  if (line_is_open_) text.insert(0, 1, '\n');
  line_is_open_ = false;
  log_(text);
  if (call != nullptr) call->tail.add(text);
}

PlatformInvocation Environment::platform_invocation(const Invocation& invocation) const {
  PlatformInvocation told;
  told.request_id = invocation.request_id;
  told.function_arn = invocation.invoked_arn;
  told.version = function_->version;
  told.tenant_id = invocation.tenant_id;
  told.trace_id = invocation.trace_id;
  return told;
}

std::string Environment::start_text(const Call& call) const {
  const Invocation& invocation = call.invocation;
  if (!function_->json_logs) return start_line(invocation.request_id, function_->version);
  return start_event(platform_invocation(invocation), std::chrono::system_clock::now());
}

std::string Environment::end_text(const Call& call, const Outcome& outcome) const {
  const Invocation& invocation = call.invocation;
  const Measures& measures = outcome.measures;
  if (!function_->json_logs) {
    return end_line(invocation.request_id) + report_line(invocation.request_id, measures, function_->memory_mb);
  }
  PlatformInvocation told = platform_invocation(invocation);
  told.status = measures.timed_out       ? PlatformStatus::timeout
                : outcome.function_error ? PlatformStatus::error
                                         : PlatformStatus::success;
  told.error_type = outcome.error_type;
  told.duration = measures.duration;
  told.init = measures.init;
  told.produced_bytes = outcome.answer_bytes();
  told.peak_bytes = measures.peak_bytes;
  told.memory_mb = function_->memory_mb;
  return report_event(told, std::chrono::system_clock::now());
}

Awaitable<ServerResponse> Environment::answer(ServerRequest request) {
  const auto self = shared_from_this();
  const std::string target = request.target.substr(0, request.target.find('?'));
  if (state_ == State::gone) co_return process_error(403, "InvalidStateTransition", "the environment is gone");
  if (ExtensionsApi::owns(target)) {
    http::Response response = co_await extensions_->answer(std::move(request));
    co_return response;
  }
  if (target == protocol::kNextPath) {
    if (request.method != "GET") co_return process_error(405, "MethodNotAllowed", "expected GET");
    http::Response response = co_await next();
    co_return response;
  }
  if (request.method != "POST")
    co_return process_error(404, "NotFound", "no such route: " + request.method + " " + target);
  if (target == protocol::kInitErrorPath) co_return take_init_error(request);
  if (const std::optional<AnswerRoute> route = answer_route(target)) {
    http::Response response;
    if (request.pieces != nullptr) {
      std::shared_ptr<Call> call = handed_out(route->request_id);
      response = co_await pass_on(*request.pieces, std::string(request.header("Content-Type")), std::move(call));
    } else {
      response = take_answer(request, route->request_id, route->is_error);
    }
    // Who waits for the invocation goes first: the function is told as soon as the loop has come around.
    co_await asio::post(context_, asio::use_awaitable);
    co_return response;
  }
  co_return process_error(404, "NotFound", "no such route: " + request.method + " " + target);
}

void Environment::note_extensions() {
  if (!extensions_->error_type().empty()) {
    fail_all(extensions_->error_type(), "an extension reported an error");
    if (state_ == State::starting && init_error_.empty()) {
      init_error_type_ = extensions_->error_type();
      init_error_ = service_error(init_error_type_, "an extension reported an error");
    }
    leave(state_ == State::starting ? EnvironmentEnd::init_failed : EnvironmentEnd::exited);
    return;
  }
  if (waits_for_extensions_ && extensions_->all_registered()) {
    waits_for_extensions_ = false;
    process_->release();
  }
  note_initialised();
}

// The initialisation is over when the function asks for work, and every extension does.
void Environment::note_initialised() {
  if (state_ != State::starting || !asked_for_work_ || !extensions_->all_idle()) return;
  init_ = Clock::now() - started_;
  state_ = State::running;
  for (const auto& call : calls_) call->changed.notify();
  if (!nexts_.empty()) nexts_.front()->woken.notify();
}

Environment::Call* Environment::waiting_call() {
  const auto found =
      std::find_if(calls_.begin(), calls_.end(), [](const auto& call) { return !call->handed_out && !call->outcome; });
  return found == calls_.end() ? nullptr : found->get();
}

std::shared_ptr<Environment::Call> Environment::handed_out(const std::string& request_id) {
  const auto found = std::find_if(calls_.begin(), calls_.end(), [&](const auto& call) {
    return call->handed_out && !call->outcome && call->invocation.request_id == request_id;
  });
  return found == calls_.end() ? nullptr : *found;
}

std::size_t Environment::handed_out_count() const {
  return static_cast<std::size_t>(
      std::count_if(calls_.begin(), calls_.end(), [](const auto& call) { return call->handed_out && !call->outcome; }));
}

Awaitable<http::Response> Environment::next() {
  const auto self = shared_from_this();
  for (const auto& call : calls_) {
    if (!call->too_large || call->outcome) continue;
    conclude(*call, true, too_large_body(), "Function.ResponseSizeTooLarge");
  }
  if (handed_out_count() >= function_->max_concurrency) {
    co_return process_error(403, "InvalidStateTransition", "Transition from Busy to Next is not allowed");
  }
  // Who asks again has lost the connection that it asked on before.
  if (nexts_.size() + handed_out_count() >= function_->max_concurrency && !nexts_.empty()) {
    nexts_.front()->superseded = true;
    nexts_.front()->woken.notify();
    nexts_.pop_front();
  }
  asked_for_work_ = true;
  note_initialised();
  const auto own = std::make_shared<Next>(context_);
  nexts_.push_back(own);
  const auto has_work = [&] { return state_ == State::running && waiting_call() != nullptr; };
  while (!own->superseded && state_ != State::gone && !has_work()) {
    co_await own->woken.wait();
  }
  std::erase(nexts_, own);
  Call* const call = own->superseded || state_ != State::running ? nullptr : waiting_call();
  if (call == nullptr) co_return process_error(403, "InvalidStateTransition", "the environment is gone");
  http::Response response = hand_out(*call);
  if (waiting_call() != nullptr && !nexts_.empty()) nexts_.front()->woken.notify();
  co_return response;
}

http::Response Environment::hand_out(Call& call) {
  call.handed_out = true;
  if (std::exchange(call.untold, false)) write_log(&call, start_text(call));
  std::erase(answered_, call.invocation.request_id);  // an event that is tried again keeps its id
  call.began = Clock::now();
  call.changed.notify();
  const Invocation& invocation = call.invocation;
  const std::int64_t deadline = epoch_milliseconds(call.began + function_->timeout);
  http::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = invocation.event};
  const auto add = [&](std::string_view name, std::string value) {
    if (!value.empty()) response.headers.push_back({std::string(name), std::move(value)});
  };
  add(protocol::kRequestIdHeader, invocation.request_id);
  add(protocol::kDeadlineHeader, std::to_string(deadline));
  add(protocol::kFunctionArnHeader, invocation.invoked_arn);
  add(protocol::kTraceIdHeader, invocation.trace_id);
  add(protocol::kClientContextHeader, invocation.client_context);
  add(protocol::kTenantIdHeader, invocation.tenant_id);
  extensions_->tell_invoke(invocation, deadline);
  return response;
}

http::Response Environment::take_answer(const ServerRequest& request, const std::string& request_id, bool is_error) {
  if (std::find(answered_.begin(), answered_.end(), request_id) != answered_.end()) {
    return process_error(403, "InvalidStateTransition", "the invocation has its answer already");
  }
  const std::shared_ptr<Call> call = handed_out(request_id);
  if (call == nullptr) return process_error(400, "InvalidRequestID", "Invalid request ID");
  if (request.body_too_large) {
    call->too_large = true;
    return process_error(413, "RequestEntityTooLarge",
                         fmt::format("Exceeded maximum allowed payload size ({} bytes).", kMostResponseBytes));
  }
  if (call->streaming && !is_error) {
    return process_error(403, "InvalidStateTransition", "the invocation has an answer that is under way");
  }
  const std::string_view mode = request.header(protocol::kResponseModeHeader);
  if (!mode.empty() && mode != "streaming") {
    return process_error(400, "InvalidFunctionResponseMode",
                         "Invalid function response mode. Supported modes: Buffered, Streaming");
  }
  if (is_error) {
    std::string type = error_type_of(request.body);
    if (type.empty()) type = std::string(request.header(protocol::kErrorTypeHeader));
    conclude(*call, true, request.body, std::move(type));
    return accepted();
  }
  // A stream that breaks off says so in a trailer.
  if (const std::string_view broken = request.header(protocol::kErrorTypeHeader); !mode.empty() && !broken.empty()) {
    conclude(*call, true, midstream_error(broken, request.header(kErrorBodyHeader)), std::string(broken));
    return accepted();
  }
  conclude(*call, false, request.body.empty() && mode.empty() ? "null" : request.body, "");
  call->outcome->content_type = std::string(request.header("Content-Type"));
  call->outcome->streamed = !mode.empty();
  return accepted();
}

Environment::Call* Environment::streamed_call(const ServerRequest& request) {
  const std::optional<AnswerRoute> route = answer_route(request.target);
  if (request.method != "POST" || !route || route->is_error) return nullptr;
  if (request.header(protocol::kResponseModeHeader) != "streaming") return nullptr;
  const std::shared_ptr<Call> call = handed_out(route->request_id);
  return call != nullptr && call->invocation.stream != nullptr && !call->streaming ? call.get() : nullptr;
}

// Read to its end in any case: an invocation goes on when its caller has gone.
Awaitable<http::Response> Environment::pass_on(BodyReader& pieces, std::string content_type,
                                               std::shared_ptr<Call> call) {
  if (call == nullptr || call->outcome) co_return process_error(400, "InvalidRequestID", "Invalid request ID");
  const std::shared_ptr<AnswerStream> stream = call->invocation.stream;
  call->streaming = true;
  stream->begin(content_type);
  std::string kept;
  std::uint64_t size = 0;
  BodyPiece piece;
  while (!piece.last) {
    piece = co_await pieces.next();
    size += piece.bytes.size();
    if (size > kMostStreamedBytes) {
      conclude(*call, true,
               service_error("Function.ResponseSizeTooLarge",
                             fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).",
                                         kMostStreamedBytes)),
               "Function.ResponseSizeTooLarge");
      co_return process_error(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size.");
    }
    if (size <= kMostResponseBytes) kept += piece.bytes;
    if (!call->outcome) co_await stream->put(std::move(piece.bytes));
  }
  call->read_out = true;
  // Where it broke off because the process ended, that is what is told.
  // A busy machine takes its time to say so.
  constexpr int kMostWaits = 50;
  for (int i = 0; piece.broken && !call->outcome && i < kMostWaits; ++i) {
    co_await wait_for(context_, std::chrono::milliseconds(10));
  }
  if (call->outcome) co_return process_error(403, "InvalidStateTransition", "the invocation is over");
  const std::string error_type = pieces.trailer(protocol::kErrorTypeHeader);
  if (piece.broken) {
    fail(*call, "Runtime.TruncatedResponse", "the response broke off");
  } else if (!error_type.empty()) {
    conclude(*call, true, midstream_error(error_type, pieces.trailer(kErrorBodyHeader)), error_type);
  } else {
    if (size > kMostResponseBytes) kept.clear();
    conclude(*call, false, std::move(kept), "");
    call->outcome->content_type = std::move(content_type);
    call->outcome->streamed = true;
  }
  call->outcome->passed_on = size;
  co_return accepted();
}

http::Response Environment::take_init_error(const ServerRequest& request) {
  if (state_ != State::starting) return process_error(403, "InvalidStateTransition", "the initialisation is over");
  init_error_ =
      request.body.empty() ? protocol::error_body("Runtime.Unknown", "the initialisation failed") : request.body;
  init_error_type_ = error_type_of(init_error_);
  for (const auto& call : calls_) conclude(*call, true, init_error_, init_error_type_);
  return accepted();
}

void Environment::conclude(Call& call, bool function_error, std::string body, std::string error_type) {
  if (call.outcome) return;
  call.ended = Clock::now();
  call.outcome.emplace();
  call.outcome->function_error = function_error;
  call.outcome->body = std::move(body);
  call.outcome->error_type = std::move(error_type);
  constexpr std::size_t kRemembered = 64;
  answered_.push_back(call.invocation.request_id);
  if (answered_.size() > kRemembered) answered_.pop_front();
  call.changed.notify();
}

void Environment::fail(Call& call, std::string_view error_type, std::string_view message) {
  conclude(call, true,
           service_error(error_type, fmt::format("RequestId: {} Error: {}", call.invocation.request_id, message)),
           std::string(error_type));
}

void Environment::fail_all(std::string_view error_type, std::string_view message) {
  for (const auto& call : calls_) fail(*call, error_type, message);
}

// Ends the process and all that came of it; nothing is asked or answered here any more.
void Environment::leave(EnvironmentEnd reason) {
  if (state_ == State::gone) return;
  if (state_ != State::stopping) end_reason_ = reason;
  state_ = State::gone;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  if (process_) process_->kill();
  extensions_->close();
  for (const auto& next : nexts_) next->woken.notify();
  for (const auto& call : calls_) {
    fail(*call, "Runtime.ExitError", "Runtime exited with error: signal: killed");
    call->changed.notify();
  }
}

Awaitable<> Environment::await_end(std::shared_ptr<Environment> self) {
  boost::system::error_code ignored;
  co_await self->ended_->async_wait(asio::posix::stream_descriptor::wait_read,
                                    asio::redirect_error(asio::use_awaitable, ignored));
  // What it had sent of an answer before its end may still be on its way.
  const auto comes_more = [&] {
    return std::any_of(self->calls_.begin(), self->calls_.end(),
                       [](const auto& call) { return call->streaming && !call->read_out && !call->outcome; });
  };
  for (int i = 0; i < 40 && comes_more(); ++i) co_await wait_for(self->context_, std::chrono::milliseconds(5));
  const ProcessEnd end = self->process_->end();
  self->note_end(end);
}

void Environment::note_end(const ProcessEnd& end) {
  read_what_is_there();
  const char* error_type = "Runtime.ExitError";
  if (end.how == ProcessEnd::How::not_started) error_type = "Runtime.InvalidEntrypoint";
  if (end.how == ProcessEnd::How::companion_ended) error_type = "Extension.Crash";
  for (const auto& call : calls_) {
    if (call->outcome) continue;
    if (call->untold) {
      conclude(*call, true, "", error_type);
      call->outcome->untouched = true;
    } else if (!init_error_.empty()) {
      conclude(*call, true, init_error_, init_error_type_);
    } else {
      fail(*call, error_type, exit_reason(end));
    }
  }
  if (state_ == State::starting && init_error_.empty()) {
    init_error_ = service_error(error_type, exit_reason(end));
    init_error_type_ = error_type;
  }
  leave(end.how == ProcessEnd::How::out_of_memory ? EnvironmentEnd::out_of_memory
        : state_ == State::starting               ? EnvironmentEnd::init_failed
                                                  : EnvironmentEnd::exited);
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
    case ProcessEnd::How::not_started: {
      const std::string fault = start_fault(*function_->code);
      if (!function_->code->zip_path.empty() && !fault.empty()) {
        return "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]: the zip " + fault;
      }
      return fmt::format("cannot start {}: {}", function_->code->executable,
                         fault.empty() ? std::strerror(end.value) : fault);
    }
    case ProcessEnd::How::companion_ended:
      return "exited with error: an extension ended before the function";
  }
  return "";
}

Awaitable<> Environment::read_output(std::shared_ptr<Environment> self) {
  for (;;) {
    boost::system::error_code error;
    co_await self->output_->async_wait(asio::posix::stream_descriptor::wait_read,
                                       asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    std::array<char, 65536>& block = output_block();
    const ssize_t size = ::read(self->process_->output(), block.data(), block.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    if (size > 0) self->take_output({block.data(), static_cast<std::size_t>(size)});
  }
}

// Bounded: a function that goes on printing is no reason to keep its caller waiting.
void Environment::read_what_is_there() {
  std::array<char, 65536>& block = output_block();
  for (int i = 0; i < 64; ++i) {
    const ssize_t size = ::read(process_->output(), block.data(), block.size());
    if (size <= 0) return;
    take_output({block.data(), static_cast<std::size_t>(size)});
  }
}

void Environment::take_output(std::string_view text) {
  log_(text);
  line_is_open_ = !text.ends_with('\n');
  for (const auto& call : calls_) call->tail.add(text);
}

}  // namespace textlambda::emulator
