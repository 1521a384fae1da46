#include "textlambda/corpus/column_choice.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

// In order of preference. Lower case, without '_', '-', '.' and blanks.
constexpr std::array kTextNames = std::to_array<std::string_view>(
    {"text",        "message", "body",      "content",  "contents",  "review",   "reviewtext", "sentence",
     "comment",     "tweet",   "utterance", "document", "doc",       "post",     "question",   "query",
     "prompt",      "input",   "sms",       "email",    "mail",      "article",  "passage",    "snippet",
     "description", "summary", "abstract",  "phrase",   "statement", "feedback", "title",      "headline",
     "subject",     "name",    "data",      "文本",     "内容",      "评论",     "句子",       "正文"});
constexpr std::array kLabelNames = std::to_array<std::string_view>(
    {"label",     "labels", "category", "categories", "class",      "classname", "target",     "intent",
     "sentiment", "topic",  "tag",      "queue",      "emotion",    "polarity",  "genre",      "rating",
     "ratings",   "stars",  "star",     "overall",    "score",      "output",    "completion", "answer",
     "type",      "kind",   "group",    "section",    "department", "lang",      "language",   "gold",
     "y",         "标签",   "类别",     "分类",       "情感"});

std::string normalised(std::string_view name) {
  std::string result;
  for (const char byte : text::trimmed(name)) {
    if (byte == '_' || byte == '-' || byte == '.' || byte == ' ') continue;
    result += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  return result;
}

// "airline_sentiment" → "sentiment".
std::string_view last_word(std::string_view name) {
  const std::size_t separator = name.find_last_of("_-./");
  return separator == std::string_view::npos ? name : name.substr(separator + 1);
}

template <std::size_t Size>
std::size_t rank(std::string_view name, const std::array<std::string_view, Size>& names) {
  const auto found = std::find(names.begin(), names.end(), normalised(name));
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  // A compound name counts, but less than any plain one.
  const auto word = std::find(names.begin(), names.end(), normalised(last_word(name)));
  return word != names.end() ? Size + static_cast<std::size_t>(word - names.begin()) : kNoColumn;
}

template <std::size_t Size>
std::size_t best_named(const std::vector<ColumnProfile>& columns, const std::array<std::string_view, Size>& names,
                       std::size_t taken) {
  std::size_t best = kNoColumn;
  std::size_t best_rank = kNoColumn;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const std::size_t its_rank = rank(columns[index].name(), names);
    if (index == taken || its_rank >= best_rank) continue;
    best = index;
    best_rank = its_rank;
  }
  return best;
}

std::vector<std::size_t> filled_columns(const std::vector<ColumnProfile>& columns) {
  std::vector<std::size_t> filled;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (columns[index].filled() > 0) filled.push_back(index);
  }
  return filled;
}

// "2024-02-29", "29.02.2024 12:30:00", "https://…".
bool is_date_or_link(std::string_view value) {
  if (value.starts_with("http://") || value.starts_with("https://")) return true;
  if (value.size() < 8 || value.size() > 35 || value.front() < '0' || value.front() > '9') return false;
  if (value.find_first_not_of("0123456789-/.:+ TZ") != std::string_view::npos) return false;
  return std::count_if(value.begin(), value.end(),
                       [](char byte) { return byte == '-' || byte == '/' || byte == '.' || byte == ':'; }) >= 2;
}

// Of two columns the one with fewer distinct values is the label; where both have as many, the shorter.
std::optional<ColumnChoice> compare_two(const std::vector<ColumnProfile>& columns, std::size_t a, std::size_t b) {
  const ColumnProfile& first = columns[a];
  const ColumnProfile& second = columns[b];
  if (first.cannot_be_labels() != second.cannot_be_labels()) {
    const ColumnChoice choice = first.cannot_be_labels() ? ColumnChoice{a, b} : ColumnChoice{b, a};
    const ColumnProfile& text = columns[choice.text];
    const bool plausible = !text.constant() && 2 * text.mean_length() >= columns[choice.label].mean_length();
    return plausible ? std::optional(choice) : std::nullopt;
  }
  if (first.cannot_be_labels()) return std::nullopt;
  if (first.looks_like_labels() != second.looks_like_labels()) {
    return first.looks_like_labels() ? ColumnChoice{b, a} : ColumnChoice{a, b};
  }
  if (first.distinct() != second.distinct()) {
    return first.distinct() < second.distinct() ? ColumnChoice{b, a} : ColumnChoice{a, b};
  }
  if (first.mean_length() == second.mean_length()) return std::nullopt;
  return first.mean_length() < second.mean_length() ? ColumnChoice{b, a} : ColumnChoice{a, b};
}

// Among many: the only column that looks like labels, and the column at least twice as long as any other.
std::optional<ColumnChoice> compare_many(const std::vector<ColumnProfile>& columns,
                                         const std::vector<std::size_t>& filled) {
  ColumnChoice choice;
  for (const std::size_t index : filled) {
    if (!columns[index].looks_like_labels()) continue;
    if (choice.label != kNoColumn) return std::nullopt;
    choice.label = index;
  }
  const auto longer = [&](std::size_t a, std::size_t b) { return columns[a].mean_length() > columns[b].mean_length(); };
  std::vector<std::size_t> by_length = filled;
  std::stable_sort(by_length.begin(), by_length.end(), longer);
  if (columns[by_length[0]].mean_length() < 2 * columns[by_length[1]].mean_length()) return std::nullopt;
  choice.text = by_length[0];
  if (columns[choice.text].constant()) return std::nullopt;
  return choice.label == kNoColumn || choice.label == choice.text ? std::nullopt : std::optional(choice);
}

