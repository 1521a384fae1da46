#include "textlambda/drift/drift.h"

#include <cmath>
#include <random>
#include <string>

#include "textlambda/io/error.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::drift;
using model::Sketch;

namespace {

const std::vector<std::string> kLabels{"a", "b", "c"};

// What texts are like: each view on its own.
struct Kind {
  double unknown = 0.3;  // mean share
  double second = 0.3;   // share of label b; c has 0.1
  double log_odds = 3;
  double characters = 200;  // mean of the logarithm's
};

Sketch draw(std::mt19937_64& random, const Kind& kind, unsigned documents) {
  Sketch sketch;
  sketch.predicted.assign(3, 0);
  sketch.training.assign(3, 0);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  for (unsigned i = 0; i < documents; ++i) {
    const double unknown = std::clamp(kind.unknown + 0.1 * normal(random), 0.0, 1.0);
    const double label = uniform(random);
    const auto n_grams = static_cast<std::uint64_t>(100 + 50 * uniform(random));
    sketch.add({n_grams, static_cast<std::uint64_t>((1 - unknown) * static_cast<double>(n_grams)),
                static_cast<std::uint64_t>(kind.characters * std::exp(0.8 * normal(random))),
                label < kind.second         ? 1U
                : label < kind.second + 0.1 ? 2U
                                            : 0U,
                kind.log_odds + normal(random)});
  }
  return sketch;
}

std::vector<std::string> drifted_views(const DriftReport& report) {
  std::vector<std::string> names;
  for (const DriftCheck& check : report.checks) {
    if (check.drifted) names.emplace_back(view_name(check.view));
  }
  return names;
}

}  // namespace

TEST_CASE("traffic of the same kind raises no more alarms than promised, even with no smallest shift") {
  std::mt19937_64 random(1);
  int alarms = 0;
  for (int run = 0; run < 1000; ++run) {
    const Sketch training = draw(random, {}, 300);
    const Sketch traffic = draw(random, {}, 400);
    const DriftReport report = find_drift(training, traffic, kLabels, {1e-9, 0.05});
    alarms += report.verdict == DriftVerdict::drift ? 1 : 0;
  }
  CHECK(alarms <= 50 + 21);  // 5 % and three standard deviations
  CHECK(alarms >= 5);        // and the tests are not blind
}

TEST_CASE("each view finds its own shift and no other") {
  struct Case {
    Kind kind;
    std::string view;
  };
  const std::vector<Case> cases{{{0.36, 0.3, 3, 200}, "unknown_n_grams"},
                                {{0.3, 0.5, 3, 200}, "labels"},
                                {{0.3, 0.3, 2.4, 200}, "confidence"},
                                {{0.3, 0.3, 3, 330}, "length"}};
  std::mt19937_64 random(2);
  for (const Case& test : cases) {
    CAPTURE(test.view);
    const DriftReport report = find_drift(draw(random, {}, 1500), draw(random, test.kind, 1500), kLabels, {});
    CHECK(report.verdict == DriftVerdict::drift);
    CHECK(drifted_views(report) == std::vector<std::string>{test.view});
  }
}

TEST_CASE("a small shift is no drift, however many texts show it") {
  std::mt19937_64 random(3);
  const DriftReport report =
      find_drift(draw(random, {}, 3000), draw(random, {0.31, 0.34, 2.9, 210}, 200000), kLabels, {});
  CHECK(report.verdict == DriftVerdict::none);
  double smallest = 1;
  for (const DriftCheck& check : report.checks) smallest = std::min(smallest, check.adjusted_p);
  CHECK(smallest < 0.01);
  CHECK(
      find_drift(draw(random, {}, 3000), draw(random, {0.31, 0.34, 2.9, 210}, 200000), kLabels, {0.02, 0.01}).verdict ==
      DriftVerdict::drift);
}

