#include "textlambda/emulator/source_driver.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/protocol/error_body.h"

namespace textlambda::emulator {
namespace {

using sources::kNever;
using sources::Nanoseconds;

}  // namespace

Nanoseconds SourceDriver::start_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

SourceDriver::SourceDriver(asio::io_context& context, sources::OpenSource source, Nanoseconds start,
                           DriverInvoke invoke, DriverOptions options)
    : context_(context),
      open_(std::move(source)),
      start_(start),
      invoke_(std::move(invoke)),
      options_(std::move(options)),
      changed_(context),
      ended_(context) {
  if (open_.dead_letters.empty()) return;
  dead_letters_.open(open_.dead_letters, std::ios::binary | std::ios::app);
  if (!dead_letters_) io::throw_system("cannot open", open_.dead_letters, errno);
  open_.source->send_dead_letters_to([this](std::string&& line) {
    dead_letters_ << line << '\n' << std::flush;
    if (!dead_letters_) note(fmt::format("{}: cannot write a dead letter: {}", open_.dead_letters, line));
  });
}

void SourceDriver::start() {
  began_ = Clock::now();
  asio::co_spawn(context_, run(shared_from_this()), asio::detached);
}

void SourceDriver::add(sources::Messages messages) {
  for (sources::Message& message : messages) open_.messages->push_back(std::move(message));
  open_.source->grow();
  if (fed_all_at_once_) feed_from(open_.messages->size() - messages.size());
  changed_.notify();
}

void SourceDriver::feed_from(std::size_t first) {
  for (std::size_t i = first; i < open_.messages->size(); ++i) {
    open_.source->feed(static_cast<sources::Item>(i), now());
  }
}

void SourceDriver::stop() {
  stopping_ = true;
  changed_.notify();
}

Awaitable<> SourceDriver::finished() {
  const auto self = shared_from_this();
  while (!finished_) co_await ended_.wait();
}

sources::Messages SourceDriver::take_unsettled() {
  sources::Messages left;
  const sources::Books& books = open_.source->books();
  for (std::size_t i = 0; open_.messages && i < open_.messages->size(); ++i) {
    if (!sources::is_settled(books.standing(static_cast<sources::Item>(i)))) left.push_back((*open_.messages)[i]);
  }
  return left;
}

sources::BooksRow SourceDriver::books() const {
  const sources::Books& books = open_.source->books();
  return {open_.spec.name(), open_.source->source_class(), books.counts(), books.balance()};
}

Nanoseconds SourceDriver::now() const {
  const auto real = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count();
  if (options_.time_scale <= 0) return start_ + skipped_ + real;
  return start_ + static_cast<Nanoseconds>(static_cast<double>(real) / options_.time_scale);
}

Clock::time_point SourceDriver::real_time_of(Nanoseconds moment) const {
  if (moment == kNever) return Clock::time_point::max();
  const double scale = options_.time_scale <= 0 ? 1 : options_.time_scale;
  const double wait = static_cast<double>(moment - now()) * scale;
  // Somewhat later rather than just before it, and within what the timer can count.
  constexpr double kLongest = 1e16;
  const auto span = std::chrono::nanoseconds(static_cast<Nanoseconds>(std::clamp(wait, 0.0, kLongest)) + 1000);
  return Clock::now() + span;
}

void SourceDriver::feed() {
  if (!fed_all_at_once_) {
    fed_all_at_once_ = true;
    if (open_.feed_after.empty() && open_.messages) feed_from(0);
  }
  for (; fed_ < open_.feed_after.size() && next_feed() <= now(); ++fed_) {
    open_.source->feed(static_cast<sources::Item>(fed_), now());
  }
}

Nanoseconds SourceDriver::next_feed() const {
  return fed_ < open_.feed_after.size() ? sources::after(start_, open_.feed_after[fed_]) : kNever;
}

void SourceDriver::hand_out() {
  sources::Batch batch;
  while (!stopping_ && open_.source->poll(now(), batch)) {
    ++running_;
    asio::co_spawn(context_, invoke_one(shared_from_this(), batch), asio::detached);
  }
}

Awaitable<> SourceDriver::run(std::shared_ptr<SourceDriver> self) {
  while (!self->stopping_) {
    self->feed();
    self->hand_out();
    const Nanoseconds due = std::min(self->open_.source->next_due(self->now()), self->next_feed());
    if (due == kNever && self->running_ == 0 && !self->options_.stays) break;
    if (due != kNever && self->running_ == 0 && self->options_.time_scale <= 0) {
      self->skipped_ += std::max<Nanoseconds>(0, due - self->now());
      continue;
    }
    co_await self->changed_.wait_until(self->real_time_of(due));
  }
  while (self->running_ > 0) co_await self->changed_.wait();
  self->finished_ = true;
  self->ended_.notify();
}

// What keeps it from being invoked at all counts as an error of the function's, so that the batch is not lost.
Awaitable<> SourceDriver::invoke_one(std::shared_ptr<SourceDriver> self, sources::Batch batch) {
  sources::Reply reply;
  std::string failure;
  try {
    std::string event;
    self->open_.source->write_event(batch, self->now(), event);
    DriverOutcome outcome = co_await self->invoke_(std::move(event));
    reply.throttled = outcome.throttled;
    reply.function_error = outcome.function_error;
    reply.body = std::move(outcome.answer);
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (!failure.empty()) {
    reply.function_error = true;
    reply.body = protocol::error_body("Runtime.Unknown", failure);
  }
  self->take(batch, std::move(reply));
  --self->running_;
  self->changed_.notify();
}

void SourceDriver::take(const sources::Batch& batch, sources::Reply reply) {
  sources::Verdict verdict;
  sources::read_answer(*open_.source, batch, reply, verdict);
  if (verdict.kind == sources::Verdict::Kind::failed) {
    note(fmt::format("{}: a batch of {} failed: {}", open_.spec.name(), batch.deliveries.size(), verdict.reason));
  } else if (!reply.throttled && open_.source->reports_failures()) {
    const std::string hint = sources::misspelt_failures(reply.body);
    if (!hint.empty()) note(fmt::format("{}: {}", open_.spec.name(), hint));
  }
  if (verdict.kind == sources::Verdict::Kind::throttled) {
    last_result_ = "PROBLEM: Function call was throttled";
  } else {
    last_result_ = verdict.kind == sources::Verdict::Kind::failed ? "PROBLEM: Function call failed" : "OK";
  }
  open_.source->settle(batch, verdict, now());
}

void SourceDriver::note(const std::string& line) const {
  if (options_.note) options_.note(line);
}

}  // namespace textlambda::emulator
