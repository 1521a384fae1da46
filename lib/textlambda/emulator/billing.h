// What AWS bills an invocation with, and what many of them would cost: https://aws.amazon.com/lambda/pricing/, the
// first tier of us-east-1, without the free tier, provisioned concurrency and ephemeral storage above 512 MB. Pure
// functions, thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

namespace textlambda::emulator {

// In US dollars.
inline constexpr double kPriceOfAMillionRequests = 0.20;
inline constexpr double kPriceOfGbSecondX86 = 0.0000166667;
inline constexpr double kPriceOfGbSecondArm = 0.0000133334;

// The initialisation of a cold start is billed with the invocation that waited for it: their sum, rounded up to whole
// milliseconds, and one at least. What the service itself reports: 3923.569 ms and 145.399 ms are 4069 ms, not 3924 and
// 146.
std::chrono::milliseconds billed_duration(std::chrono::nanoseconds duration, std::chrono::nanoseconds init);

// Memory (MB, of 1,048,576 bytes) times billed milliseconds, summed up, in the unit that AWS prices.
constexpr double gb_seconds(std::uint64_t megabyte_milliseconds) {
  return static_cast<double>(megabyte_milliseconds) / (1024.0 * 1000.0);
}

// What a million invocations cost that are billed with so much each, on average.
struct MillionCost {
  double x86 = 0;
  double arm = 0;
};
constexpr MillionCost cost_of_a_million(double gb_seconds_each) {
  return {.x86 = kPriceOfAMillionRequests + 1e6 * gb_seconds_each * kPriceOfGbSecondX86,
          .arm = kPriceOfAMillionRequests + 1e6 * gb_seconds_each * kPriceOfGbSecondArm};
}

}  // namespace textlambda::emulator
