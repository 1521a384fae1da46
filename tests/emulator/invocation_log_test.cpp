// The lines around an invocation, against ones that AWS's documentation shows.
#include "textlambda/emulator/invocation_log.h"

#include <string>

#include "tests/catch.h"

using namespace textlambda::emulator;
using std::chrono::microseconds;

TEST_CASE("START, END and REPORT") {
  CHECK(start_line("id", "7") == "START RequestId: id Version: 7\n");
  CHECK(end_line("id") == "END RequestId: id\n");
  const struct {
    Measures measures;
    const char* line;
  } cases[] = {
      {{.duration = microseconds(1234), .init = {}, .peak_bytes = 34U << 20, .timed_out = false},
       "REPORT RequestId: id\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 512 MB\tMax Memory Used: 34 MB\n"},
      {{.duration = microseconds(1234), .init = microseconds(5670), .peak_bytes = (34U << 20) + 1, .timed_out = false},
       "REPORT RequestId: id\tDuration: 1.23 ms\tBilled Duration: 7 ms\tMemory Size: 512 MB\tMax Memory Used: 35 MB\t"
       "Init Duration: 5.67 ms\n"},
      {{.duration = microseconds(3000000), .init = {}, .peak_bytes = 0, .timed_out = true},
       "REPORT RequestId: id\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 512 MB\tMax Memory Used: 1 "
       "MB\t"
       "Status: timeout\n"},
      {{.duration = {}, .init = {}, .peak_bytes = 1, .timed_out = false},
       "REPORT RequestId: id\tDuration: 0.00 ms\tBilled Duration: 1 ms\tMemory Size: 512 MB\tMax Memory Used: 1 MB\n"},
  };
  for (const auto& test : cases) CHECK(report_line("id", test.measures, 512) == test.line);
}

TEST_CASE("the end of a log is its last 4 KB") {
  LogTail tail;
  CHECK(tail.take().empty());
  tail.add("short\n");
  CHECK(tail.take() == "short\n");
  CHECK(tail.take().empty());
  std::string all;
  for (int i = 0; i < 3000; ++i) {
    const std::string line = std::to_string(i) + "\n";
    tail.add(line);
    all += line;
  }
  CHECK(tail.take() == all.substr(all.size() - LogTail::kBytes));
  tail.add(all);
  CHECK(tail.take() == all.substr(all.size() - LogTail::kBytes));
}
