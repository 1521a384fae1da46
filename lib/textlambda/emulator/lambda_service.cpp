#include "textlambda/emulator/lambda_service.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/protocol/error_body.h"

namespace textlambda::emulator {
namespace {

bool is_function_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  return !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

struct LambdaService::Waiting {
  Invocation invocation;
  unsigned retries = 0;
  Clock::time_point due;
};

struct LambdaService::Host {
  Host(asio::io_context& context, Function wanted) : function(std::move(wanted)), free(context) {}

  Function function;
  std::vector<std::shared_ptr<Environment>> environments;  // the one that was busy last at the end
  std::deque<Waiting> queue;
  bool is_worked_off = false;
  Signal free;  // an environment is, or a place for one
};

LambdaService::LambdaService(asio::io_context& context, LogSink log, AsynchronousLimits limits)
    : context_(context), log_(std::move(log)), limits_(limits) {}

LambdaService::~LambdaService() = default;

void LambdaService::add(Function function) {
  if (!is_function_name(function.name)) {
    io::throw_usage(
        fmt::format("\"{}\" is no name of a function: expected up to 64 letters, digits, - and _", function.name));
  }
  std::unique_ptr<Host>& host = hosts_[function.name];
  if (host != nullptr) io::throw_usage(fmt::format("two functions are named {}", function.name));
  host = std::make_unique<Host>(context_, std::move(function));
}

const Function* LambdaService::find(const std::string& name) const {
  const auto found = hosts_.find(name);
  return found == hosts_.end() ? nullptr : &found->second->function;
}

std::vector<const Function*> LambdaService::functions() const {
  std::vector<const Function*> all;
  for (const auto& [name, host] : hosts_) all.push_back(&host->function);
  return all;
}

// The one that was busy last, whose memory is warmest; else a new one; else nothing.
std::shared_ptr<Environment> LambdaService::free_environment(Host& host) {
  std::erase_if(host.environments, [](const auto& environment) { return environment->is_gone(); });
  const auto found = std::find_if(host.environments.rbegin(), host.environments.rend(),
                                  [](const auto& environment) { return environment->is_free(); });
  if (found != host.environments.rend()) {
    std::rotate(found.base() - 1, found.base(), host.environments.end());
    return host.environments.back();
  }
  if (host.environments.size() >= host.function.concurrency) return nullptr;
  auto environment = std::make_shared<Environment>(context_, host.function, log_);
  environment->start();
  ++statistics_.cold_starts;
  host.environments.push_back(environment);
  std::size_t all = 0;
  for (const auto& [name, other] : hosts_) all += other->environments.size();
  statistics_.most_environments = std::max(statistics_.most_environments, all);
  return environment;
}

Awaitable<Outcome> LambdaService::run(Host& host, std::shared_ptr<Environment> environment, Invocation invocation) {
  ++statistics_.invocations;
  Outcome outcome = co_await environment->invoke(std::move(invocation));
  if (outcome.function_error) ++statistics_.function_errors;
  host.free.notify();
  co_return outcome;
}

Awaitable<Outcome> LambdaService::invoke(const std::string& name, Invocation invocation, Refusal& refusal) {
  Host& host = *hosts_.at(name);
  std::shared_ptr<Environment> environment;
  std::string failed;
  try {
    environment = free_environment(host);
  } catch (const io::Error& error) {
    failed = error.what();
  }
  if (!failed.empty()) {
    ++statistics_.function_errors;
    co_return Outcome{true, protocol::error_body("Runtime.InvalidEntrypoint", failed), ""};
  }
  refusal = environment == nullptr ? Refusal::throttled : Refusal::none;
  if (environment == nullptr) {
    ++statistics_.throttled;
    co_return Outcome{};
  }
  Outcome outcome = co_await run(host, std::move(environment), std::move(invocation));
  co_return outcome;
}

bool LambdaService::enqueue(const std::string& name, Invocation invocation) {
  Host& host = *hosts_.at(name);
  if (host.queue.size() >= limits_.queue) {
    ++statistics_.throttled;
    return false;
  }
  put_back(host, {std::move(invocation), 0, Clock::now()});
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
    std::shared_ptr<Environment> environment;
    try {
      environment = free_environment(host);
    } catch (const io::Error& error) {
      log_(fmt::format("textlambda-emulate: {}: {}\n", host.function.name, error.what()));
    }
    if (environment == nullptr) {
      co_await host.free.wait_until(Clock::now() + std::chrono::seconds(1));
      continue;
    }
    Waiting taken = std::move(*due);
    host.queue.erase(due);
    asio::co_spawn(context_, run_event(host, std::move(environment), std::move(taken)), asio::detached);
  }
  host.is_worked_off = false;
}

Awaitable<> LambdaService::run_event(Host& host, std::shared_ptr<Environment> environment, Waiting taken) {
  const Outcome outcome = co_await run(host, std::move(environment), taken.invocation);
  if (!outcome.function_error) co_return;
  if (taken.retries == limits_.retries) {
    log_(fmt::format("textlambda-emulate: {}: the event of {} was given up after {} attempts\n", host.function.name,
                     taken.invocation.request_id, taken.retries + 1));
    co_return;
  }
  ++taken.retries;
  const auto wait = std::chrono::duration<double>(60.0 * taken.retries * limits_.time_scale);
  taken.due = Clock::now() + std::chrono::duration_cast<Clock::duration>(wait);
  put_back(host, std::move(taken));
}

Awaitable<> LambdaService::shut_down(std::chrono::milliseconds patience) {
  asio::steady_timer pause(context_);
  const Clock::time_point until = Clock::now() + patience;
  const auto all_gone = [&] {
    return std::all_of(hosts_.begin(), hosts_.end(), [](const auto& entry) {
      const auto& environments = entry.second->environments;
      return std::all_of(environments.begin(), environments.end(), [](const auto& one) { return one->is_gone(); });
    });
  };
  for (auto& [name, host] : hosts_) {
    host->queue.clear();
    for (const auto& environment : host->environments) environment->stop();
  }
  while (!all_gone() && Clock::now() < until) {
    pause.expires_after(std::chrono::milliseconds(5));
    boost::system::error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  for (auto& [name, host] : hosts_) host->environments.clear();
}

}  // namespace textlambda::emulator