[[noreturn]] void throw_undecided(const std::vector<ColumnProfile>& columns, const ChoiceContext& context,
                                  const ColumnChoice& choice) {
  const bool text_missing = choice.text == kNoColumn;
  const bool label_missing = choice.label == kNoColumn && context.need_label;
  std::string message = "cannot tell which ";
  message += context.noun;
  message += text_missing ? " is the text" : " is the label";
  if (text_missing && label_missing) message += " and which the label";
  message += ": found " + list_with_examples(columns);
  message += "; say it with ";
  message += text_missing ? "--text" : "--label";
  if (text_missing && label_missing) message += " and --label";
  io::throw_input(message, context.file);
}

}  // namespace

bool is_number(std::string_view value) {
  if (value.empty() || value.size() > 40 || value.find_first_not_of("0123456789+-.eE") != std::string_view::npos) {
    return false;
  }
  const std::string text(value);
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size();
}

void ColumnProfile::add(std::string_view value) {
  value = text::trimmed(value);
  if (value.empty()) return;
  ++filled_;
  bytes_ += value.size();
  if (is_number(value)) ++numbers_;
  if (is_date_or_link(value)) ++dates_and_links_;
  if (example_.empty()) example_ = value.substr(0, 200);
  values_.emplace(value.substr(0, 200));
}

double ColumnProfile::mean_length() const {
  return filled_ == 0 ? 0.0 : static_cast<double>(bytes_) / static_cast<double>(filled_);
}

bool ColumnProfile::looks_like_labels() const {
  return filled_ >= 4 && distinct() >= 2 && 2 * distinct() <= filled_ && mean_length() <= 40 &&
         dates_and_links_ < filled_;
}

bool ColumnProfile::cannot_be_labels() const {
  constexpr std::size_t kEnough = 20;
  return constant() || (filled_ > 0 && dates_and_links_ == filled_) ||
         (filled_ >= kEnough && 4 * distinct() > 3 * filled_);
}

bool is_text_name(std::string_view name) { return rank(name, kTextNames) != kNoColumn; }
bool is_label_name(std::string_view name) { return rank(name, kLabelNames) != kNoColumn; }
bool is_exact_text_name(std::string_view name) { return rank(name, kTextNames) < kTextNames.size(); }
bool is_exact_label_name(std::string_view name) { return rank(name, kLabelNames) < kLabelNames.size(); }
std::size_t label_name_rank(std::string_view name) { return rank(name, kLabelNames); }

std::string list_with_examples(const std::vector<ColumnProfile>& columns) {
  constexpr std::size_t kColumnsNamed = 20;
  constexpr std::size_t kExampleBytes = 30;
  std::string list;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (index == kColumnsNamed) return list + " and " + std::to_string(columns.size() - index) + " more";
    if (index > 0) list += index + 1 == columns.size() ? " and " : ", ";
    list += in_quotes(columns[index].name());
    const std::string& example = columns[index].example();
    if (example.empty()) continue;
    const std::string_view front = text::utf8_front(example, kExampleBytes);
    list += front.size() < example.size() ? " (" + in_quotes(std::string(front) + "…") + ")"
                                          : " (" + in_quotes(example) + ")";
  }
  return list;
}

ColumnChoice choose_columns(const std::vector<ColumnProfile>& columns, const ChoiceContext& context) {
  ColumnChoice choice = context.given;
  if (choice.text == kNoColumn) choice.text = best_named(columns, kTextNames, choice.label);
  if (choice.label == kNoColumn) choice.label = best_named(columns, kLabelNames, choice.text);
  const auto done = [&] { return choice.text != kNoColumn && (choice.label != kNoColumn || !context.need_label); };
  if (done()) return choice;

  const std::vector<std::size_t> filled = filled_columns(columns);
  if (filled.size() == 1 && choice.text == kNoColumn && filled[0] != choice.label) choice.text = filled[0];
  if (filled.size() == 2) {
    const auto other = [&](std::size_t index) { return index == filled[0] ? filled[1] : filled[0]; };
    if (choice.text == kNoColumn && choice.label == kNoColumn) {
      choice = compare_two(columns, filled[0], filled[1]).value_or(choice);
    } else if (choice.text == kNoColumn) {
      choice.text = other(choice.label);
    } else {
      choice.label = other(choice.text);
    }
  } else if (filled.size() > 2 && context.may_compare) {
    const ColumnChoice guess = compare_many(columns, filled).value_or(ColumnChoice{});
    if (choice.text == kNoColumn && guess.text != choice.label) choice.text = guess.text;
    if (choice.label == kNoColumn && guess.label != choice.text) choice.label = guess.label;
  }
  if (!done()) throw_undecided(columns, context, choice);
  return choice;
}

}  // namespace textlambda::corpus
