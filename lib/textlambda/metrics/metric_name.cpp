#include "textlambda/metrics/metric_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/text/edit_distance.h"

namespace textlambda::metrics {
namespace {

struct MeasureEntry {
  std::string_view name;
  std::string_view title;  // of a whole set
  Measure measure;
  double Metrics::*of_set = nullptr;                        // none: each label has its own
  double (*of_label)(const LabelMetrics& label) = nullptr;  // none: labels do not have it
  Unit unit = Unit::share;
  bool lower_is_better = false;
};

double label_precision(const LabelMetrics& label) { return label.precision(); }
double label_recall(const LabelMetrics& label) { return label.support == 0 ? kNotMeasured : label.recall(); }
double label_f1(const LabelMetrics& label) { return label.f1(); }
double label_auroc(const LabelMetrics& label) { return label.auroc; }
double label_average_precision(const LabelMetrics& label) { return label.average_precision; }

constexpr std::array kMeasures = {
    MeasureEntry{"accuracy", "accuracy", Measure::accuracy, &Metrics::accuracy},
    MeasureEntry{"balanced_accuracy", "balanced accuracy", Measure::balanced_accuracy, &Metrics::balanced_accuracy},
    MeasureEntry{"macro_precision", "macro precision", Measure::macro_precision, &Metrics::macro_precision},
    MeasureEntry{"macro_recall", "macro recall", Measure::macro_recall, &Metrics::macro_recall},
    MeasureEntry{"macro_f1", "macro F1", Measure::macro_f1, &Metrics::macro_f1},
    MeasureEntry{"micro_precision", "micro precision", Measure::micro_precision, &Metrics::micro_precision},
    MeasureEntry{"micro_recall", "micro recall", Measure::micro_recall, &Metrics::micro_recall},
    MeasureEntry{"micro_f1", "micro F1", Measure::micro_f1, &Metrics::micro_f1},
    MeasureEntry{"weighted_precision", "weighted precision", Measure::weighted_precision, &Metrics::weighted_precision},
    MeasureEntry{"weighted_recall", "weighted recall", Measure::weighted_recall, &Metrics::weighted_recall},
    MeasureEntry{"weighted_f1", "weighted F1", Measure::weighted_f1, &Metrics::weighted_f1},
    MeasureEntry{"log_loss", "log-loss", Measure::log_loss, &Metrics::log_loss, nullptr, Unit::plain, true},
    MeasureEntry{"brier", "Brier score", Measure::brier, &Metrics::brier, nullptr, Unit::plain, true},
    MeasureEntry{"ece", "expected calibration error", Measure::ece, &Metrics::ece, nullptr, Unit::share, true},
    MeasureEntry{"auroc", "macro AUROC", Measure::auroc, &Metrics::macro_auroc, label_auroc},
    MeasureEntry{"average_precision", "macro average precision", Measure::average_precision,
                 &Metrics::macro_average_precision, label_average_precision},
    MeasureEntry{"coverage", "coverage at the abstain threshold", Measure::coverage, &Metrics::coverage},
    MeasureEntry{"risk", "share wrong among the answered", Measure::risk, &Metrics::risk, nullptr, Unit::share, true},
    MeasureEntry{"precision", "", Measure::precision, nullptr, label_precision},
    MeasureEntry{"recall", "", Measure::recall, nullptr, label_recall},
    MeasureEntry{"f1", "", Measure::f1, nullptr, label_f1},
};
// Beyond any loss a model can make: one in e^1000 for the truth is not a float.
constexpr double kMostLoss = 1000;

constexpr MeasureEntry kTop{"top_k_accuracy", "top-k accuracy", Measure::top_k_accuracy};

bool needs_label(const MeasureEntry& entry) { return entry.of_label != nullptr && entry.of_set == nullptr; }

const MeasureEntry& entry_of(Measure measure) {
  const auto found = std::find_if(kMeasures.begin(), kMeasures.end(),
                                  [&](const MeasureEntry& entry) { return entry.measure == measure; });
  return found == kMeasures.end() ? kTop : *found;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text.substr(0, 60)) + "\""; }

[[noreturn]] void throw_unknown(std::string_view name) {
  std::string folded;
  for (const char byte : name.substr(0, 60)) {
    folded +=
        byte == '-' || byte == ' ' ? '_' : (byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte);
  }
  const MeasureEntry* best = nullptr;
  std::size_t distance = std::max<std::size_t>(2, folded.size() / 2) + 1;
  std::string all;
  for (const MeasureEntry& entry : kMeasures) {
    const std::size_t d = text::edit_distance(folded, entry.name);
    if (d < distance) {
      distance = d;
      best = &entry;
    }
    all += (all.empty() ? "" : ", ") + std::string(entry.name);
  }
  if (best != nullptr) {
    io::throw_usage(quoted(name) + " is no metric; did you mean " + std::string(best->name) +
                    (needs_label(*best) ? "[LABEL]?" : "?"));
  }
  io::throw_usage(quoted(name) + " is no metric; there are " + all + ", top_2_accuracy …");
}

// "top_3_accuracy" → 3.
std::optional<unsigned> top_k(std::string_view name) {
  constexpr std::string_view kBegin = "top_";
  constexpr std::string_view kEnd = "_accuracy";
  if (name.size() <= kBegin.size() + kEnd.size() || name.substr(0, kBegin.size()) != kBegin ||
      name.substr(name.size() - kEnd.size()) != kEnd) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size());
  unsigned k = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), k);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (k < 1 || k > kMostTop) {
    io::throw_usage(quoted(name) + ": expected a number from 1 to " + std::to_string(kMostTop));
  }
  return k;
}

