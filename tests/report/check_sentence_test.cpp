#include "textlambda/report/check_sentence.h"

#include <cstddef>
#include <limits>
#include <vector>

#include "tests/catch.h"

namespace textlambda::report {
namespace {

TEST_CASE("of many checks the first are shown, limits before the others, and the rest is counted") {
  gate::Comparison comparison;
  comparison.limits.resize(3);
  comparison.checks.resize(4);
  struct Case {
    std::size_t most, limits, checks, more;
  };
  for (const Case& test : std::vector<Case>{
           {0, 0, 0, 7}, {2, 2, 0, 5}, {3, 3, 0, 4}, {4, 3, 1, 3}, {6, 3, 3, 1}, {7, 3, 4, 0}, {60, 3, 4, 0}}) {
    CAPTURE(test.most);
    const ShownChecks shown = first_checks(comparison, test.most);
    CHECK(shown.limits.size() == test.limits);
    CHECK(shown.checks.size() == test.checks);
    CHECK(shown.more == test.more);
  }
}

TEST_CASE("a change has its range where there is one") {
  gate::RelativeCheck check;
  check.delta = -0.015;
  check.interval = {-0.0213, -0.0091};
  CHECK(change_text(check) == "−1.50 pp (−2.13 … −0.91)");
  check.interval = {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  CHECK(change_text(check) == "−1.50 pp");
}

TEST_CASE("a limit says which side of it is right") {
  gate::LimitCheck check;
  check.limit = 0.95;
  CHECK(limit_text(check) == "at least 95.0 %");
  check.is_floor = false;
  CHECK(limit_text(check) == "at most 95.0 %");
}

}  // namespace
}  // namespace textlambda::report
