#include "textlambda/replay/difference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/json/pointer.h"
#include "textlambda/json/span.h"
#include "textlambda/text/utf8.h"

namespace textlambda::replay {
namespace {

using Json = nlohmann::json;

// Comparing and dump() call themselves for each level.
constexpr std::size_t kMaxDepth = 500;
// JSON in a string in JSON in a string …
constexpr std::size_t kMaxDecodings = 4;
constexpr std::size_t kShownBytes = 1000;

std::string shown_value(const Json& value) {
  std::string text = json::compact(value);
  if (text.size() <= kShownBytes) return text;
  return std::string(text::utf8_front(text, kShownBytes)) + "…";
}

std::optional<Json> parse(std::string_view text) {
  Json value;
  if (!json::parse(text, kMaxDepth, value)) return std::nullopt;
  return value;
}

std::optional<Json> parse_container(std::string_view text) {
  const std::size_t begin = json::skip_space(text, 0);
  if (begin == text.size() || (text[begin] != '{' && text[begin] != '[')) return std::nullopt;
  return parse(text);
}

// What a string holds, where that is an object or array.
std::optional<Json> decoded(const std::string& text) {
  if (std::optional<Json> plain = parse_container(text)) return plain;
  std::string bytes;
  if (!encoding::decode_base64(text, bytes).empty()) return std::nullopt;
  return parse_container(bytes);
}

// Whether `pattern` leads to a place at or above `path`, beginning at the path's token `begin`.
bool covers(const json::Pointer& pattern, const json::Pointer& path, std::size_t begin) {
  if (pattern.size() > path.size() - begin) return false;
  return std::equal(
      pattern.begin(), pattern.end(), path.begin() + static_cast<std::ptrdiff_t>(begin),
      [](const std::string& wanted, const std::string& token) { return wanted == "*" || wanted == token; });
}

class Comparer {
 public:
  Comparer(double tolerance, const std::vector<json::Pointer>& ignored, std::vector<Difference>& found)
      : tolerance_(tolerance), ignored_(ignored), found_(found) {}

  void compare(const Json& expected, const Json& actual) {
    if (full() || is_ignored()) return;
    if (expected.is_object() && actual.is_object()) return compare_members(expected, actual);
    if (expected.is_array() && actual.is_array()) return compare_elements(expected, actual);
    if (expected.is_number() && actual.is_number()) {
      if (!numbers_agree(expected, actual)) add(&expected, &actual);
      return;
    }
    if (expected == actual) return;
    if (expected.is_string() && actual.is_string() && compare_decoded(expected, actual)) return;
    add(&expected, &actual);
  }

 private:
  bool full() const { return of_answers_ >= Comparison::kMaxDifferences; }

  bool is_ignored() const {
    return std::any_of(ignored_.begin(), ignored_.end(), [&](const json::Pointer& pattern) {
      return std::any_of(answers_.begin(), answers_.end(),
                         [&](std::size_t begin) { return covers(pattern, path_, begin); });
    });
  }

  void add(const Json* expected, const Json* actual) {
    if (full() || is_ignored()) return;
    Difference difference;
    difference.path = json::spelled(path_);
    if (expected != nullptr) difference.expected = shown_value(*expected);
    if (actual != nullptr) difference.actual = shown_value(*actual);
    // A long batch names the model in each of its elements: that must not hide what comes behind.
    std::size_t& alike = about(difference) == About::answer ? of_answers_ : of_models_;
    if (alike < Comparison::kMaxDifferences) found_.push_back(std::move(difference));
    ++alike;
  }

  // What is visited is an answer of its own.
  template <typename Visit>
  void within_answer(Visit&& visit) {
    answers_.push_back(path_.size());
    visit();
    answers_.pop_back();
  }

  template <typename Visit>
  void at(std::string token, Visit&& visit) {
    path_.push_back(std::move(token));
    visit();
    path_.pop_back();
  }

  void compare_members(const Json& expected, const Json& actual) {
    for (const auto& [key, value] : expected.items()) {
      const auto other = actual.find(key);
      at(key, [&, &wanted = value] { other == actual.end() ? add(&wanted, nullptr) : compare(wanted, *other); });
    }
    for (const auto& [key, value] : actual.items()) {
      if (expected.contains(key)) continue;
      at(key, [&, &extra = value] { add(nullptr, &extra); });
    }
  }

