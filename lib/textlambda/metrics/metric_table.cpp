#include "textlambda/metrics/metric_table.h"

#include <algorithm>
#include <array>

namespace textlambda::metrics {
namespace {

// A member of Metrics, of LabelAverages or of LabelMetrics, and a function of LabelCounts, as the table takes them.
template <auto kMember>
double of_set(const Metrics& metrics, unsigned /*k*/) {
  return metrics.*kMember;
}
template <auto kMember>
double of_label(const LabelMetrics& label) {
  return label.*kMember;
}
template <double (LabelCounts::*kFigure)() const>
double label_figure(const LabelMetrics& label) {
  const LabelCounts& counts = label;
  return (counts.*kFigure)();
}
template <double LabelAverages::*kAverage>
double average(const LabelAverages& averages, const LabelCounts& /*label*/) {
  return averages.*kAverage;
}
template <double (LabelCounts::*kFigure)() const>
double count_figure(const LabelAverages& /*averages*/, const LabelCounts& label) {
  return (label.*kFigure)();
}

bool is_correct(const JudgedRow& row, unsigned /*k*/) { return row.correct(); }
bool is_answered(const JudgedRow& row, unsigned /*k*/) { return !row.abstained; }
bool is_among_top(const JudgedRow& row, unsigned k) { return row.rank < k; }
double log_loss_term(const JudgedRow& row) { return -static_cast<double>(row.log_p_truth); }
double brier_term(const JudgedRow& row) { return static_cast<double>(row.squared_distance); }
std::uint64_t answered(const Metrics& metrics) { return metrics.n - metrics.abstained; }
std::size_t top_count(const Metrics& metrics) { return metrics.top_k_accuracy.size(); }
double top_accuracy(const Metrics& metrics, unsigned k) {
  // All labels are among the first K of K.
  const std::vector<double>& top = metrics.top_k_accuracy;
  return top.empty() ? kNotMeasured : top[std::min<std::size_t>(k, top.size()) - 1];
}

constexpr std::array kTable = {
    Measure{.name = "accuracy",
            .title = "accuracy",
            .kind = ShareOfRight(is_correct),
            .of_set = of_set<&Metrics::accuracy>,
            .in_changes = true,
            .place_on_page = 10},
    Measure{.name = "balanced_accuracy",
            .title = "balanced accuracy",
            .kind = FigureOfCounts(average<&LabelAverages::balanced_accuracy>),
            .of_set = of_set<&Metrics::balanced_accuracy>,
            .in_changes = true,
            .place_on_page = 20},
    Measure{.name = "mcc",
            .title = "Matthews correlation",
            .kind = FigureOfCounts(average<&LabelAverages::mcc>),
            .unit = Unit::plain,
            .of_set = of_set<&Metrics::mcc>,
            .place_on_page = 25},
    Measure{.name = "macro_precision",
            .title = "macro precision",
            .kind = FigureOfCounts(average<&LabelAverages::macro_precision>),
            .of_set = of_set<&Metrics::macro_precision>,
            .in_changes = true,
            .place_on_page = 40},
    Measure{.name = "macro_recall",
            .title = "macro recall",
            .kind = FigureOfCounts(average<&LabelAverages::macro_recall>),
            .of_set = of_set<&Metrics::macro_recall>,
            .in_changes = true,
            .place_on_page = 50},
    Measure{.name = "macro_f1",
            .title = "macro F1",
            .kind = FigureOfCounts(average<&LabelAverages::macro_f1>),
            .of_set = of_set<&Metrics::macro_f1>,
            .in_changes = true,
            .place_on_page = 30},
    Measure{.name = "micro_precision",
            .title = "micro precision",
            .kind = ShareOfRight(is_correct),
            .of_set = of_set<&Metrics::micro_precision>,
            .same_as_accuracy = true},
    Measure{.name = "micro_recall",
            .title = "micro recall",
            .kind = ShareOfRight(is_correct),
            .of_set = of_set<&Metrics::micro_recall>,
            .same_as_accuracy = true},
    Measure{.name = "micro_f1",
            .title = "micro F1",
            .kind = ShareOfRight(is_correct),
            .of_set = of_set<&Metrics::micro_f1>,
            .same_as_accuracy = true},
    Measure{.name = "weighted_precision",
            .title = "weighted precision",
            .kind = FigureOfCounts(average<&LabelAverages::weighted_precision>),
            .of_set = of_set<&Metrics::weighted_precision>},
    Measure{.name = "weighted_recall",
            .title = "weighted recall",
            .kind = ShareOfRight(is_correct),
            .of_set = of_set<&Metrics::weighted_recall>,
            .same_as_accuracy = true},
    Measure{.name = "weighted_f1",
            .title = "weighted F1",
            .kind = FigureOfCounts(average<&LabelAverages::weighted_f1>),
            .of_set = of_set<&Metrics::weighted_f1>,
            .in_changes = true,
            .place_on_page = 60},
    Measure{.name = "log_loss",
            .title = "log-loss",
            .kind = MeanOfTerms(log_loss_term),
            .unit = Unit::plain,
            .lower_is_better = true,
            .of_set = of_set<&Metrics::log_loss>,
            .in_changes = true,
            .place_on_page = 70},
    Measure{.name = "brier",
            .title = "Brier score",
            .kind = MeanOfTerms(brier_term),
            .unit = Unit::plain,
            .lower_is_better = true,
            .of_set = of_set<&Metrics::brier>,
            .in_changes = true,
            .place_on_page = 80},
    Measure{.name = "ece",
            .title = "expected calibration error",
            .kind = CalibrationFigure(),
            .lower_is_better = true,
            .of_set = of_set<&Metrics::ece>,
            .in_changes = true,
            .place_on_page = 90},
    Measure{.name = "auroc",
            .title = "macro AUROC",
            .kind = RankingFigure(&stats::RankingQuality::auroc),
            .of_set = of_set<&Metrics::macro_auroc>,
            .of_label = of_label<&LabelMetrics::auroc>,
            .in_changes = true,
            .place_on_page = 100},
    Measure{.name = "average_precision",
            .title = "macro average precision",
            .kind = RankingFigure(&stats::RankingQuality::average_precision),
            .of_set = of_set<&Metrics::macro_average_precision>,
            .of_label = of_label<&LabelMetrics::average_precision>,
            .in_changes = true,
            .place_on_page = 110},
    Measure{.name = "coverage",
            .title = "coverage at the abstain threshold",
            .kind = ShareOfRight(is_answered),
            .of_set = of_set<&Metrics::coverage>,
            .place_on_page = 120},
    Measure{.name = "risk",
            .title = "share wrong among the answered",
            .kind = UnpairedShare(answered),
            .lower_is_better = true,
            .of_set = of_set<&Metrics::risk>,
            .place_on_page = 130},
    Measure{.name = "precision",
            .title = "",
            .kind = FigureOfCounts(count_figure<&LabelCounts::precision>),
            .of_label = label_figure<&LabelCounts::precision>,
            .label_examples = &LabelCounts::predicted},
    Measure{.name = "recall",
            .title = "",
            .kind = ShareOfRight(is_correct),
            .of_label = label_figure<&LabelCounts::recall>,
            .label_examples = &LabelCounts::support},
    Measure{.name = "f1",
            .title = "",
            .kind = FigureOfCounts(count_figure<&LabelCounts::f1>),
            .of_label = label_figure<&LabelCounts::f1>},
    Measure{.name = "top_k_accuracy",
            .title = "top-k accuracy",
            .kind = ShareOfRight(is_among_top),
            .of_set = top_accuracy,
            .most_k = top_count,
            .place_on_page = 140},
};

}  // namespace

bool Measure::has_quick_test() const {
  return std::visit(ByKind{[](const ShareOfRight&) { return true; }, [](const MeanOfTerms&) { return true; },
                           [](const FigureOfCounts&) { return false; }, [](const CalibrationFigure&) { return false; },
                           [](const RankingFigure&) { return false; }, [](const UnpairedShare&) { return false; }},
                    kind);
}

std::span<const Measure> metric_table() { return kTable; }

const Measure* find_measure(std::string_view name) {
  const auto found =
      std::find_if(kTable.begin(), kTable.end(), [&](const Measure& measure) { return measure.name == name; });
  return found == kTable.end() ? nullptr : &*found;
}

const Measure& accuracy_measure() { return kTable.front(); }

std::string with_k(std::string_view text, const Measure& measure, unsigned k) {
  std::string result(text);
  if (!measure.has_k()) return result;
  for (const std::string_view place : {std::string_view("_k_"), std::string_view("-k ")}) {
    const std::size_t at = result.find(place);
    if (at != std::string::npos) result.replace(at + 1, 1, std::to_string(k));
  }
  return result;
}

}  // namespace textlambda::metrics
