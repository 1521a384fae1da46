#include "textlambda/sources/trial.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "textlambda/events/source.h"
#include "textlambda/json/write.h"

namespace textlambda::sources {
namespace {

constexpr std::array<std::string_view, 8> kHappeningNames = {
    "an answer", "a partial answer", "a function error", "a malformed answer",
    "a crash",   "a timeout",        "throttled",        "a late answer"};

// Answers that fail the whole batch, where answers count.
constexpr std::array<std::string_view, 7> kMalformed = {
    R"({"batchItemFailures":[{"itemIdentifier":""}]})",
    R"({"batchItemFailures":[{"itemIdentifier":null}]})",
    R"({"batchItemFailures":[{"id":"1"}]})",
    R"({"batchItemFailures":[{"itemIdentifier":"no such message"}]})",
    R"({"batchItemFailures":{}})",
    R"({"batchItemFailures":[)",
    R"("done")"};

void append_identifier_of(const EventSource& source, Item item, std::string& out) {
  const std::string_view id = source.id(item);
  if (source.service() != events::Source::kafka) return json::append_string(out, id);
  const std::size_t colon = id.rfind(':');
  out += R"({"partition":)";
  json::append_string(out, id.substr(0, colon));
  out += R"(,"offset":)";
  out += id.substr(colon + 1);
  out += '}';
}

std::string batch_text(const EventSource& source, const Batch& batch) {
  std::string text;
  for (const Delivery& delivery : batch.deliveries) {
    text += fmt::format("{}{} (receive {})", text.empty() ? "" : ", ", source.id(delivery.item), delivery.receive);
  }
  return text;
}

}  // namespace

std::string_view BatchView::event() const {
  if (!std::exchange(is_written_, true)) {
    buffer_.clear();
    source_.write_event(batch_, now_, buffer_);
  }
  return buffer_;
}

SimulatedFunction function_of_events(std::function<Reply(std::string_view event)> function) {
  return [function = std::move(function)](const BatchView& batch, Reply& reply) { reply = function(batch.event()); };
}

Trial::Trial(EventSource& source, SimulatedFunction function, TrialOptions options)
    : source_(source), function_(std::move(function)), options_(options) {}

TrialResult Trial::run(Choices& choices, std::vector<std::string>* trace) {
  restart(choices, trace);
  bool good = true;
  while (good && ++result_.steps <= options_.most_steps) {
    good = feed_what_arrived() && settle_what_ended() && hand_out_what_is_due();
    if (!good) break;
    const Nanoseconds next = next_moment();
    if (next == kNever) {
      result_.at_rest = true;
      break;
    }
    now_ = std::max(now_, next);
  }
  if (good) fails(audit_.ended(source_, result_.at_rest));
  if (!result_.fault.empty()) note(result_.fault);
  result_.took = now_ - options_.start;
  result_.counts = source_.books().counts();
  return std::move(result_);
}

void Trial::restart(Choices& choices, std::vector<std::string>* trace) {
  choices_ = &choices;
  trace_ = trace;
  result_ = {};
  now_ = options_.start;
  arrived_ = 0;
  running_count_ = 0;
  busy_ = warm_ = 0;
  source_.restart();
  audit_.restart(source_);
  schedule_arrivals();
}

// One after the other, at once, soon or much later.
void Trial::schedule_arrivals() {
  arrivals_.clear();
  Nanoseconds time = options_.start;
  for (std::size_t i = 0; i < source_.size(); ++i) {
    const std::uint32_t kind = choose(8);
    if (kind >= 4) time += static_cast<Nanoseconds>(choose(1000)) * (kind == 7 ? 60 : 1) * kMillisecond;
    arrivals_.push_back(time);
  }
  calm_from_ = choices_->made().size() + options_.trouble;
}

std::uint32_t Trial::choose(std::uint32_t bound) { return choices_->choose(bound); }

bool Trial::fails(std::string fault) {
  result_.fault = std::move(fault);
  return !result_.fault.empty();
}

void Trial::note(const std::string& line) {
  if (trace_ == nullptr) return;
  const Nanoseconds since = now_ - options_.start;
  trace_->push_back(fmt::format("{}.{:06} s  {}", since / kSecond, since % kSecond / 1000, line));
}

bool Trial::feed_what_arrived() {
  for (; arrived_ < arrivals_.size() && arrivals_[arrived_] <= now_; ++arrived_) {
    const auto item = static_cast<Item>(arrived_);
    if (trace_ != nullptr) note(fmt::format("{} arrives", source_.id(item)));
    source_.feed(item, now_);
    if (fails(audit_.fed(source_, item))) return false;
  }
  return true;
}

bool Trial::settle_what_ended() {
  for (std::size_t i = 0; i < running_count_;) {
    Running& running = running_[i];
    if (running.ends > now_) {
      ++i;
      continue;
    }
    if (running.has_environment) {
      --busy_;
      const bool lost = running.happening == Happening::crash || running.happening == Happening::timeout;
      if (!lost) ++warm_;
    }
    read_answer(source_, running.batch, running.reply, verdict_);
    if (trace_ != nullptr) {
      note(fmt::format("{} for {}{}", kHappeningNames[static_cast<std::size_t>(running.happening)],
                       batch_text(source_, running.batch),
                       running.reply.body.empty() ? "" : ": " + running.reply.body));
    }
    source_.settle(running.batch, verdict_, now_);
    if (fails(audit_.settled(source_, running.batch, verdict_))) return false;
    // Those behind it keep their order: who began first is told first.
    std::rotate(running_.begin() + static_cast<std::ptrdiff_t>(i),
                running_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                running_.begin() + static_cast<std::ptrdiff_t>(running_count_));
    --running_count_;
  }
  return true;
}

bool Trial::hand_out_what_is_due() {
  while (true) {
    if (running_.size() == running_count_) running_.emplace_back();
    Running& running = running_[running_count_];
    if (!source_.poll(now_, running.batch)) return true;
    if (fails(audit_.handed_out(source_, running.batch))) return false;
    if (trace_ != nullptr) note("a function gets " + batch_text(source_, running.batch));
    begin(running);
    ++running_count_;
    // What ends at once is settled before the next is handed out, or a source without a pause would never end.
    if (running.ends <= now_ && ++result_.steps > options_.most_steps) return true;
    if (running.ends <= now_ && !settle_what_ended()) return false;
  }
}

Trial::Happening Trial::choose_happening() {
  if (is_calm()) return Happening::answer;
  constexpr std::array<Happening, 16> kChances = {
      Happening::answer,  Happening::answer,   Happening::answer, Happening::answer,
      Happening::answer,  Happening::answer,   Happening::answer, Happening::answer,
      Happening::partial, Happening::partial,  Happening::error,  Happening::malformed,
      Happening::crash,   Happening::throttle, Happening::slow,   Happening::timeout};
  return kChances[choose(kChances.size())];
}

Nanoseconds Trial::choose_duration(Happening happening) {
  if (happening == Happening::timeout) return options_.timeout;
  if (happening == Happening::throttle) return 0;
  if (is_calm()) return kMillisecond;
  // Beyond any timeout: the answer is still on its way when the message comes again.
  if (happening == Happening::slow) return (20 * kSecond) << choose(4);
  constexpr std::array<Nanoseconds, 4> kLengths = {kMillisecond, 20 * kMillisecond, 300 * kMillisecond, kSecond};
  return std::min(options_.timeout, kLengths[choose(kLengths.size())] + static_cast<Nanoseconds>(choose(1000)) * 1000);
}

void Trial::begin(Running& running) {
  running.happening = choose_happening();
  if (busy_ >= options_.environments) running.happening = Happening::throttle;
  running.ends = after(now_, choose_duration(running.happening));
  running.reply.throttled = running.happening == Happening::throttle;
  running.reply.function_error = false;
  running.reply.body.clear();
  running.has_environment = !running.reply.throttled;
  if (!running.has_environment) return;
  result_.most_running = std::max(result_.most_running, ++busy_);
  if (warm_ > 0) {
    --warm_;
  } else {
    ++result_.cold_starts;
    running.ends = after(running.ends, options_.init);
  }
  switch (running.happening) {
    case Happening::answer:
    case Happening::slow:
    case Happening::partial: {
      const BatchView view(source_, running.batch, now_, event_);
      function_(view, running.reply);
      if (running.happening == Happening::partial) reply_partially(running);
      return;
    }
    case Happening::error:
    case Happening::crash:
    case Happening::timeout:
      running.reply.function_error = true;
      return;
    case Happening::malformed:
      running.reply.body = kMalformed[choose(kMalformed.size())];
      return;
    case Happening::throttle:
      return;
  }
}

// Some messages fail besides those that the function itself says have failed.
void Trial::reply_partially(Running& running) {
  if (!events::takes_batch_failures(source_.service())) return;
  read_answer(source_, running.batch, running.reply, verdict_);
  if (verdict_.kind != Verdict::Kind::answered) return;
  std::string& body = running.reply.body;
  body = R"({"batchItemFailures":[)";
  auto failed = verdict_.failed.begin();
  const char* separator = "";
  for (std::uint32_t place = 0; place < running.batch.deliveries.size(); ++place) {
    const bool named = failed != verdict_.failed.end() && *failed == place;
    if (named) ++failed;
    if (choose(3) != 1 && !named) continue;
    body += separator;
    body += R"({"itemIdentifier":)";
    append_identifier_of(source_, running.batch.deliveries[place].item, body);
    body += '}';
    separator = ",";
  }
  body += "]}";
}

Nanoseconds Trial::next_moment() {
  Nanoseconds next = source_.next_due(now_);
  if (arrived_ < arrivals_.size()) next = std::min(next, arrivals_[arrived_]);
  for (std::size_t i = 0; i < running_count_; ++i) next = std::min(next, running_[i].ends);
  return next;
}

}  // namespace textlambda::sources