void set_slice(std::string_view text, std::string_view bracket, MetricName& metric) {
  const std::size_t equals = bracket.find('=');
  // The value may be empty: rows that have nothing in the column are a slice too.
  if (equals == std::string_view::npos || equals == 0) {
    io::throw_usage(quoted(text) + ": expected a slice [COLUMN=VALUE]");
  }
  metric.column = bracket.substr(0, equals);
  metric.value = bracket.substr(equals + 1);
}

double parse_number(std::string_view option, std::string_view text, std::string_view digits,
                    std::string_view expected) {
  double number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number)) {
    io::throw_usage(std::string(option) + " " + std::string(text) + ": expected " + std::string(expected));
  }
  return number;
}

struct Amount {
  MetricName metric;
  bool share = true;
  double number = 0;
  std::string_view suffix;  // "pp", "%" or none
};

Amount parse_amount(std::string_view option, std::string_view text, std::string_view expected) {
  // A slice has an equals sign too, a label may have one: the last one counts.
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || text.find(']', equals) != std::string_view::npos) {
    io::throw_usage(std::string(option) + " " + std::string(text) + ": expected " + std::string(expected));
  }
  Amount amount;
  amount.metric = parse_metric(text.substr(0, equals));
  amount.share = unit_of(amount.metric.measure) == Unit::share;
  std::string_view digits = text.substr(equals + 1);
  for (const std::string_view suffix : {std::string_view("pp"), std::string_view("%")}) {
    if (digits.size() < suffix.size()) continue;
    const std::size_t at = digits.size() - suffix.size();
    if (digits.substr(at) != suffix) continue;
    amount.suffix = suffix;
    digits = digits.substr(0, at);
    while (!digits.empty() && digits.back() == ' ') digits.remove_suffix(1);
    break;
  }
  amount.number = parse_number(option, text, digits, expected);
  return amount;
}

const LabelMetrics& label_of(const Metrics& metrics, const std::string& name) {
  const auto found = std::find_if(metrics.labels.begin(), metrics.labels.end(),
                                  [&](const LabelMetrics& label) { return label.label == name; });
  if (found == metrics.labels.end()) {
    throw io::Error(io::ErrorKind::mismatch, "there is no label " + quoted(name) + " in model or test set");
  }
  return *found;
}

}  // namespace

MetricName parse_metric(std::string_view text) {
  const std::size_t open = text.find('[');
  const std::string_view name = text.substr(0, open);
  MetricName metric;
  const auto found =
      std::find_if(kMeasures.begin(), kMeasures.end(), [&](const MeasureEntry& entry) { return entry.name == name; });
  const MeasureEntry* entry = found == kMeasures.end() ? &kTop : &*found;
  if (found == kMeasures.end()) {
    const std::optional<unsigned> k = top_k(name);
    if (!k) throw_unknown(name);
    metric.k = *k;
  }
  metric.measure = entry->measure;
  std::string_view label;
  std::string_view slice;
  if (open != std::string_view::npos) {
    if (text.back() != ']' || open + 2 == text.size()) io::throw_usage(quoted(text) + ": expected METRIC[…]");
    const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
    const std::size_t between = inside.rfind("][");
    if (between != std::string_view::npos && inside.find('=', between) != std::string_view::npos) {
      label = inside.substr(0, between);
      slice = inside.substr(between + 2);
    } else if (needs_label(*entry) || (entry->of_label != nullptr && inside.find('=') == std::string_view::npos)) {
      label = inside;
    } else {
      slice = inside;
    }
  }
  if (needs_label(*entry) && label.empty()) {
    io::throw_usage(quoted(text) + ": expected a label, as in " + std::string(name) + "[spam], or macro_" +
                    std::string(name) + " for the mean over all");
  }
  if (entry->of_label == nullptr && !label.empty()) {
    io::throw_usage(quoted(text) + ": " + std::string(name) + " is not a label's, expected at most [COLUMN=VALUE]");
  }
  metric.label = label;
  if (!slice.empty()) set_slice(text, slice, metric);
  return metric;
}