  void compare_elements(const Json& expected, const Json& actual) {
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()) && !full(); ++i) {
      at(std::to_string(i), [&] {
        if (i >= actual.size()) return add(&expected[i], nullptr);
        if (i >= expected.size()) return add(nullptr, &actual[i]);
        within_answer([&] { compare(expected[i], actual[i]); });
      });
    }
  }

  bool numbers_agree(const Json& expected, const Json& actual) const {
    if (expected == actual) return true;
    if (tolerance_ == 0) return false;
    const double a = expected.get<double>();
    const double b = actual.get<double>();
    // 0.51 and 0.53 are 0.02 apart, give or take what their last bits cannot say.
    return std::abs(a - b) <= tolerance_ + 1e-12 * std::max(std::abs(a), std::abs(b));
  }

  bool compare_decoded(const Json& expected, const Json& actual) {
    if (decodings_ == kMaxDecodings) return false;
    const std::optional<Json> wanted = decoded(expected.get_ref<const std::string&>());
    if (!wanted) return false;
    const std::optional<Json> got = decoded(actual.get_ref<const std::string&>());
    if (!got) return false;
    ++decodings_;
    within_answer([&] { compare(*wanted, *got); });
    --decodings_;
    return true;
  }

  double tolerance_;
  const std::vector<json::Pointer>& ignored_;
  std::vector<Difference>& found_;
  std::size_t of_answers_ = 0;
  std::size_t of_models_ = 0;
  json::Pointer path_;
  // Where in the path answers begin: the whole, elements of lists, what strings hold.
  std::vector<std::size_t> answers_ = {0};
  std::size_t decodings_ = 0;
};

// What cannot be parsed is compared, and shown, as the text it is.
Json parsed_or_text(std::string_view text) {
  if (std::optional<Json> value = parse(text)) return std::move(*value);
  return std::string(text);
}

// "9b2f01d4c3a85e67", quoted.
bool is_model_id(std::string_view json) {
  constexpr std::size_t kQuoted = 18;
  return json.size() == kQuoted && json.front() == '"' && json.back() == '"' &&
         std::all_of(json.begin() + 1, json.end() - 1,
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_figure(std::string_view json) {
  return !json.empty() && ((json.front() >= '0' && json.front() <= '9') || json.front() == '-');
}

}  // namespace

About about(const Difference& difference) {
  const std::string_view name = std::string_view(difference.path).substr(difference.path.rfind('/') + 1);
  const bool ids = is_model_id(difference.expected) && is_model_id(difference.actual);
  if ((name == "model" || name == "id") && ids) return About::model_id;
  const bool figures = is_figure(difference.expected) && is_figure(difference.actual);
  const bool of_training = name == "training_loss" || name == "training_accuracy" || name == "features";
  return of_training && figures ? About::model_figures : About::answer;
}

std::string option_fault(const ComparisonOptions& options) {
  if (!(options.tolerance >= 0) || std::isinf(options.tolerance)) {
    return fmt::format("tolerance: {} given, expected a number of 0 or more", options.tolerance);
  }
  for (const std::string& pointer : options.ignored) {
    if (pointer.empty()) return "ignore: \"\" would ignore everything";
    if (const std::string fault = json::pointer_fault(pointer); !fault.empty()) {
      return fmt::format("ignore: \"{}\" {}", pointer, fault);
    }
  }
  return "";
}

Comparison::Comparison(const ComparisonOptions& options) : tolerance_(options.tolerance) {
  if (const std::string fault = option_fault(options); !fault.empty()) io::throw_usage(fault);
  for (const std::string& pointer : options.ignored) ignored_.push_back(json::parse_pointer(pointer));
}

std::vector<Difference> Comparison::differences(std::string_view expected, std::string_view actual) const {
  std::vector<Difference> found;
  if (expected == actual) return found;
  Comparer(tolerance_, ignored_, found).compare(parsed_or_text(expected), parsed_or_text(actual));
  return found;
}

}  // namespace textlambda::replay
