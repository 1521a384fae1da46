#include "textlambda/drift/drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <mutex>
#include <numeric>

#include <fmt/format.h>

#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/stats/holm.h"
#include "textlambda/stats/two_samples.h"
#include "textlambda/text/count.h"

namespace textlambda::drift {
namespace {

// Where fewer than this many times the smallest shift of interest can be seen, "nothing drifted" says too little.
constexpr double kBlind = 2;
constexpr std::size_t kViews = 4;

using Counts = std::span<const std::uint32_t>;

// The middle of the bin that the median is in, in the ordinary unit.
double median(Counts counts, double (*low)(std::size_t)) {
  const std::size_t bin = model::quantile_bin(counts, 0.5);
  return (low(bin) + low(bin + 1)) / 2;
}

DriftCheck check_histogram(DriftView view, Counts training, Counts traffic) {
  const stats::TwoSampleTest test = stats::kolmogorov_smirnov(training, traffic);
  DriftCheck check;
  check.view = view;
  check.shift = test.distance;
  check.p = test.p;
  return check;
}

DriftCheck check_unknown(const model::Sketch& training, const model::Sketch& traffic) {
  DriftCheck check = check_histogram(DriftView::unknown_n_grams, training.coverage, traffic.coverage);
  check.training = 1 - mean_coverage(training);
  check.traffic = 1 - mean_coverage(traffic);
  check.sentence =
      fmt::format("{:.1f} % of a text's n-grams are unknown to the model; of the training documents, {:.1f} %",
                  100 * check.traffic, 100 * check.training);
  return check;
}

// Confidences from about 0.99 on are all "sure": whether it is 0.998 or 0.999 is nobody's concern.
std::vector<std::uint32_t> merge_sure(Counts confidence) {
  constexpr std::size_t kSure = 76;  // log-odds 4.5, confidence 0.989
  std::vector<std::uint32_t> merged(confidence.begin(), confidence.begin() + kSure);
  merged.push_back(std::accumulate(confidence.begin() + kSure, confidence.end(), 0U));
  return merged;
}

DriftCheck check_confidence(const model::Sketch& training, const model::Sketch& traffic) {
  DriftCheck check =
      check_histogram(DriftView::confidence, merge_sure(training.confidence), merge_sure(traffic.confidence));
  check.training = median(training.confidence, model::confidence_low);
  check.traffic = median(traffic.confidence, model::confidence_low);
  check.sentence = fmt::format("half of the predictions are surer than {:.2f}; on the training documents, than {:.2f}",
                               check.traffic, check.training);
  return check;
}

DriftCheck check_length(const model::Sketch& training, const model::Sketch& traffic) {
  DriftCheck check = check_histogram(DriftView::length, training.length, traffic.length);
  check.training = median(training.length, model::length_low);
  check.traffic = median(traffic.length, model::length_low);
  check.sentence = fmt::format(
      "half of the texts are longer than about {:.0f} characters; of the training documents, "
      "than {:.0f}",
      check.traffic, check.training);
  return check;
}

DriftCheck check_labels(const model::Sketch& training, const model::Sketch& traffic,
                        const std::vector<std::string>& labels) {
  const stats::TwoSampleTest test = stats::homogeneity(training.predicted, traffic.predicted);
  DriftCheck check;
  check.view = DriftView::labels;
  check.shift = test.distance;
  check.p = test.p;
  double largest = -1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double before = training.predicted[i] / static_cast<double>(training.documents);
    const double now = traffic.predicted[i] / static_cast<double>(traffic.documents);
    if (std::abs(now - before) <= largest) continue;
    largest = std::abs(now - before);
    check.training = before;
    check.traffic = now;
    check.label = labels[i];
  }
  check.sentence = fmt::format("{} is predicted for {:.1f} % of the texts; of the training documents, for {:.1f} %",
                               corpus::in_quotes(check.label), 100 * check.traffic, 100 * check.training);
  return check;
}

std::string summarise(const DriftReport& report) {
  if (report.verdict == DriftVerdict::inconclusive) {
    return fmt::format(
        "nothing seen, but with {} against {} only shifts from {:.0f} % can be "
        "seen",
        text::counted(report.traffic_texts, "text"), text::counted(report.training_documents, "training document"),
        100 * report.visible_shift);
  }
  std::string drifted;
  for (const DriftCheck& check : report.checks) {
    if (check.drifted) drifted += (drifted.empty() ? "" : "; ") + check.sentence;
  }
  return drifted.empty() ? "the texts look like the training documents to the model" : drifted;
}

}  // namespace

