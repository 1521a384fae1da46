#include "textlambda/report/text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/report/display_width.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/table.h"
#include "textlambda/report/worst_labels.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace {

using metrics::ConfusionCell;
using metrics::Evaluation;
using metrics::LabelMetrics;
using metrics::Metrics;

constexpr std::size_t kLargestMatrix = 12;
constexpr std::size_t kConfusionsShown = 10;
constexpr std::size_t kUnknownShown = 10;
constexpr std::size_t kLabelLines = 200;
constexpr std::size_t kLabelColumnWidth = 32;

std::string figure(double value) { return figure_text(metrics::Unit::plain, value); }
std::string shown(const std::string& label) { return printable_ends(label, kLabelColumnWidth); }

std::string headline(const Evaluation& evaluation) {
  const Metrics& metrics = evaluation.metrics;
  Table table({Align::left, Align::left});
  table.add_row(
      {"accuracy", fmt::format("{} {}   {} of {}", share_text(metrics.accuracy), share_range(metrics.accuracy_interval),
                               text::grouped(metrics.correct), text::counted(metrics.n, "example"))});
  table.add_row({"macro F1", share_text(metrics.macro_f1) + fmt::format("   precision {} · recall {}",
                                                                        share_text(metrics.macro_precision),
                                                                        share_text(metrics.macro_recall))});
  table.add_row(
      {"log-loss", fmt::format("{}   Brier {} · ECE {} ({} in bins of equal width)", figure(metrics.log_loss),
                               figure(metrics.brier), share_text(metrics.ece), share_text(metrics.ece_equal_width))});
  if (std::isfinite(metrics.macro_auroc)) {
    table.add_row({"AUROC", fmt::format("{}   average precision {}, means over the labels", figure(metrics.macro_auroc),
                                        figure(metrics.macro_average_precision))});
  }
  if (metrics.top_k_accuracy.size() > 3) {  // of three labels or fewer it says nothing
    table.add_row({"top 3", share_text(metrics.top_k_accuracy[2])});
  }
  if (evaluation.abstained > 0) {
    table.add_row(
        {"abstained", fmt::format("{} ({})   wrong among the answered {}", text::grouped(evaluation.abstained),
                                  share_text(1 - metrics.coverage), share_text(metrics.risk))});
  }
  if (evaluation.faults.repaired_rows > 0) {
    table.add_row(
        {"repaired", fmt::format("broken UTF-8 in {}", text::counted(evaluation.faults.repaired_rows, "row"))});
  }
  if (evaluation.faults.bad_row_count > 0) {
    table.add_row({"skipped", text::counted(evaluation.faults.bad_row_count, "bad row")});
  }
  return table.text();
}

// What "examples" and its verb are for a count.
std::string_view examples_count(std::uint64_t count) { return count == 1 ? "example counts" : "examples count"; }

// The labels that the model does not know: most frequent first, then by name.
std::vector<const LabelMetrics*> unknown_by_support(const Metrics& metrics) {
  std::vector<const LabelMetrics*> unknown;
  for (const LabelMetrics& label : metrics.labels) {
    if (!label.known) unknown.push_back(&label);
  }
  // Stable: Metrics lists them by name.
  std::stable_sort(unknown.begin(), unknown.end(),
                   [](const LabelMetrics* a, const LabelMetrics* b) { return a->support > b->support; });
  return unknown;
}

std::string unknown_labels(const std::vector<const LabelMetrics*>& unknown) {
  std::string text;
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const LabelMetrics& label = *unknown[i];
    if (i >= kUnknownShown) {
      others += label.support;
      continue;
    }
    text += fmt::format("unknown     \"{}\": the model does not know this label; its {} {} as wrong\n",
                        shown(label.label), label.support, examples_count(label.support));
  }
  if (unknown.size() > kUnknownShown) {
    const std::size_t labels = unknown.size() - kUnknownShown;
    text += fmt::format("unknown     {} more {}; {} {} {} as wrong\n", labels, labels == 1 ? "label" : "labels",
                        labels == 1 ? "its" : "their", others, examples_count(others));
  }
  return text;
}

// The model's labels, and the unknown ones that unknown_labels() names.
std::string label_table(const Metrics& metrics, const std::vector<const LabelMetrics*>& unknown) {
  std::vector<const LabelMetrics*> labels;
  for (const LabelMetrics& label : metrics.labels) {
    if (label.known) labels.push_back(&label);
  }
  labels.insert(labels.end(), unknown.begin(),
                unknown.begin() + static_cast<std::ptrdiff_t>(std::min(unknown.size(), kUnknownShown)));
  std::size_t more = 0;
  if (labels.size() > kLargestMatrix) {
    WorstLabels worst = worst_labels(std::move(labels), kLabelLines);
    labels = std::move(worst.labels);
    more = worst.more;
  }
  Table table({Align::left, Align::right, Align::right, Align::right, Align::right});
  table.add_row({"label", "examples", "precision", "recall", "F1"});
  for (const LabelMetrics* label : labels) {
    table.add_row({shown(label->label), std::to_string(label->support),
                   label->predicted == 0 ? "–" : share_text(label->precision()),
                   label->support == 0 ? "–" : share_text(label->recall()),
                   label->support + label->predicted == 0 ? "–" : share_text(label->f1())});
  }
  return table.text(2) + (more == 0 ? "" : "  " + more_labels_sentence(more) + "\n");
}

std::string confusion_matrix(const Metrics& metrics) {
  const std::size_t columns = metrics.confusion.columns();
  Table table(std::vector<Align>(columns + 1, Align::right));
  std::vector<std::string> head{"truth ↓  predicted →"};
  for (std::size_t column = 0; column < columns; ++column)
    head.push_back(printable_ends(metrics.labels[column].label, 12));
  table.add_row(head);
  for (std::size_t row = 0; row < metrics.confusion.rows(); ++row) {
    std::vector<std::string> cells{printable_ends(metrics.labels[row].label, 20)};
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint64_t count = metrics.confusion.count(row, column);
      cells.push_back(count == 0 ? "·" : std::to_string(count));
    }
    table.add_row(cells);
  }
  return table.text(2);
}

std::string largest_confusions(const Metrics& metrics) {
  const std::vector<ConfusionCell> confusions = metrics.confusion.largest_confusions();
  Table table({Align::right, Align::left, Align::left, Align::left});
  for (std::size_t i = 0; i < std::min(confusions.size(), kConfusionsShown); ++i) {
    const auto& [truth, predicted, count] = confusions[i];
    table.add_row(
        {std::to_string(count), shown(metrics.labels[truth].label), "→", shown(metrics.labels[predicted].label)});
  }
  return "largest confusions (truth → predicted)\n" + table.text(2);
}

}  // namespace

std::string to_text(const Evaluation& evaluation) {
  const Metrics& metrics = evaluation.metrics;
  const bool matrix_fits = metrics.labels.size() <= kLargestMatrix;
  const std::vector<const LabelMetrics*> unknown = unknown_by_support(metrics);
  const std::string head = headline(evaluation) + unknown_labels(unknown) + "\n";
  const std::string labels = label_table(metrics, unknown);
  if (metrics.correct == metrics.n) return head + labels;
  return matrix_fits ? head + labels + "\n" + confusion_matrix(metrics)
                     : head + largest_confusions(metrics) + "\n" + labels;
}

}  // namespace textlambda::report
