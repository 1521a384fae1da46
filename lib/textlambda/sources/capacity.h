// What a recorded traffic would have come to at other memory sizes: its calls replayed on a virtual clock against
// execution environments that start when none is free and go when they have been idle.
//
// What is assumed, since no recording says it: the function's work is one thread's, which has its environment's share
// of a processor, memory / 1769 MB up to a whole one (AWS: 1769 MB is one vCPU); it waits for nothing else, so that its
// duration goes with the inverse of that share; a cold start takes as long at every size, since a start has a whole
// processor; a call goes to the environment that was busy last.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/sources/time.h"

namespace textlambda::sources {

struct Call {
  Nanoseconds arrival = 0;
  Nanoseconds duration = 0;        // of the function alone, without a cold start
  std::uint32_t memory_mb = 1769;  // that it took this long with
};

struct CapacityOptions {
  std::vector<std::uint32_t> memories = {128, 256, 512, 1024, 1769, 3008, 10240};  // MB, 128 to 10240
  Nanoseconds init = 0;                                                            // of a cold start
  Nanoseconds idle = 300 * kSecond;        // after which an environment is gone; AWS says no number
  std::uint32_t most_environments = 1000;  // at a time; a call beyond them is throttled, and not tried again
};

// Throws Error(usage).
void validate(const CapacityOptions& options);

struct CapacityRow {
  std::uint32_t memory_mb = 0;
  std::uint64_t calls = 0;  // that were answered
  std::uint64_t throttled = 0;
  std::uint64_t cold_starts = 0;
  std::uint64_t peak_concurrency = 0;
  Nanoseconds p50 = 0;  // latency, a cold start included; nearest rank
  Nanoseconds p99 = 0;
  double gb_seconds = 0;  // billed: whole milliseconds of each call, a cold start included
  double x86_dollars = 0;
  double arm_dollars = 0;  // at the same durations
};

// The prices that the estimates are made with, in dollars.
inline constexpr double kDollarsPerMillionRequests = 0.20;
inline constexpr double kX86DollarsPerGbSecond = 0.0000166667;
inline constexpr double kArmDollarsPerGbSecond = 0.0000133334;

// A row a memory size, in their order. Calls may be in any order.
std::vector<CapacityRow> replay_calls(std::vector<Call> calls, const CapacityOptions& options);

// How long a call would take with that much memory.
Nanoseconds scaled_duration(const Call& call, std::uint32_t memory_mb);

// For people, with the assumptions in a last paragraph.
std::string capacity_table(const std::vector<CapacityRow>& rows, const CapacityOptions& options);
// A JSON array, an object a row.
std::string capacity_json(const std::vector<CapacityRow>& rows);

}  // namespace textlambda::sources
