#include "textlambda/metrics/metrics.h"

#include <cmath>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::metrics;

namespace {

// The data set of reference_metrics.py.
constexpr int kRows = 40;

std::vector<float> logits_of(int i) {
  std::vector<float> logits;
  for (int k = 0; k < 3; ++k) logits.push_back(static_cast<float>((7 * i + 3 * k + i * k) % 11) / 2 - 2);
  return logits;
}

std::string truth_of(int i) {
  if (i % 9 == 8) return "d";  // the classifier does not know it
  return (i * i + i) % 4 == 2 ? "b" : std::string(1, static_cast<char>('a' + (i * i + i) % 4));
}

Metrics measure() {
  MetricsAccumulator accumulator({"a", "b", "c"});
  std::vector<float> scores(3);
  for (int i = 0; i < kRows; ++i) {
    Outcome outcome = judge(logits_of(i), accumulator.truth_of(truth_of(i)));
    outcome.abstained = outcome.confidence < 0.6F;
    log_probabilities(logits_of(i), scores);
    accumulator.add(outcome, scores);
  }
  return accumulator.finish();
}

}  // namespace

TEST_CASE("metrics agree with scikit-learn's") {
  const Metrics metrics = measure();
  const auto near = [](double value) { return Approx(value).epsilon(1e-12); };
  CHECK(metrics.n == 40);
  CHECK(metrics.correct == 12);
  CHECK(metrics.accuracy == near(0.3));
  CHECK(metrics.balanced_accuracy == near(0.2222222222222222));
  CHECK(metrics.mcc == near(0.012305420747371317));
  CHECK(metrics.macro_precision == near(0.2361111111111111));
  CHECK(metrics.macro_recall == near(0.16666666666666666));
  CHECK(metrics.macro_f1 == near(0.18803418803418803));
  CHECK(metrics.weighted_precision == near(0.425));
  CHECK(metrics.weighted_recall == near(0.3));
  CHECK(metrics.weighted_f1 == near(0.3384615384615384));
  CHECK(metrics.micro_precision == near(0.3));
  CHECK(metrics.micro_recall == near(0.3));
  CHECK(metrics.micro_f1 == near(0.3));
  CHECK(metrics.log_loss == near(1.6485403458097607));
  CHECK(metrics.brier == near(0.9089937880660075));
  // Confidences are single precision, in the script too: one that rounds the other way moves this by 1e-9.
  CHECK(metrics.ece == Approx(0.41648072823882104).epsilon(1e-8));
  CHECK(metrics.ece_equal_width == Approx(0.41626686975359917).epsilon(1e-8));

  REQUIRE(metrics.labels.size() == 4);
  const double precision[] = {0.4444444444444444, 0.5, 0, 0};
  const double recall[] = {0.4444444444444444, 0.2222222222222222, 0, 0};
  const double f1[] = {0.4444444444444444, 0.30769230769230765, 0, 0};
  for (std::size_t k = 0; k < 4; ++k) {
    CAPTURE(k);
    CHECK(metrics.labels[k].precision() == near(precision[k]));
    CHECK(metrics.labels[k].recall() == near(recall[k]));
    CHECK(metrics.labels[k].f1() == near(f1[k]));
  }
  CHECK_FALSE(metrics.labels[3].known);
  CHECK(metrics.labels[3].label == "d");
  CHECK(metrics.labels[3].support == 4);
}

TEST_CASE("rankings, top-k accuracy, coverage and risk agree with the script's") {
  const Metrics metrics = measure();
  const auto near = [](double value) { return Approx(value).epsilon(1e-12); };
  CHECK(metrics.labels[0].auroc == near(0.5214646464646465));
  CHECK(metrics.labels[1].auroc == near(0.5277777777777778));
  CHECK(std::isnan(metrics.labels[2].auroc));  // no example has it
  CHECK(std::isnan(metrics.labels[3].auroc));  // the model does not know it
  CHECK(metrics.macro_auroc == near(0.5246212121212122));
  CHECK(metrics.labels[0].average_precision == near(0.4730092592592593));
  CHECK(metrics.labels[1].average_precision == near(0.46985453272217975));
  CHECK(std::isnan(metrics.labels[2].average_precision));
  CHECK(metrics.macro_average_precision == near(0.47143189599071955));
  REQUIRE(metrics.top_k_accuracy.size() == 3);
  CHECK(metrics.top_k_accuracy[0] == near(0.3));
  CHECK(metrics.top_k_accuracy[1] == near(0.65));
  CHECK(metrics.top_k_accuracy[2] == near(0.9));  // the rest has a label that the model does not know
  CHECK(metrics.abstained == 9);
  CHECK(metrics.coverage == near(0.775));
  CHECK(metrics.risk == near(0.6774193548387096));
}

TEST_CASE("rankings are measured for all examples or not at all") {
  MetricsAccumulator accumulator({"a", "b"});
  const std::vector<float> logits{1, 0};
  std::vector<float> scores(2);
  log_probabilities(logits, scores);
  accumulator.add(judge(logits, 0), scores);
  accumulator.add(judge(logits, 1), scores);
  CHECK(accumulator.finish().macro_auroc == 0.5);
  accumulator.add(judge(logits, 1));
  CHECK(std::isnan(accumulator.finish().macro_auroc));
  CHECK(std::isnan(accumulator.finish().labels[0].average_precision));
}

