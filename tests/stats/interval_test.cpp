#include "textlambda/stats/interval.h"

#include <stdexcept>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("intervals agree with SciPy's and with published ones") {
  // From reference_intervals.py. 81/263 and 15/148 are Newcombe's examples (Statistics in Medicine 17:857, 1998):
  // Wilson 0.2553–0.3662 and 0.0624–0.1605, Clopper–Pearson 0.2527–0.3676 and 0.0578–0.1617.
  const struct {
    std::uint64_t successes, trials;
    double confidence, wilson_low, wilson_high, exact_low, exact_high;
  } cases[] = {
      {0, 10, 0.95, 0.0, 0.2775327998628892, 0.0, 0.3084971078187608},
      {10, 10, 0.95, 0.7224672001371107, 1.0, 0.6915028921812392, 1.0},
      {1, 10, 0.95, 0.017876213095072868, 0.4041500267952385, 0.0025285785444617865, 0.4450161170281954},
      {5, 10, 0.95, 0.236593090512564, 0.7634069094874361, 0.18708602844739855, 0.8129139715526015},
      {81, 263, 0.95, 0.2552885198782742, 0.36620957698280004, 0.2527367455852713, 0.36762192260135146},
      {15, 148, 0.95, 0.0623863995307363, 0.16048724172330803, 0.057844010083448576, 0.161650490349479},
      {919, 1000, 0.99, 0.8939164135308297, 0.9385601902801155, 0.8942221817154129, 0.9396805162609471},
      {22870, 25000, 0.95, 0.9112752752290166, 0.9181972693860619, 0.9112709086639006, 0.9182323179048364},
      {1, 1, 0.9, 0.2698659487840541, 1.0, 0.04999999999999999, 1.0},
      {3, 1000000, 0.95, 1.0202712409681223e-06, 8.821149774312436e-06, 6.186725501906404e-07, 8.767247788067677e-06},
      {620000000, 1000000000, 0.999, 0.6199494915273018, 0.6200505058740824, 0.6199494914201833, 0.6200505067673804},
  };
  for (const auto& test : cases) {
    CAPTURE(test.successes, test.trials);
    const Interval wilson = wilson_interval(test.successes, test.trials, test.confidence);
    CHECK(wilson.low == Approx(test.wilson_low).epsilon(1e-9));
    CHECK(wilson.high == Approx(test.wilson_high).epsilon(1e-9));
    const Interval exact = clopper_pearson_interval(test.successes, test.trials, test.confidence);
    CHECK(exact.low == Approx(test.exact_low).epsilon(1e-9));
    CHECK(exact.high == Approx(test.exact_high).epsilon(1e-9));
  }
}

TEST_CASE("without trials nothing is known") {
  CHECK(wilson_interval(0, 0).low == 0);
  CHECK(wilson_interval(0, 0).high == 1);
  CHECK(clopper_pearson_interval(0, 0).low == 0);
  CHECK(clopper_pearson_interval(0, 0).high == 1);
}

TEST_CASE("what makes no sense is refused") {
  CHECK_THROWS_AS(wilson_interval(2, 1), std::domain_error);
  CHECK_THROWS_AS(clopper_pearson_interval(2, 1), std::domain_error);
  CHECK_THROWS_AS(wilson_interval(1, 2, 0), std::domain_error);
  CHECK_THROWS_AS(clopper_pearson_interval(1, 2, 1), std::domain_error);
}
