#include "textlambda/emulator/lambda_service.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/billing.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/io/error.h"
#include "textlambda/protocol/error_body.h"

namespace textlambda::emulator {

struct LambdaService::Waiting {
  Invocation invocation;
  std::string qualifier;
  unsigned retries = 0;
  Clock::time_point due;
  Clock::time_point taken;  // since when it waits
};

struct LambdaService::Host {
  Host(asio::io_context& context, std::string of) : name(std::move(of)), free(context) {}

  std::string name;
  // Ends it; it does not count any more.
  void end(const std::shared_ptr<Environment>& environment, EnvironmentEnd reason) {
    environment->stop(reason);
    ending.push_back(environment);
    std::erase(environments, environment);
  }

  std::vector<std::shared_ptr<Environment>> environments;  // the one that was busy last at the end
  std::vector<std::shared_ptr<Environment>> ending;
  std::size_t in_flight = 0;
  std::deque<Waiting> queue;
  bool is_worked_off = false;
  Signal free;  // an environment is, or a place for one
};

LambdaService::LambdaService(asio::io_context& context, Registry& registry, InvocationHistory& history, LogSink log,
                             ServiceSettings settings)
    : context_(context), registry_(registry), history_(history), log_(std::move(log)), settings_(std::move(settings)) {}

LambdaService::~LambdaService() = default;

LambdaService::Host& LambdaService::host_of(const std::string& name) {
  std::unique_ptr<Host>& host = hosts_[name];
  if (host == nullptr) host = std::make_unique<Host>(context_, name);
  return *host;
}

unsigned LambdaService::limit_of(const Function& function) const {
  const RegisteredFunction* const registered = registry_.find(function.name);
  return registered != nullptr && registered->reserved_concurrency ? *registered->reserved_concurrency
                                                                   : settings_.concurrency;
}

void LambdaService::forget_gone(Host& host) {
  for (auto* const list : {&host.environments, &host.ending}) {
    std::erase_if(*list, [&](const auto& environment) {
      if (!environment->is_gone()) return false;
      history_.environment_ended(host.name, environment->end_reason());
      return true;
    });
  }
}

void LambdaService::note_throttled(const Function& function, const Invocation& invocation, InvocationKind kind) {
  InvocationRecord record;
  record.function = function.name;
  record.version = function.version;
  record.request_id = invocation.request_id;
  record.trace_id = invocation.trace_id;
  record.began = std::chrono::system_clock::now();
  record.memory_mb = function.memory_mb;
  record.event_bytes = invocation.event.size();
  record.kind = kind;
  record.outcome = InvocationOutcome::throttled;
  history_.ended(std::move(record));
}

// Whether one more environment may start; one of another version that is not at work makes way.
bool LambdaService::make_room(Host& host, const Function& function) {
  const unsigned limit = limit_of(function);
  if (host.environments.size() < limit) return true;
  const auto idle = std::find_if(host.environments.begin(), host.environments.end(),
                                 [](const auto& environment) { return environment->is_at_rest(); });
  if (idle == host.environments.end() || limit == 0) return false;
  host.end(std::shared_ptr(*idle), EnvironmentEnd::replaced);
  return true;
}

// The one that was busy last, whose memory is warmest; else a new one; else nothing.
std::shared_ptr<Environment> LambdaService::free_environment(Host& host, const Resolved& target,
                                                             const std::string& tenant_id) {
  forget_gone(host);
  const Function& function = *target.function;
  if (host.in_flight >= std::size_t{limit_of(function)} * function.max_concurrency) return nullptr;
  const auto found = std::find_if(host.environments.rbegin(), host.environments.rend(), [&](const auto& environment) {
    return &environment->function() == &function && environment->is_free(tenant_id);
  });
  if (found != host.environments.rend()) {
    std::rotate(found.base() - 1, found.base(), host.environments.end());
    return host.environments.back();
  }
  return make_room(host, function) ? start_environment(host, target.function) : nullptr;
}

std::shared_ptr<Environment> LambdaService::start_environment(Host& host, std::shared_ptr<const Function> function) {
  auto environment = std::make_shared<Environment>(context_, std::move(function), log_, settings_.scratch);
  environment->start();
  host.environments.push_back(environment);
  history_.environment_started(host.name);
  return environment;
}

Awaitable<Outcome> LambdaService::run(Host& host, std::shared_ptr<Environment> environment,
                                      const Invocation& invocation, InvocationKind kind) {
  ++host.in_flight;
  const auto began = std::chrono::system_clock::now();
  const std::shared_ptr<const Function> function = environment->shared_function();
  history_.began(host.name);
  Outcome outcome = co_await environment->invoke(invocation);
  if (outcome.untouched) {
    forget_gone(host);
    try {
      environment = start_environment(host, function);
    } catch (const io::Error& error) {
      outcome.body = protocol::error_body(outcome.error_type, error.what());
      outcome.untouched = false;
    }
    if (outcome.untouched) outcome = co_await environment->invoke(invocation);
  }
  --host.in_flight;
  const Measures& measures = outcome.measures;
  history_.ended({.function = host.name,
                  .version = function->version,
                  .request_id = invocation.request_id,
                  .trace_id = invocation.trace_id,
                  .began = began,
                  .cold = outcome.cold,
                  .duration = measures.duration,
                  .init = measures.init,
                  .billed = billed_duration(measures.duration, measures.init),
                  .peak_bytes = measures.peak_bytes,
                  .memory_mb = function->memory_mb,
                  .event_bytes = invocation.event.size(),
                  .answer_bytes = outcome.answer_bytes(),
                  .kind = kind,
                  .outcome = measures.timed_out       ? InvocationOutcome::timed_out
                             : outcome.function_error ? InvocationOutcome::function_error
                                                      : InvocationOutcome::succeeded,
                  .error_type = outcome.error_type});
  if (finished) finished({*function, invocation, outcome, kind, began});
  // One of a version that was replaced meanwhile has done its last.
  if (environment->is_unused() && !registry_.is_current(*function)) {
    host.end(environment, EnvironmentEnd::replaced);
  }
  host.free.notify();
  co_return outcome;
}

Awaitable<LambdaService::Result> LambdaService::invoke(Resolved target, Invocation invocation, InvocationKind kind) {
  Host& host = host_of(target.function->name);
  std::shared_ptr<Environment> environment;
  std::string failed;
  invocation.invoked_arn = target.invoked_arn;
  try {
    environment = free_environment(host, target, invocation.tenant_id);
  } catch (const io::Error& error) {
    failed = error.what();
  }
  Result result;
  if (!failed.empty()) {
    result.outcome.function_error = true;
    result.outcome.error_type = "Runtime.InvalidEntrypoint";
    result.outcome.body = protocol::error_body(result.outcome.error_type, failed);
    co_return result;
  }
  if (environment == nullptr) {
    note_throttled(*target.function, invocation, kind);
    result.refusal = Refusal::throttled;
    co_return result;
  }
  result.outcome = co_await run(host, std::move(environment), invocation, kind);
  co_return result;
}

std::shared_ptr<LambdaService::Streamed> LambdaService::invoke_streaming(Resolved target, Invocation invocation,
                                                                         InvocationKind kind) {
  auto streamed = std::make_shared<Streamed>(context_);
  invocation.stream = streamed->stream;
  asio::co_spawn(context_,
                 run_streaming(streamed->stream, streamed->result, std::move(target), std::move(invocation), kind),
                 asio::detached);
  return streamed;
}

// Whether somebody takes the answer or not.
Awaitable<> LambdaService::run_streaming(std::shared_ptr<AnswerStream> stream, std::shared_ptr<Result> result,
                                         Resolved target, Invocation invocation, InvocationKind kind) {
  Result came = co_await invoke(std::move(target), std::move(invocation), kind);
  *result = std::move(came);
  stream->end();
}

bool LambdaService::enqueue(const std::string& name, const std::string& qualifier, Invocation invocation) {
  Host& host = host_of(name);
  if (host.queue.size() >= settings_.queue) {
    if (const auto target = registry_.resolve(name, qualifier, 1)) {
      note_throttled(*target->function, invocation, InvocationKind::event);
    }
    return false;
  }
  put_back(host, {std::move(invocation), qualifier, 0, Clock::now(), Clock::now()});
  return true;
}

void LambdaService::put_back(Host& host, Waiting waiting) {
  host.queue.push_back(std::move(waiting));
  if (std::exchange(host.is_worked_off, true)) {
    host.free.notify();
  } else {
    asio::co_spawn(context_, work_off(host), asio::detached);
  }
}

// Hands waiting events to environments as they come free; ends with the queue.
Awaitable<> LambdaService::work_off(Host& host) {
  while (!host.queue.empty()) {
    const auto due = std::min_element(host.queue.begin(), host.queue.end(),
                                      [](const Waiting& a, const Waiting& b) { return a.due < b.due; });
    if (due->due > Clock::now()) {
      co_await host.free.wait_until(due->due);
      continue;
    }
    const std::optional<Resolved> target = registry_.resolve(host.name, due->qualifier, new_fraction());
    const RegisteredFunction* const registered = registry_.find(host.name);
    std::chrono::duration<double> age = settings_.age;
    const EventInvokeConfig* const config =
        registered == nullptr ? nullptr : registered->event_invoke_config(due->qualifier);
    if (config != nullptr && config->age_seconds) age = std::chrono::seconds(*config->age_seconds);
    if (!target || Clock::now() - due->taken > age * settings_.time_scale) {
      const Waiting old = std::move(*due);
      host.queue.erase(due);
      give_up(host, old, "EventAgeExceeded", nullptr);
      continue;
    }
    std::shared_ptr<Environment> environment;
    try {
      environment = free_environment(host, *target, due->invocation.tenant_id);
    } catch (const io::Error& error) {
      log_(fmt::format("textlambda-emulate: {}: {}\n", host.name, error.what()));
    }
    if (environment == nullptr) {
      co_await host.free.wait_until(Clock::now() + std::chrono::seconds(1));
      continue;
    }
    Waiting taken = std::move(*due);
    host.queue.erase(due);
    taken.invocation.invoked_arn = target->invoked_arn;
    asio::co_spawn(context_, run_event(host, std::move(environment), std::move(taken)), asio::detached);
  }
  host.is_worked_off = false;
}

Awaitable<> LambdaService::run_event(Host& host, std::shared_ptr<Environment> environment, Waiting taken) {
  const Outcome outcome = co_await run(host, std::move(environment), taken.invocation, InvocationKind::event);
  if (!outcome.function_error) {
    send_record(host, taken, "Success", &outcome);
    co_return;
  }
  unsigned retries = settings_.retries;
  if (const RegisteredFunction* const registered = registry_.find(host.name)) {
    const EventInvokeConfig* const config = registered->event_invoke_config(taken.qualifier);
    if (config != nullptr) retries = config->retries.value_or(retries);
  }
  if (taken.retries >= retries) {
    give_up(host, taken, "RetriesExhausted", &outcome);
    co_return;
  }
  ++taken.retries;
  const auto wait = std::chrono::duration<double>(60.0 * taken.retries * settings_.time_scale);
  taken.due = Clock::now() + std::chrono::duration_cast<Clock::duration>(wait);
  put_back(host, std::move(taken));
}

void LambdaService::give_up(Host& host, const Waiting& waiting, const char* condition, const Outcome* outcome) {
  log_(fmt::format("textlambda-emulate: {}: the event of {} was given up after {}: {}\n", host.name,
                   waiting.invocation.request_id,
                   waiting.retries == 0 ? "1 attempt" : fmt::format("{} attempts", waiting.retries + 1), condition));
  send_record(host, waiting, condition, outcome);
}

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
void LambdaService::send_record(Host& host, const Waiting& waiting, const char* condition, const Outcome* outcome) {
  using Json = nlohmann::json;
  const RegisteredFunction* const registered = registry_.find(host.name);
  if (registered == nullptr || !deliver) return;
  const bool failed = std::string_view(condition) != "Success";
  const EventInvokeConfig* const config = registered->event_invoke_config(waiting.qualifier);
  const std::string destination = config == nullptr ? "" : failed ? config->on_failure : config->on_success;
  if (failed && !registered->latest->dead_letter_arn.empty()) {
    deliver(registered->latest->dead_letter_arn, waiting.invocation.event);  // the event alone
  }
  if (destination.empty()) return;
  const auto parsed = [](const std::string& text) {
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
  };
  const std::string arn = registry_.arn(host.name, waiting.qualifier.empty() ? kLatest : waiting.qualifier);
  Json record = {{"version", "1.0"},
                 {"timestamp", time_stamp_z()},
                 {"requestContext",
                  {{"requestId", waiting.invocation.request_id},
                   {"functionArn", arn},
                   {"condition", condition},
                   {"approximateInvokeCount", waiting.retries + (outcome == nullptr ? 0 : 1)}}},
                 {"requestPayload", parsed(waiting.invocation.event)}};
  if (outcome != nullptr) {
    record["responseContext"] = {{"statusCode", 200}, {"executedVersion", kLatest}};
    if (outcome->function_error) record["responseContext"]["functionError"] = "Unhandled";
    record["responsePayload"] = parsed(outcome->body);
  }
  deliver(destination, record.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void LambdaService::retire_stale() {
  for (auto& [name, host] : hosts_) {
    for (const auto& environment : std::vector(host->environments)) {
      if (environment->is_unused() && !registry_.is_current(environment->function())) {
        host->end(environment, EnvironmentEnd::replaced);
      }
    }
    host->free.notify();
  }
}

Awaitable<> LambdaService::reap_idle() {
  while (co_await wait_for(context_, std::min<std::chrono::milliseconds>(settings_.idle, std::chrono::seconds(1)))) {
    for (auto& [name, host] : hosts_) {
      for (const auto& environment : std::vector(host->environments)) {
        if (environment->is_unused() && Clock::now() - environment->unused_since() >= settings_.idle) {
          host->end(environment, EnvironmentEnd::idle);
        }
      }
      forget_gone(*host);
    }
  }
}

Awaitable<> LambdaService::shut_down(std::chrono::milliseconds patience) {
  const auto any = [&](const auto& holds) {
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const auto& entry) { return holds(*entry.second); });
  };
  const auto busy = [](const Host& host) { return host.in_flight > 0; };
  const auto alive = [&](Host& host) {
    forget_gone(host);
    return !host.environments.empty() || !host.ending.empty();
  };
  for (auto& [name, host] : hosts_) host->queue.clear();
  const Clock::time_point drained = Clock::now() + patience;
  const Clock::time_point ended = drained + Environment::kShutdownTime + std::chrono::milliseconds(200);
  bool told = false;
  while (any(alive) && Clock::now() < ended) {
    if (!told && (!any(busy) || Clock::now() >= drained)) {
      told = true;
      for (auto& [name, host] : hosts_) {
        for (const auto& environment : std::vector(host->environments)) {
          host->end(environment, EnvironmentEnd::stopped);
        }
      }
      continue;
    }
    co_await wait_for(context_, std::chrono::milliseconds(5));
  }
  for (auto& [name, host] : hosts_) {
    host->environments.clear();
    host->ending.clear();
  }
}

std::vector<const Environment*> LambdaService::environments() const {
  std::vector<const Environment*> all;
  for (const auto& [name, host] : hosts_) {
    for (const auto& environment : host->environments) all.push_back(environment.get());
  }
  return all;
}

}  // namespace textlambda::emulator
