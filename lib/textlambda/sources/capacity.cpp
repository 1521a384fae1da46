#include "textlambda/sources/capacity.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <queue>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/sources/option_limits.h"
#include "textlambda/text/count.h"

namespace textlambda::sources {
namespace {

constexpr std::uint32_t kMbOfOneProcessor = 1769;

double processor_share(std::uint32_t memory_mb) {
  return static_cast<double>(std::min(memory_mb, kMbOfOneProcessor)) / kMbOfOneProcessor;
}

// The environments that there are: which are busy until when, and which are free since when.
class Environments {
 public:
  Environments(Nanoseconds idle, std::uint64_t most) : idle_(idle), most_(most) {}

  enum class Found { warm, cold, none };
  Found find(Nanoseconds now) {
    while (!busy_.empty() && busy_.top() <= now) {
      free_since_.push_back(busy_.top());
      busy_.pop();
    }
    while (!free_since_.empty() && now - free_since_.front() > idle_) free_since_.pop_front();
    if (!free_since_.empty()) {
      free_since_.pop_back();
      return Found::warm;
    }
    return busy_.size() < most_ ? Found::cold : Found::none;
  }
  void occupy(Nanoseconds until) { busy_.push(until); }
  std::uint64_t busy() const { return busy_.size(); }

 private:
  Nanoseconds idle_;
  std::uint64_t most_;
  std::priority_queue<Nanoseconds, std::vector<Nanoseconds>, std::greater<>> busy_;
  std::deque<Nanoseconds> free_since_;  // the one that was busy last at the end
};

Nanoseconds nearest_rank(std::vector<Nanoseconds>& latencies, double share) {
  if (latencies.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(latencies.size())));
  const auto place = latencies.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(latencies.begin(), place, latencies.end());
  return *place;
}

CapacityRow replay_at(const std::vector<Call>& calls, std::uint32_t memory_mb, const CapacityOptions& options) {
  CapacityRow row;
  row.memory_mb = memory_mb;
  Environments environments(options.idle, options.most_environments);
  std::vector<Nanoseconds> latencies;
  latencies.reserve(calls.size());
  std::uint64_t billed_ms = 0;
  for (const Call& call : calls) {
    const Environments::Found found = environments.find(call.arrival);
    if (found == Environments::Found::none) {
      ++row.throttled;
      continue;
    }
    const bool cold = found == Environments::Found::cold;
    const Nanoseconds took = scaled_duration(call, memory_mb) + (cold ? options.init : 0);
    environments.occupy(after(call.arrival, took));
    row.peak_concurrency = std::max(row.peak_concurrency, environments.busy());
    row.cold_starts += cold ? 1U : 0U;
    billed_ms += static_cast<std::uint64_t>(std::max<Nanoseconds>(1, (took + kMillisecond - 1) / kMillisecond));
    latencies.push_back(took);
  }
  row.calls = latencies.size();
  row.p50 = nearest_rank(latencies, 0.50);
  row.p99 = nearest_rank(latencies, 0.99);
  row.gb_seconds = static_cast<double>(billed_ms) / 1000 * memory_mb / 1024;
  const double requests = static_cast<double>(row.calls) / 1e6 * kDollarsPerMillionRequests;
  row.x86_dollars = requests + row.gb_seconds * kX86DollarsPerGbSecond;
  row.arm_dollars = requests + row.gb_seconds * kArmDollarsPerGbSecond;
  return row;
}

std::string per_million(double dollars, std::uint64_t calls) {
  return calls == 0 ? "-" : fmt::format("{:.2f}", dollars / static_cast<double>(calls) * 1e6);
}

std::string milliseconds_text(Nanoseconds time) { return fmt::format("{:.1f}", static_cast<double>(time) / 1e6); }

}  // namespace

void validate(const CapacityOptions& options) {
  if (options.memories.empty()) io::throw_usage("no memory size is given");
  for (const std::uint32_t memory : options.memories) expect_count("a memory", memory, 128, 10'240);
  expect_seconds("a cold start", options.init, 0, 900);
  expect_seconds("an idle time", options.idle, 0, 86'400);
  expect_count("a number of environments", options.most_environments, 1, 1'000'000);
}

Nanoseconds scaled_duration(const Call& call, std::uint32_t memory_mb) {
  if (call.memory_mb == memory_mb) return call.duration;
  const double factor = processor_share(call.memory_mb) / processor_share(memory_mb);
  return static_cast<Nanoseconds>(std::llround(static_cast<double>(call.duration) * factor));
}

std::vector<CapacityRow> replay_calls(std::vector<Call> calls, const CapacityOptions& options) {
  validate(options);
  std::stable_sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) { return a.arrival < b.arrival; });
  std::vector<CapacityRow> rows;
  rows.reserve(options.memories.size());
  for (const std::uint32_t memory : options.memories) rows.push_back(replay_at(calls, memory, options));
  return rows;
}

std::string capacity_table(const std::vector<CapacityRow>& rows, const CapacityOptions& options) {
  constexpr const char* kRow = "  {:>9}  {:>10}  {:>11}  {:>11}  {:>9}  {:>9}  {:>9}  {:>12}  {:>12}  {:>12}\n";
  std::string text = fmt::format(fmt::runtime(kRow), "memory MB", "calls", "cold starts", "concurrency", "throttled",
                                 "p50 ms", "p99 ms", "GB-seconds", "x86 $/1M", "arm $/1M");
  for (const CapacityRow& row : rows) {
    text += fmt::format(fmt::runtime(kRow), row.memory_mb, text::grouped(row.calls), text::grouped(row.cold_starts),
                        text::grouped(row.peak_concurrency), text::grouped(row.throttled), milliseconds_text(row.p50),
                        milliseconds_text(row.p99), fmt::format("{:.3f}", row.gb_seconds),
                        per_million(row.x86_dollars, row.calls), per_million(row.arm_dollars, row.calls));
  }
  text += fmt::format(
      "\n  Assumed: one thread's work with memory / 1769 MB of a processor, a whole one at most, that waits for "
      "nothing;\n"
      "  a cold start takes {:.1f} ms at every size; an environment is gone after {} s without a call.\n"
      "  Prices: ${:.2f} a million requests, ${:.10f} (x86) and ${:.10f} (arm) a GB-second.\n",
      static_cast<double>(options.init) / 1e6, options.idle / kSecond, kDollarsPerMillionRequests,
      kX86DollarsPerGbSecond, kArmDollarsPerGbSecond);
  return text;
}

std::string capacity_json(const std::vector<CapacityRow>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CapacityRow& row : rows) {
    list.push_back({{"memory_mb", row.memory_mb},
                    {"calls", row.calls},
                    {"cold_starts", row.cold_starts},
                    {"peak_concurrency", row.peak_concurrency},
                    {"throttled", row.throttled},
                    {"p50_ms", static_cast<double>(row.p50) / 1e6},
                    {"p99_ms", static_cast<double>(row.p99) / 1e6},
                    {"gb_seconds", row.gb_seconds},
                    {"x86_dollars", row.x86_dollars},
                    {"arm_dollars", row.arm_dollars}});
  }
  return list.dump();
}

}  // namespace textlambda::sources