std::string to_string(const MetricName& metric) {
  std::string text = metric.measure == Measure::top_k_accuracy ? "top_" + std::to_string(metric.k) + "_accuracy"
                                                               : std::string(entry_of(metric.measure).name);
  if (!metric.label.empty()) text += "[" + metric.label + "]";
  if (!metric.column.empty()) text += "[" + metric.column + "=" + metric.value + "]";
  return text;
}

MetricName metric_of_set(Measure measure, unsigned k) {
  MetricName metric;
  metric.measure = measure;
  metric.k = k;
  return metric;
}

const std::vector<Measure>& set_measures() {
  static const std::vector<Measure> kOfSet = [] {
    std::vector<Measure> measures;
    for (const MeasureEntry& entry : kMeasures) {
      if (entry.of_set != nullptr) measures.push_back(entry.measure);
    }
    return measures;
  }();
  return kOfSet;
}

std::string_view title_of(Measure measure) { return entry_of(measure).title; }
Unit unit_of(Measure measure) { return entry_of(measure).unit; }
bool lower_is_better(Measure measure) { return entry_of(measure).lower_is_better; }

double figure_of(const Metrics& metrics, const MetricName& metric) {
  if (metric.measure == Measure::top_k_accuracy) {
    // All labels are among the first K of K.
    return metrics.top_k_accuracy.empty()
               ? kNotMeasured
               : metrics.top_k_accuracy[std::min<std::size_t>(metric.k, metrics.top_k_accuracy.size()) - 1];
  }
  const MeasureEntry& entry = entry_of(metric.measure);
  if (!metric.label.empty()) {
    const LabelMetrics& label = label_of(metrics, metric.label);
    return entry.of_label == nullptr ? kNotMeasured : entry.of_label(label);
  }
  return entry.of_set == nullptr ? kNotMeasured : metrics.*entry.of_set;
}

std::uint64_t examples_of(const Metrics& metrics, const MetricName& metric) {
  if (metric.measure == Measure::recall) return label_of(metrics, metric.label).support;
  if (metric.measure == Measure::precision) return label_of(metrics, metric.label).predicted;
  return metrics.n;
}

MetricAmount parse_margin(std::string_view option, std::string_view text) {
  constexpr std::string_view kExpected = "METRIC=LOSS, as in accuracy=0.5pp or log_loss=0.01";
  const Amount given = parse_amount(option, text, kExpected);
  double amount = given.number;
  const std::string start = std::string(option) + " " + std::string(text) + ": ";
  if (given.metric.measure == Measure::risk) {
    io::throw_usage(start + "the examples of a risk are not the same in both runs, so that it can only have a --max");
  }
  if (given.suffix == "%") {
    io::throw_usage(start + "percent of what? expected percentage points, as in accuracy=0.5pp");
  }
  if (given.share && given.suffix.empty() && amount != 0) {
    io::throw_usage(start + "expected percentage points, as in " + to_string(given.metric) + "=0.5pp");
  }
  if (!given.share && !given.suffix.empty()) {
    io::throw_usage(start + to_string(given.metric) + " has no percentage points, expected a number as in " +
                    to_string(given.metric) + "=0.01");
  }
  if (given.share) amount /= 100;
  if (amount < 0 || std::signbit(amount)) io::throw_usage(start + "expected a loss of 0 or more");
  if (given.share && amount >= 1) io::throw_usage(start + "expected less than 100pp");
  if (amount > kMostLoss) io::throw_usage(start + "expected at most 1000");
  return {given.metric, amount};
}

MetricAmount parse_limit(std::string_view option, std::string_view text) {
  constexpr std::string_view kExpected = "METRIC=LEVEL, as in accuracy=0.92 or accuracy=92%";
  const Amount given = parse_amount(option, text, kExpected);
  double amount = given.number;
  const std::string start = std::string(option) + " " + std::string(text) + ": ";
  if (given.suffix == "pp") io::throw_usage(start + "a level has no points, expected " + std::string(kExpected));
  if (!given.share && !given.suffix.empty()) io::throw_usage(start + to_string(given.metric) + " is no percentage");
  if (given.suffix == "%") amount /= 100;
  if (given.share && !(amount >= 0 && amount <= 1)) {
    io::throw_usage(start + "expected a fraction from 0 to 1, or a percentage such as 92%");
  }
  return {given.metric, amount};
}

}  // namespace textlambda::metrics
