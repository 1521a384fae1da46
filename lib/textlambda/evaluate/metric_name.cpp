#include "textlambda/evaluate/metric_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/text/edit_distance.h"

namespace textlambda::evaluate {
namespace {

enum class OfLabel { no, may, must };

struct MeasureEntry {
  std::string_view name;
  Measure measure;
  Unit unit = Unit::share;
  bool lower_is_better = false;
  OfLabel label = OfLabel::no;
};

constexpr std::array kMeasures = {
    MeasureEntry{"accuracy", Measure::accuracy},
    MeasureEntry{"balanced_accuracy", Measure::balanced_accuracy},
    MeasureEntry{"macro_precision", Measure::macro_precision},
    MeasureEntry{"macro_recall", Measure::macro_recall},
    MeasureEntry{"macro_f1", Measure::macro_f1},
    MeasureEntry{"micro_precision", Measure::micro_precision},
    MeasureEntry{"micro_recall", Measure::micro_recall},
    MeasureEntry{"micro_f1", Measure::micro_f1},
    MeasureEntry{"weighted_precision", Measure::weighted_precision},
    MeasureEntry{"weighted_recall", Measure::weighted_recall},
    MeasureEntry{"weighted_f1", Measure::weighted_f1},
    MeasureEntry{"log_loss", Measure::log_loss, Unit::plain, true},
    MeasureEntry{"brier", Measure::brier, Unit::plain, true},
    MeasureEntry{"ece", Measure::ece, Unit::share, true},
    MeasureEntry{"auroc", Measure::auroc, Unit::share, false, OfLabel::may},
    MeasureEntry{"average_precision", Measure::average_precision, Unit::share, false, OfLabel::may},
    MeasureEntry{"coverage", Measure::coverage},
    MeasureEntry{"risk", Measure::risk, Unit::share, true},
    MeasureEntry{"precision", Measure::precision, Unit::share, false, OfLabel::must},
    MeasureEntry{"recall", Measure::recall, Unit::share, false, OfLabel::must},
    MeasureEntry{"f1", Measure::f1, Unit::share, false, OfLabel::must},
};
// Beyond any loss a model can make: one in e^1000 for the truth is not a float.
constexpr double kMostLoss = 1000;

constexpr MeasureEntry kTop{"top_k_accuracy", Measure::top_k_accuracy};

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
    const bool of_label = best->label == OfLabel::must;
    io::throw_usage(quoted(name) + " is no metric; did you mean " + std::string(best->name) +
                    (of_label ? "[LABEL]?" : "?"));
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
  std::string_view digits;
  std::string_view suffix;  // "pp", "%" or none
};

Amount split_amount(std::string_view option, std::string_view text, std::string_view expected) {
  // A slice has an equals sign too, a label may have one: the last one counts.
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || text.find(']', equals) != std::string_view::npos) {
    io::throw_usage(std::string(option) + " " + std::string(text) + ": expected " + std::string(expected));
  }
  Amount amount;
  amount.metric = parse_metric(text.substr(0, equals));
  amount.digits = text.substr(equals + 1);
  for (const std::string_view suffix : {std::string_view("pp"), std::string_view("%")}) {
    if (amount.digits.size() < suffix.size()) continue;
    const std::size_t at = amount.digits.size() - suffix.size();
    if (amount.digits.substr(at) != suffix) continue;
    amount.suffix = suffix;
    amount.digits = amount.digits.substr(0, at);
    while (!amount.digits.empty() && amount.digits.back() == ' ') amount.digits.remove_suffix(1);
    break;
  }
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

double label_figure(const LabelMetrics& label, Measure measure) {
  switch (measure) {
    case Measure::precision:
      return label.precision();
    case Measure::recall:
      return label.support == 0 ? kNotMeasured : label.recall();
    case Measure::f1:
      return label.f1();
    case Measure::auroc:
      return label.auroc;
    default:
      return label.average_precision;
  }
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
    } else if (entry->label == OfLabel::must ||
               (entry->label == OfLabel::may && inside.find('=') == std::string_view::npos)) {
      label = inside;
    } else {
      slice = inside;
    }
  }
  if (entry->label == OfLabel::must && label.empty()) {
    io::throw_usage(quoted(text) + ": expected a label, as in " + std::string(name) + "[spam], or macro_" +
                    std::string(name) + " for the mean over all");
  }
  if (entry->label == OfLabel::no && !label.empty()) {
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

Unit unit_of(Measure measure) { return entry_of(measure).unit; }
bool lower_is_better(Measure measure) { return entry_of(measure).lower_is_better; }

double figure_of(const Metrics& metrics, const MetricName& metric) {
  if (!metric.label.empty()) return label_figure(label_of(metrics, metric.label), metric.measure);
  switch (metric.measure) {
    case Measure::accuracy:
      return metrics.accuracy;
    case Measure::balanced_accuracy:
      return metrics.balanced_accuracy;
    case Measure::macro_precision:
      return metrics.macro_precision;
    case Measure::macro_recall:
      return metrics.macro_recall;
    case Measure::macro_f1:
      return metrics.macro_f1;
    case Measure::micro_precision:
      return metrics.micro_precision;
    case Measure::micro_recall:
      return metrics.micro_recall;
    case Measure::micro_f1:
      return metrics.micro_f1;
    case Measure::weighted_precision:
      return metrics.weighted_precision;
    case Measure::weighted_recall:
      return metrics.weighted_recall;
    case Measure::weighted_f1:
      return metrics.weighted_f1;
    case Measure::log_loss:
      return metrics.log_loss;
    case Measure::brier:
      return metrics.brier;
    case Measure::ece:
      return metrics.ece;
    case Measure::auroc:
      return metrics.macro_auroc;
    case Measure::average_precision:
      return metrics.macro_average_precision;
    case Measure::top_k_accuracy:
      // All labels are among the first K of K.
      return metrics.top_k_accuracy.empty()
                 ? kNotMeasured
                 : metrics.top_k_accuracy[std::min<std::size_t>(metric.k, metrics.top_k_accuracy.size()) - 1];
    case Measure::coverage:
      return metrics.coverage;
    case Measure::risk:
      return metrics.risk;
    case Measure::precision:
    case Measure::recall:
    case Measure::f1:
      break;
  }
  return kNotMeasured;
}

std::uint64_t examples_of(const Metrics& metrics, const MetricName& metric) {
  if (metric.measure == Measure::recall) return label_of(metrics, metric.label).support;
  if (metric.measure == Measure::precision) return label_of(metrics, metric.label).predicted;
  return metrics.n;
}

MetricAmount parse_margin(std::string_view option, std::string_view text) {
  constexpr std::string_view kExpected = "METRIC=LOSS, as in accuracy=0.5pp or log_loss=0.01";
  const Amount parts = split_amount(option, text, kExpected);
  const bool share = unit_of(parts.metric.measure) == Unit::share;
  double amount = parse_number(option, text, parts.digits, kExpected);
  const std::string start = std::string(option) + " " + std::string(text) + ": ";
  if (parts.metric.measure == Measure::risk) {
    io::throw_usage(start + "the examples of a risk are not the same in both runs, so that it can only have a --max");
  }
  if (parts.suffix == "%") {
    io::throw_usage(start + "percent of what? expected percentage points, as in accuracy=0.5pp");
  }
  if (share && parts.suffix.empty() && amount != 0) {
    io::throw_usage(start + "expected percentage points, as in " + to_string(parts.metric) + "=0.5pp");
  }
  if (!share && !parts.suffix.empty()) {
    io::throw_usage(start + to_string(parts.metric) + " has no percentage points, expected a number as in " +
                    to_string(parts.metric) + "=0.01");
  }
  if (share) amount /= 100;
  if (amount < 0 || std::signbit(amount)) io::throw_usage(start + "expected a loss of 0 or more");
  if (share && amount >= 1) io::throw_usage(start + "expected less than 100pp");
  if (amount > kMostLoss) io::throw_usage(start + "expected at most 1000");
  return {parts.metric, amount};
}

MetricAmount parse_limit(std::string_view option, std::string_view text) {
  constexpr std::string_view kExpected = "METRIC=LEVEL, as in accuracy=0.92 or accuracy=92%";
  const Amount parts = split_amount(option, text, kExpected);
  const bool share = unit_of(parts.metric.measure) == Unit::share;
  double amount = parse_number(option, text, parts.digits, kExpected);
  const std::string start = std::string(option) + " " + std::string(text) + ": ";
  if (parts.suffix == "pp") io::throw_usage(start + "a level has no points, expected " + std::string(kExpected));
  if (!share && !parts.suffix.empty()) io::throw_usage(start + to_string(parts.metric) + " is no percentage");
  if (parts.suffix == "%") amount /= 100;
  if (share && !(amount >= 0 && amount <= 1)) {
    io::throw_usage(start + "expected a fraction from 0 to 1, or a percentage such as 92%");
  }
  return {parts.metric, amount};
}

}  // namespace textlambda::evaluate