TEST_CASE("confidences that are all but 1 are equal") {
  std::mt19937_64 random(6);
  // Log-odds 7 and 8 are 0.9991 and 0.9997.
  CHECK(
      find_drift(draw(random, {0.3, 0.3, 7, 200}, 2000), draw(random, {0.3, 0.3, 8, 200}, 2000), kLabels, {}).verdict ==
      DriftVerdict::none);
  CHECK(
      find_drift(draw(random, {0.3, 0.3, 7, 200}, 2000), draw(random, {0.3, 0.3, 5, 200}, 2000), kLabels, {}).verdict ==
      DriftVerdict::drift);
}

TEST_CASE("too few texts: inconclusive, unless they are far off") {
  std::mt19937_64 random(4);
  const Sketch training = draw(random, {}, 500);
  const DriftReport few = find_drift(training, draw(random, {}, 40), kLabels, {});
  CHECK(few.verdict == DriftVerdict::inconclusive);
  // √(ln 8000 / 2) is where Kolmogorov's tail is 0.001 / 4.
  CHECK(few.visible_shift == Approx(2.1198 / std::sqrt(500.0 * 40 / 540)).epsilon(1e-3));
  CHECK_THAT(few.sentence, Catch::Contains("40 texts"));
  CHECK(find_drift(training, draw(random, {0.8, 0.3, 3, 200}, 40), kLabels, {}).verdict == DriftVerdict::drift);
  CHECK(find_drift(training, draw(random, {}, 200), kLabels, {}).verdict == DriftVerdict::none);
}

TEST_CASE("what a report says") {
  Sketch training;
  training.predicted = {900, 100, 0};
  training.training = {1, 1, 1};
  training.documents = 1000;
  training.coverage[96] = 1000;    // 75.0 to 75.8 % known
  training.confidence[64] = 1000;  // log-odds 3: 0.953
  training.length[26] = 1000;      // 90.5 to 107.6 characters
  Sketch traffic = training;
  traffic.predicted = {600, 100, 300};
  const DriftReport report = find_drift(training, traffic, kLabels, {});
  REQUIRE(report.checks.size() == 4);
  const DriftCheck& labels = report.checks[1];
  CHECK(labels.drifted);
  CHECK(labels.shift == Approx(0.3).epsilon(0.02));
  CHECK(labels.label == "a");
  CHECK(labels.training == 0.9);
  CHECK(labels.traffic == 0.6);
  CHECK(labels.sentence == "\"a\" is predicted for 60.0 % of the texts; of the training documents, for 90.0 %");
  CHECK(report.sentence == labels.sentence);
  CHECK(report.checks[0].training == Approx(1 - 96.5 / 128));
  CHECK(report.checks[0].p == 1);
  CHECK(report.checks[2].training == Approx(0.9555).epsilon(0.001));  // the middle of log-odds 3 to 3 1/8
  CHECK(report.checks[3].training == Approx(99.1).epsilon(0.001));
  CHECK(find_drift(training, training, kLabels, {}).sentence ==
        "the texts look like the training documents to the model");
}

TEST_CASE("what cannot be compared") {
  std::mt19937_64 random(5);
  const Sketch some = draw(random, {}, 10);
  Sketch none = some;
  none = Sketch();
  none.predicted.assign(3, 0);
  const auto kind = [&](const Sketch& training, const Sketch& traffic, const DriftOptions& options) {
    try {
      find_drift(training, traffic, kLabels, options);
    } catch (const io::Error& error) {
      return static_cast<int>(error.kind());
    }
    return -1;
  };
  CHECK(kind(none, some, {}) == static_cast<int>(io::ErrorKind::mismatch));
  CHECK(kind(some, none, {}) == static_cast<int>(io::ErrorKind::input_output));
  CHECK(kind(some, some, {0, 0.01}) == static_cast<int>(io::ErrorKind::usage));
  CHECK(kind(some, some, {0.1, 0.5}) == static_cast<int>(io::ErrorKind::usage));
  CHECK(kind(some, some, {0.1, 0.01}) == -1);
}
