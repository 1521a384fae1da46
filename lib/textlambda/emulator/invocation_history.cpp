#include "textlambda/emulator/invocation_history.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/billing.h"
#include "textlambda/text/count.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/text/utf8.h"

namespace textlambda::emulator {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kKindNames = {"request_response", "event", "url", "source"};
constexpr std::array<std::string_view, 4> kOutcomeNames = {"succeeded", "function_error", "timed_out", "throttled"};
constexpr std::array<std::string_view, kEnvironmentEnds> kEndNames = {
    "idle", "stopped", "replaced", "timed_out", "exited", "out_of_memory", "init_failed"};

constexpr auto kPictureEdges = [] {
  constexpr std::array<std::uint64_t, 6> kSteps = {10'000, 15'000, 20'000, 30'000, 50'000, 70'000};
  std::array<std::uint64_t, InvocationFigures::kPictureBuckets> edges{};
  std::uint64_t decade = 1;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i > 0 && i % kSteps.size() == 0) decade *= 10;
    edges[i] = decade * kSteps[i % kSteps.size()];
  }
  return edges;
}();

double in_ms(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

std::uint64_t nanoseconds_of(std::chrono::nanoseconds time) {
  return time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0;
}

std::string time_text(std::chrono::system_clock::time_point moment) {
  return text::rfc3339(std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count());
}

std::size_t picture_bucket(std::uint64_t nanoseconds) {
  const auto above = std::upper_bound(kPictureEdges.begin() + 1, kPictureEdges.end(), nanoseconds);
  return static_cast<std::size_t>(above - kPictureEdges.begin()) - 1;
}

OrderedJson durations_json(const InvocationFigures& figures) {
  const stats::LatencyHistogram& durations = figures.durations;
  if (durations.count() == 0) return nullptr;
  return {{"mean", in_ms(figures.nanoseconds) / static_cast<double>(durations.count())},
          {"p50", in_ms(durations.percentile(0.5))},
          {"p90", in_ms(durations.percentile(0.9))},
          {"p99", in_ms(durations.percentile(0.99))},
          {"p99_9", in_ms(durations.percentile(0.999))},
          {"max", in_ms(durations.max())}};
}

OrderedJson inits_json(const InvocationFigures& figures) {
  const stats::LatencyHistogram& inits = figures.inits;
  if (inits.count() == 0) return nullptr;
  return {{"mean", in_ms(figures.init_nanoseconds) / static_cast<double>(inits.count())},
          {"p50", in_ms(inits.percentile(0.5))},
          {"max", in_ms(inits.max())}};
}

OrderedJson picture_json(const InvocationFigures& figures) {
  OrderedJson buckets = OrderedJson::array();
  const auto counted = [](std::uint64_t count) { return count > 0; };
  const auto first = std::find_if(figures.picture.begin(), figures.picture.end(), counted);
  const auto last = std::find_if(figures.picture.rbegin(), figures.picture.rend(), counted).base();
  for (auto count = first; first != figures.picture.end() && count != last; ++count) {
    const auto bucket = static_cast<std::size_t>(count - figures.picture.begin());
    OrderedJson to;
    if (bucket + 1 < kPictureEdges.size()) to = in_ms(kPictureEdges[bucket + 1]);
    buckets.push_back(
        {{"from_ms", bucket == 0 ? 0.0 : in_ms(kPictureEdges[bucket])}, {"to_ms", std::move(to)}, {"count", *count}});
  }
  return buckets;
}

double gb_seconds_each(const InvocationFigures& figures) {
  return gb_seconds(figures.megabyte_milliseconds) / static_cast<double>(figures.invocations());
}

OrderedJson cost_json(const InvocationFigures& figures) {
  if (figures.invocations() == 0) return nullptr;
  const MillionCost cost = cost_of_a_million(gb_seconds_each(figures));
  return {{"x86_64", cost.x86}, {"arm64", cost.arm}};
}

OrderedJson environments_json(const InvocationFigures& figures) {
  OrderedJson ended = OrderedJson::object();
  for (std::size_t i = 0; i < kEnvironmentEnds; ++i) ended[std::string(kEndNames[i])] = figures.ended_by[i];
  return {{"alive", figures.environments},
          {"peak", figures.peak_environments},
          {"started", figures.environments + figures.environments_ended},
          {"ended", std::move(ended)}};
}

OrderedJson figures_json(const InvocationFigures& figures) {
  const std::uint64_t invocations = figures.invocations();
  OrderedJson cold_share;
  if (invocations > 0) cold_share = static_cast<double>(figures.cold_starts) / static_cast<double>(invocations);
  return {{"invocations", invocations},
          {"succeeded", figures.succeeded},
          {"function_errors", figures.function_errors},
          {"timed_out", figures.timed_out},
          {"throttled", figures.throttled},
          {"cold_starts", figures.cold_starts},
          {"cold_share", std::move(cold_share)},
          {"in_flight", figures.in_flight},
          {"peak_concurrency", figures.peak_concurrency},
          {"environments", environments_json(figures)},
          {"duration_ms", durations_json(figures)},
          {"init_ms", inits_json(figures)},
          {"duration_counts", picture_json(figures)},
          {"billed_ms", figures.billed_ms},
          {"gb_seconds", gb_seconds(figures.megabyte_milliseconds)},
          {"usd_per_million", cost_json(figures)},
          {"peak_bytes", figures.peak_bytes}};
}

OrderedJson record_json(const InvocationRecord& record, std::uint64_t number) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
  };
  const bool ran = record.outcome != InvocationOutcome::throttled;
  return {{"number", number},
          {"function", record.function},
          {"version", record.version},
          {"request_id", record.request_id},
          {"trace_id", text_or_null(record.trace_id)},
          {"began", time_text(record.began)},
          {"kind", name_of(record.kind)},
          {"outcome", name_of(record.outcome)},
          {"error_type", text_or_null(record.error_type)},
          {"cold", record.cold},
          {"duration_ms", ran ? OrderedJson(in_ms(nanoseconds_of(record.duration))) : OrderedJson(nullptr)},
          {"init_ms", in_ms(nanoseconds_of(record.init))},
          {"billed_ms", record.billed.count()},
          {"memory_mb", record.memory_mb},
          {"peak_bytes", record.peak_bytes},
          {"event_bytes", record.event_bytes},
          {"answer_bytes", record.answer_bytes}};
}