void validate(const DriftOptions& options) {
  if (!(options.min_shift > 0 && options.min_shift < 1)) {
    io::throw_usage(fmt::format("min-shift: {} given, expected above 0 and below 1", options.min_shift));
  }
  if (!(options.alpha > 0 && options.alpha < 0.5)) {
    io::throw_usage(fmt::format("alpha: {} given, expected above 0 and below 0.5", options.alpha));
  }
}

std::string_view view_name(DriftView view) {
  static constexpr std::array<std::string_view, kViews> kNames{"unknown_n_grams", "labels", "confidence", "length"};
  return kNames[static_cast<std::size_t>(view)];
}

std::string_view verdict_name(DriftVerdict verdict) {
  static constexpr std::array<std::string_view, 3> kNames{"none", "drift", "inconclusive"};
  return kNames[static_cast<std::size_t>(verdict)];
}

DriftReport find_drift(const model::Sketch& training, const model::Sketch& traffic,
                       const std::vector<std::string>& labels, const DriftOptions& options) {
  validate(options);
  if (training.documents == 0) {
    throw io::Error(io::ErrorKind::mismatch,
                    "the model keeps nothing to compare with: it was trained without a held-out part");
  }
  if (traffic.documents == 0) io::throw_input("there is no text to compare with the training documents");

  DriftReport report;
  report.options = options;
  report.training_documents = training.documents;
  report.traffic_texts = traffic.documents;
  report.checks = {check_unknown(training, traffic), check_labels(training, traffic, labels),
                   check_confidence(training, traffic), check_length(training, traffic)};
  std::vector<double> p;
  for (const DriftCheck& check : report.checks) p.push_back(check.p);
  const std::vector<double> adjusted = stats::holm_adjusted(p);
  bool drifted = false;
  for (std::size_t i = 0; i < kViews; ++i) {
    DriftCheck& check = report.checks[i];
    check.adjusted_p = adjusted[i];
    check.drifted = check.adjusted_p <= options.alpha && check.shift >= options.min_shift;
    drifted = drifted || check.drifted;
  }
  report.visible_shift = std::min(
      1.0, stats::smallest_significant_distance(training.documents, traffic.documents, options.alpha / kViews));
  report.verdict = drifted                                             ? DriftVerdict::drift
                   : report.visible_shift > kBlind * options.min_shift ? DriftVerdict::inconclusive
                                                                       : DriftVerdict::none;
  report.sentence = summarise(report);
  return report;
}

TrafficSketch::TrafficSketch(const model::Classifier& classifier) : classifier_(classifier) {
  sketch_.predicted.assign(classifier.label_count(), 0);
  sketch_.training.assign(classifier.label_count(), 0);
}

void TrafficSketch::add(std::string_view text) {
  if (sketch_.documents == UINT32_MAX) io::throw_input("there are more texts than can be counted");
  classifier_.predict(text, scratch_);
  sketch_.add(scratch_.traits());
}

void TrafficSketch::add(const model::Sketch& other) {
  if (other.documents > UINT32_MAX - sketch_.documents) io::throw_input("there are more texts than can be counted");
  const auto add_counts = [](auto& to, const auto& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  };
  sketch_.documents += other.documents;
  add_counts(sketch_.coverage, other.coverage);
  add_counts(sketch_.confidence, other.confidence);
  add_counts(sketch_.length, other.length);
  add_counts(sketch_.predicted, other.predicted);
}

model::Sketch sketch_traffic(const model::Classifier& classifier, const corpus::RowSource& corpus,
                             const io::Executor& executor, const metrics::Progress& progress) {
  const std::size_t chunks = corpus.partition_count();
  std::vector<TrafficSketch> parts(executor.workers(), TrafficSketch(classifier));
  std::mutex mutex;
  std::size_t done = 0;
  executor.run(chunks, [&](std::size_t chunk, unsigned worker) {
    corpus.read(chunk, [&](const corpus::Example& example) {
      parts[worker].add(example.text);
      return true;
    });
    corpus.release(chunk);
    if (!progress) return;
    const std::lock_guard<std::mutex> lock(mutex);
    progress(static_cast<double>(++done) / static_cast<double>(chunks));
  });
  TrafficSketch all(classifier);
  for (const TrafficSketch& part : parts) all.add(part.sketch());
  return all.sketch();
}

}  // namespace textlambda::drift