TEST_CASE("log-probabilities tell apart what lies next to 1 and to 0") {
  std::vector<float> scores(2), others(2);
  log_probabilities(std::vector<float>{30, 0}, scores);
  log_probabilities(std::vector<float>{40, 0}, others);
  CHECK(scores[0] == Approx(-std::exp(-30.0)).epsilon(1e-6));
  CHECK(scores[1] == Approx(-30));
  CHECK(others[0] > scores[0]);
  CHECK(others[1] < scores[1]);
  log_probabilities(std::vector<float>{0, std::log(3.0F)}, scores);
  CHECK(scores[0] == Approx(std::log(0.25)));
  CHECK(scores[1] == Approx(std::log(0.75)));
}

TEST_CASE("of labels that are as likely the earlier is preferred") {
  const std::vector<float> logits{1, 2, 2, 1};
  CHECK(judge(logits, 1).predicted == 1);
  CHECK(judge(logits, 1).rank == 0);
  CHECK(judge(logits, 2).rank == 1);
  CHECK(judge(logits, 0).rank == 2);
  CHECK(judge(logits, 3).rank == 3);
  CHECK(judge(logits, kUnknownLabel).rank == 4);
}

TEST_CASE("whoever answers nothing runs no risk that could be told") {
  MetricsAccumulator accumulator({"a", "b"});
  Outcome outcome = judge(std::vector<float>{1, 0}, 0);
  outcome.abstained = true;
  accumulator.add(outcome);
  CHECK(accumulator.finish().coverage == 0);
  CHECK(std::isnan(accumulator.finish().risk));
}

TEST_CASE("the confusion matrix counts every example once, unknown labels in rows of their own") {
  const Metrics metrics = measure();
  REQUIRE(metrics.confusion.rows() == 4);
  REQUIRE(metrics.confusion.columns() == 3);
  std::uint64_t total = 0;
  for (const ConfusionCell& cell : metrics.confusion.cells()) {
    CHECK(cell.truth < 4);
    CHECK(cell.predicted < 3);
    total += cell.count;
  }
  CHECK(total == 40);
}

TEST_CASE("an outcome by hand") {
  // p = (1/4, 3/4): logits 0 and ln 3.
  const std::vector<float> logits{0, std::log(3.0F)};
  const Outcome wrong = judge(logits, 0);
  CHECK(wrong.predicted == 1);
  CHECK(wrong.confidence == Approx(0.75));
  CHECK(wrong.log_p_truth == Approx(std::log(0.25)));
  CHECK(wrong.squared_distance == Approx(0.75 * 0.75 * 2));
  const Outcome right = judge(logits, 1);
  CHECK(right.log_p_truth == Approx(std::log(0.75)));
  CHECK(right.squared_distance == Approx(0.25 * 0.25 * 2));
}

TEST_CASE("extreme logits stay finite") {
  const Outcome outcome = judge(std::vector<float>{-1000, 1000, 0}, 0);
  CHECK(outcome.confidence == 1);
  CHECK(outcome.log_p_truth == Approx(-2000));
  CHECK(std::isfinite(outcome.squared_distance));
}

TEST_CASE("unknown labels are numbered by first meeting and listed by name") {
  MetricsAccumulator accumulator({"m"});
  CHECK(accumulator.truth_of("z") == kUnknownLabel);
  CHECK(accumulator.truth_of("b") == kUnknownLabel + 1);
  CHECK(accumulator.truth_of("z") == kUnknownLabel);
  CHECK(accumulator.truth_of("m") == 0);
  for (const char* label : {"z", "b", "z"}) accumulator.add(judge(std::vector<float>{0}, accumulator.truth_of(label)));
  const Metrics metrics = accumulator.finish();
  REQUIRE(metrics.labels.size() == 3);
  CHECK(metrics.labels[1].label == "b");
  CHECK(metrics.labels[1].support == 1);
  CHECK(metrics.labels[2].label == "z");
  CHECK(metrics.labels[2].support == 2);
  CHECK(metrics.confusion.count(1, 0) == 1);
  CHECK(metrics.confusion.count(2, 0) == 2);
  CHECK(std::isnan(metrics.log_loss));  // no example has a label that is known
  CHECK(metrics.accuracy == 0);
}

TEST_CASE("labels keep the model's order, sorted or not") {
  MetricsAccumulator accumulator({"z", "a", "m"});
  CHECK(accumulator.truth_of("z") == 0);
  CHECK(accumulator.truth_of("a") == 1);
  CHECK(accumulator.truth_of("m") == 2);
  for (const char* label : {"z", "a", "m", "m"}) {
    accumulator.add(judge(std::vector<float>{0, 0, 1}, accumulator.truth_of(label)));
  }
  const Metrics metrics = accumulator.finish();
  CHECK(metrics.labels[0].label == "z");
  CHECK(metrics.labels[2].correct == 2);
}

TEST_CASE("log-loss is not clipped") {
  MetricsAccumulator accumulator({"a", "b"});
  accumulator.add(judge(std::vector<float>{0, 100}, 0));
  CHECK(accumulator.finish().log_loss == Approx(100));  // p = 4e-44; clipped at 2.2e-16 it would be 36
}

TEST_CASE("nothing measured is nothing known") {
  const Metrics metrics = MetricsAccumulator({"a", "b"}).finish();
  CHECK(metrics.n == 0);
  CHECK(metrics.accuracy_interval.low == 0);
  CHECK(metrics.accuracy_interval.high == 1);
  CHECK(metrics.ece == 0);
}
