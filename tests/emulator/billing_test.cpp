// What is billed, against what AWS has billed, and what it costs, against AWS's own examples.
#include "textlambda/emulator/billing.h"

#include "tests/catch.h"

using namespace textlambda::emulator;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST_CASE("a duration is billed with the initialisation, in whole milliseconds") {
  const struct {
    nanoseconds duration;
    nanoseconds init;
    int billed;
  } cases[] = {
      // From REPORT lines of functions on AWS.
      {microseconds(3'923'569), microseconds(145'399), 4069},
      {microseconds(1'233'960), microseconds(463'512), 1698},
      {microseconds(2'761), {}, 3},
      {microseconds(761'412), {}, 762},
      {microseconds(7'199), {}, 8},
      // Where it is whole already, and where there is next to nothing.
      {milliseconds(5), {}, 5},
      {microseconds(1'100), microseconds(1'900), 3},
      {nanoseconds(5'000'001), {}, 6},
      {nanoseconds(1), {}, 1},
      {{}, {}, 1},
      {milliseconds(900'000), milliseconds(10'000), 910'000},
  };
  for (const auto& test : cases) {
    CAPTURE(test.billed);
    CHECK(billed_duration(test.duration, test.init) == milliseconds(test.billed));
  }
}

TEST_CASE("a million requests") {
  // "1536 MB of memory, 3 million times in one month, 120 ms each: 540,000 GB-seconds".
  CHECK(gb_seconds(std::uint64_t{1536} * 120 * 3'000'000) == Approx(540'000));
  const MillionCost cost = cost_of_a_million(gb_seconds(std::uint64_t{1536} * 120));
  CHECK(cost.x86 == Approx(0.20 + 3.000006));
  CHECK(cost.arm == Approx(0.20 + 2.400012));
  // "128 MB: $0.0000000021 a millisecond".
  CHECK((cost_of_a_million(gb_seconds(128)).x86 - 0.20) / 1e6 == Approx(0.0000000021).epsilon(0.01));
  CHECK((cost_of_a_million(gb_seconds(128)).arm - 0.20) / 1e6 == Approx(0.0000000017).epsilon(0.02));
}