void cut(std::string& text) {
  if (text.size() > InvocationHistory::kLongestText) {
    text = std::string(text::utf8_front(text, InvocationHistory::kLongestText));
  }
}

std::string duration_text(std::uint64_t nanoseconds) {
  const double milliseconds = in_ms(nanoseconds);
  if (milliseconds >= 10'000) return fmt::format("{:.1f} s", milliseconds / 1000);
  return fmt::format("{:.{}f} ms", milliseconds, milliseconds >= 100 ? 0 : milliseconds >= 10 ? 1 : 2);
}

std::string totals_line(const InvocationFigures& figures) {
  const std::uint64_t invocations = figures.invocations();
  std::string line = text::counted(invocations, "invocation") + ", " + text::counted(figures.cold_starts, "cold start");
  if (invocations > 0) {
    line +=
        fmt::format(" ({:.1f} %)", 100.0 * static_cast<double>(figures.cold_starts) / static_cast<double>(invocations));
  }
  return line + fmt::format(", {}, {}, {} throttled, at most {} at a time in {}",
                            text::counted(figures.function_errors, "function error"),
                            text::counted(figures.timed_out, "timeout"), text::grouped(figures.throttled),
                            text::grouped(figures.peak_concurrency),
                            text::counted(figures.peak_environments, "environment"));
}

std::string function_line(const std::string& name, const InvocationFigures& figures) {
  const stats::LatencyHistogram& durations = figures.durations;
  std::string line =
      fmt::format("{}: {}, p50 {}, p99 {}, p99.9 {}", name, text::counted(figures.invocations(), "invocation"),
                  duration_text(durations.percentile(0.5)), duration_text(durations.percentile(0.99)),
                  duration_text(durations.percentile(0.999)));
  if (figures.inits.count() > 0) line += ", init " + duration_text(figures.inits.percentile(0.5));
  const MillionCost cost = cost_of_a_million(gb_seconds_each(figures));
  return line + fmt::format(
                    "; {:.3g} GB-seconds billed, a million such requests at {} MB cost ${:.2f} on x86, ${:.2f} on "
                    "arm",
                    gb_seconds(figures.megabyte_milliseconds), figures.memory_mb, cost.x86, cost.arm);
}

}  // namespace

