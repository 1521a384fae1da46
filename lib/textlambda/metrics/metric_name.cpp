#include "textlambda/metrics/metric_name.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <variant>

#include "textlambda/io/error.h"
#include "textlambda/text/edit_distance.h"

namespace textlambda::metrics {
namespace {

// Beyond any loss a model can make: one in e^1000 for the truth is not a float.
constexpr double kMostLoss = 1000;

std::string quoted(std::string_view text) { return "\"" + std::string(text.substr(0, 60)) + "\""; }

[[noreturn]] void throw_unknown(std::string_view name) {
  std::string folded;
  for (const char byte : name.substr(0, 60)) {
    folded +=
        byte == '-' || byte == ' ' ? '_' : (byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte);
  }
  const Measure* best = nullptr;
  std::size_t distance = std::max<std::size_t>(2, folded.size() / 2) + 1;
  std::string all;
  for (const Measure& measure : metric_table()) {
    if (measure.has_k()) {
      all += ", " + with_k(measure.name, measure, 2) + " …";
      continue;
    }
    const std::size_t d = text::edit_distance(folded, measure.name);
    if (d < distance) {
      distance = d;
      best = &measure;
    }
    all += (all.empty() ? "" : ", ") + std::string(measure.name);
  }
  if (best != nullptr) {
    io::throw_usage(quoted(name) + " is no metric; did you mean " + std::string(best->name) +
                    (best->needs_label() ? "[LABEL]?" : "?"));
  }
  io::throw_usage(quoted(name) + " is no metric; there are " + all);
}

// "top_3_accuracy" of "top_k_accuracy" → 3.
std::optional<unsigned> k_of(std::string_view name, const Measure& measure) {
  const std::size_t at = measure.name.find("_k_") + 1;
  const std::string_view begin = measure.name.substr(0, at);
  const std::string_view end = measure.name.substr(at + 1);
  if (name.size() <= begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end)) return std::nullopt;
  const std::string_view digits = name.substr(at, name.size() - begin.size() - end.size());
  unsigned k = 0;
  const auto [rest, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), k);
  if (fault != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  if (k < 1 || k > kMostTop) {
    io::throw_usage(quoted(name) + ": expected a number from 1 to " + std::to_string(kMostTop));
  }
  return k;
}

// Sets measure and k.
void set_measure(std::string_view name, MetricName& metric) {
  for (const Measure& measure : metric_table()) {
    if (measure.has_k()) {
      const std::optional<unsigned> k = k_of(name, measure);
      if (!k) continue;
      metric.k = *k;
    } else if (measure.name != name) {
      continue;
    }
    metric.measure = &measure;
    return;
  }
  throw_unknown(name);
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
  amount.share = amount.metric.measure->unit == Unit::share;
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
  set_measure(name, metric);
  const Measure& measure = *metric.measure;
  std::string_view label;
  std::string_view slice;
  if (open != std::string_view::npos) {
    if (text.back() != ']' || open + 2 == text.size()) io::throw_usage(quoted(text) + ": expected METRIC[…]");
    const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
    const std::size_t between = inside.rfind("][");
    if (between != std::string_view::npos && inside.find('=', between) != std::string_view::npos) {
      label = inside.substr(0, between);
      slice = inside.substr(between + 2);
    } else if (measure.needs_label() || (measure.of_label != nullptr && inside.find('=') == std::string_view::npos)) {
      label = inside;
    } else {
      slice = inside;
    }
  }
  if (measure.needs_label() && label.empty()) {
    io::throw_usage(quoted(text) + ": expected a label, as in " + std::string(name) + "[spam], or macro_" +
                    std::string(name) + " for the mean over all");
  }
  if (measure.of_label == nullptr && !label.empty()) {
    io::throw_usage(quoted(text) + ": " + std::string(name) + " is not a label's, expected at most [COLUMN=VALUE]");
  }
  metric.label = label;
  if (!slice.empty()) set_slice(text, slice, metric);
  return metric;
}

std::string to_string(const MetricName& metric) {
  std::string text = with_k(metric.measure->name, *metric.measure, metric.k);
  if (!metric.label.empty()) text += "[" + metric.label + "]";
  if (!metric.column.empty()) text += "[" + metric.column + "=" + metric.value + "]";
  return text;
}

MetricName metric_of_set(const Measure& measure, unsigned k) {
  MetricName metric;
  metric.measure = &measure;
  metric.k = k;
  return metric;
}

std::string title_of(const MetricName& metric) { return with_k(metric.measure->title, *metric.measure, metric.k); }

double figure_of(const Metrics& metrics, const MetricName& metric) {
  const Measure& measure = *metric.measure;
  if (metric.label.empty()) return measure.of_set == nullptr ? kNotMeasured : measure.of_set(metrics, metric.k);
  const LabelMetrics& label = label_of(metrics, metric.label);
  // A share of no examples is none.
  const bool is_empty_share = std::holds_alternative<ShareOfRight>(measure.kind) && examples_of(metrics, metric) == 0;
  return measure.of_label == nullptr || is_empty_share ? kNotMeasured : measure.of_label(label);
}

std::uint64_t examples_of(const Metrics& metrics, const MetricName& metric) {
  const std::uint64_t LabelCounts::*const examples = metric.measure->label_examples;
  return examples == nullptr ? metrics.n : label_of(metrics, metric.label).*examples;
}

MetricAmount parse_margin(std::string_view option, std::string_view text) {
  constexpr std::string_view kExpected = "METRIC=LOSS, as in accuracy=0.5pp or log_loss=0.01";
  const Amount given = parse_amount(option, text, kExpected);
  double amount = given.number;
  const std::string start = std::string(option) + " " + std::string(text) + ": ";
  if (std::holds_alternative<UnpairedShare>(given.metric.measure->kind)) {
    io::throw_usage(start + "the examples of a " + std::string(given.metric.measure->name) +
                    " are not the same in both runs, so that it can only have a --max");
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
