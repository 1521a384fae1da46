#include "textlambda/runtime/parallel_loops.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/catch.h"

using namespace textlambda::runtime;

TEST_CASE("how many loops the environment asks for") {
  const struct {
    const char* value;
    unsigned loops;
  } cases[] = {{nullptr, 1},
               {"", 1},
               {"1", 1},
               {"16", 16},
               {"0", 1},
               {"-3", 1},
               {"x", 1},
               {"8 ", 1},
               {"1600", 1600},
               {"1601", 1600},
               {"99999999999999999999", 1600}};
  for (const auto& test : cases) {
    CAPTURE(test.value == nullptr ? "unset" : test.value);
    CHECK(loops_wanted(test.value) == test.loops);
  }
}

TEST_CASE("loops run at the same time, and one runs here") {
  std::atomic<unsigned> running{0};
  run_in_parallel(
      4,
      [&] {
        ++running;
        while (running < 4) std::this_thread::yield();  // never ends one after the other
      },
      [] {});
  CHECK(running == 4);
  const auto own = std::this_thread::get_id();
  std::thread::id seen;
  run_in_parallel(
      1, [&] { seen = std::this_thread::get_id(); }, [] {});
  CHECK(seen == own);
}

TEST_CASE("what one loop throws ends the others, and is thrown") {
  std::atomic<bool> interrupted{false};
  std::atomic<unsigned> number{0};
  CHECK_THROWS_WITH(run_in_parallel(
                        3,
                        [&] {
                          if (++number == 2) throw std::runtime_error("gone");
                          while (!interrupted) std::this_thread::yield();
                        },
                        [&] { interrupted = true; }),
                    "gone");
  CHECK(interrupted);
}