std::string_view name_of(InvocationKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::string_view name_of(InvocationOutcome outcome) { return kOutcomeNames[static_cast<std::size_t>(outcome)]; }
std::string_view name_of(EnvironmentEnd reason) { return kEndNames[static_cast<std::size_t>(reason)]; }

std::uint64_t InvocationFigures::picture_edge(std::size_t bucket) { return kPictureEdges.at(bucket); }

void InvocationFigures::began() {
  ++in_flight;
  peak_concurrency = std::max(peak_concurrency, in_flight);
}

void InvocationFigures::ended(const InvocationRecord& record) {
  if (record.outcome == InvocationOutcome::throttled) {
    ++throttled;
    return;
  }
  if (in_flight > 0) --in_flight;
  switch (record.outcome) {
    case InvocationOutcome::succeeded:
      ++succeeded;
      break;
    case InvocationOutcome::function_error:
      ++function_errors;
      break;
    case InvocationOutcome::timed_out:
      ++timed_out;
      break;
    case InvocationOutcome::throttled:
      break;
  }
  if (record.cold) {
    ++cold_starts;
    init_nanoseconds += nanoseconds_of(record.init);
    inits.add(nanoseconds_of(record.init));
  }
  const auto billed = static_cast<std::uint64_t>(std::max<std::int64_t>(0, record.billed.count()));
  billed_ms += billed;
  megabyte_milliseconds += billed * record.memory_mb;
  memory_mb = record.memory_mb;
  peak_bytes = std::max(peak_bytes, record.peak_bytes);
  nanoseconds += nanoseconds_of(record.duration);
  durations.add(nanoseconds_of(record.duration));
  ++picture[picture_bucket(nanoseconds_of(record.duration))];
}

void InvocationFigures::environment_started() {
  ++environments;
  peak_environments = std::max(peak_environments, environments);
}

void InvocationFigures::environment_ended(EnvironmentEnd reason) {
  if (environments > 0) --environments;
  ++environments_ended;
  ++ended_by[static_cast<std::size_t>(reason)];
}

InvocationFigures& InvocationHistory::figures_of(std::string function) {
  cut(function);
  auto found = functions_.find(function);
  if (found == functions_.end()) {
    make_room();
    found = functions_.try_emplace(std::move(function)).first;
  }
  found->second.used = ++uses_;
  return found->second.figures;
}

void InvocationHistory::make_room() {
  if (functions_.size() < kMostFunctions) return;
  auto oldest = functions_.end();
  for (auto one = functions_.begin(); one != functions_.end(); ++one) {
    if (one->second.figures.is_in_use()) continue;
    if (oldest == functions_.end() || one->second.used < oldest->second.used) oldest = one;
  }
  if (oldest == functions_.end()) return;  // bounded by the processes that there can be
  functions_.erase(oldest);
  ++functions_left_out_;
}

void InvocationHistory::began(const std::string& function) {
  totals_.began();
  figures_of(function).began();
}

void InvocationHistory::ended(InvocationRecord record) {
  for (std::string* const text :
       {&record.function, &record.version, &record.request_id, &record.trace_id, &record.error_type}) {
    cut(*text);
  }
  totals_.ended(record);
  figures_of(record.function).ended(record);
  ++ended_;
  recent_.push_back(std::move(record));
  if (recent_.size() > kRecent) recent_.pop_front();
}

void InvocationHistory::environment_started(const std::string& function) {
  totals_.environment_started();
  figures_of(function).environment_started();
}

void InvocationHistory::environment_ended(const std::string& function, EnvironmentEnd reason) {
  totals_.environment_ended(reason);
  figures_of(function).environment_ended(reason);
}

const InvocationFigures* InvocationHistory::find(const std::string& function) const {
  const auto found = functions_.find(function);
  return found == functions_.end() ? nullptr : &found->second.figures;
}

std::string InvocationHistory::to_json(std::uint64_t after) const {
  OrderedJson functions = OrderedJson::array();
  for (const auto& [name, function] : functions_) {
    OrderedJson one = {{"function", name}, {"memory_mb", nullptr}};
    if (function.figures.memory_mb > 0) one["memory_mb"] = function.figures.memory_mb;
    one.update(figures_json(function.figures));
    functions.push_back(std::move(one));
  }
  OrderedJson recent = OrderedJson::array();
  std::uint64_t number = ended_ - recent_.size();
  for (const InvocationRecord& record : recent_) {
    if (++number > after) recent.push_back(record_json(record, number));
  }
  const OrderedJson json = {{"schema_version", 1},
                            {"since", time_text(since_)},
                            {"totals", figures_json(totals_)},
                            {"functions", std::move(functions)},
                            {"functions_left_out", functions_left_out_},
                            {"ended", ended_},
                            {"recent", std::move(recent)}};
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::vector<std::string> InvocationHistory::summary_lines() const {
  constexpr std::size_t kMostLines = 20;
  std::vector<std::string> lines = {totals_line(totals_)};
  std::size_t more = 0;
  for (const auto& [name, function] : functions_) {
    if (function.figures.invocations() == 0) continue;
    if (lines.size() <= kMostLines) {
      lines.push_back(function_line(name, function.figures));
    } else {
      ++more;
    }
  }
  if (more > 0) lines.push_back("and " + text::counted(more, "function") + " more");
  return lines;
}

}  // namespace textlambda::emulator
