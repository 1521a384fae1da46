// Times the paired bootstrap: bench_bootstrap EXAMPLES LABELS [THREADS]
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/metrics/bootstrap_change.h"
#include "textlambda/metrics/metrics.h"

namespace {

using namespace textlambda;
using namespace textlambda::metrics;

struct Run {
  std::vector<JudgedRow> rows;
  std::vector<float> log_probabilities;

  RunOutcomes outcomes() const { return {rows, log_probabilities}; }
};

void judge_into(Run& run, std::vector<float>& logits, std::uint32_t truth) {
  const Outcome outcome = judge(logits, truth);
  JudgedRow row;
  row.truth = truth;
  row.predicted = outcome.predicted;
  row.confidence = outcome.confidence;
  row.log_p_truth = static_cast<float>(outcome.log_p_truth);
  row.squared_distance = static_cast<float>(outcome.squared_distance);
  run.rows.push_back(row);
  run.log_probabilities.resize(run.log_probabilities.size() + logits.size());
  log_probabilities(logits, std::span(run.log_probabilities).last(logits.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::size_t examples = std::strtoul(argv[1], nullptr, 10);
  const std::size_t labels = std::strtoul(argv[2], nullptr, 10);
  const unsigned threads =
      argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)) : io::available_threads();
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  Run before, after;
  for (std::size_t i = 0; i < examples; ++i) {
    const auto truth = static_cast<std::uint32_t>(random() % labels);
    std::vector<float> logits(labels);
    for (float& logit : logits) logit = normal(random);
    logits[truth] += 4;
    judge_into(before, logits, truth);
    for (float& logit : logits) logit += 0.3F * normal(random);
    judge_into(after, logits, truth);
  }
  const PairedRuns runs{labels, labels, before.outcomes(), after.outcomes(), {}, 0};
  const auto parallel_for = [threads](std::size_t items, const std::function<void(std::size_t)>& work) {
    io::Executor(threads).run(items, [&](std::size_t item, unsigned) { work(item); });
  };
  const auto about = [](const char* name, std::optional<std::uint32_t> label = {}) {
    return resampled(*find_measure(name), label, 0);
  };
  const struct {
    const char* name;
    std::vector<ChangeQuestion> questions;
  } groups[] = {{"labels: macro F1, balanced accuracy, F1 of one",
                 {about("macro_f1"), about("balanced_accuracy"), about("f1", 0)}},
                {"ECE", {about("ece")}},
                {"ECE, log-loss, Brier", {about("ece"), about("log_loss"), about("brier")}},
                {"macro AUROC", {about("auroc")}}};
  for (const auto& group : groups) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<BootstrapChange> changes = bootstrap_changes(runs, group.questions, 0.05, {}, parallel_for);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::printf("%-45s %6.2f s, %5lu resamples, [%+.4f, %+.4f]\n", group.name, taken.count(),
                static_cast<unsigned long>(changes[0].resamples), changes[0].bounds.low, changes[0].bounds.high);
  }
  return 0;
}
