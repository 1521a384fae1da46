#include "textlambda/gate/sentence.h"

#include <limits>
#include <string>

#include "tests/catch.h"

namespace textlambda::gate {
namespace {

TEST_CASE("a check's sentence says what was seen, then the bound, then what is allowed") {
  struct Case {
    Verdict verdict;
    metrics::Unit unit;
    bool lower_is_better;
    double before, after;
    stats::Interval interval;
    double margin;
    const char* sentence;
  };
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const auto share = metrics::Unit::share;
  const auto plain = metrics::Unit::plain;
  const Case cases[] = {
      {Verdict::regressed,
       share,
       false,
       .923,
       .889,
       {-.0416, -.027},
       0,
       "m 92.3 % → 88.9 %, at least 2.7 pp lower; no loss is allowed"},
      {Verdict::regressed,
       plain,
       true,
       .2,
       .25,
       {.02, .08},
       .01,
       "m 0.2000 → 0.2500, at least 0.0200 higher; 0.0100 is allowed"},
      {Verdict::improved, share, false, .889, .923, {.027, .0416}, 0, "m 88.9 % → 92.3 %, at least 2.7 pp higher"},
      {Verdict::improved, plain, true, .25, .2, {-.08, -.02}, 0, "m 0.2500 → 0.2000, at least 0.0200 lower"},
      // Nothing fell, and the sentence says no such thing.
      {Verdict::pass,
       share,
       false,
       .9,
       .902,
       {-.003, .007},
       .005,
       "m 90.0 % → 90.2 %, at most 0.3 pp lower; 0.5 pp is allowed"},
      {Verdict::pass, share, false, .9, .9, {0, 0}, .005, "m is as it was"},
      {Verdict::inconclusive,
       share,
       false,
       .9,
       .9,
       {-.012, .012},
       0,
       "m 90.0 % → 90.0 %, perhaps up to 1.2 pp lower; no loss is allowed; 400 rows do not tell"},
      {Verdict::inconclusive, share, false, .9, .9, {-kInfinite, kInfinite}, 0, "m cannot be compared: too few rows"},
  };
  for (const Case& one : cases) {
    INFO(one.sentence);
    RelativeCheck check;
    check.metric = "m";
    check.verdict = one.verdict;
    check.unit = one.unit;
    check.lower_is_better = one.lower_is_better;
    check.before = one.before;
    check.after = one.after;
    check.interval = one.interval;
    check.margin = one.margin;
    check.n = 400;
    CHECK(sentence_of(check) == one.sentence);
  }
  RelativeCheck empty;
  empty.metric = "m";
  empty.verdict = Verdict::inconclusive;
  CHECK(sentence_of(empty) == "m cannot be compared: no row has it");
}

}  // namespace
}  // namespace textlambda::gate
