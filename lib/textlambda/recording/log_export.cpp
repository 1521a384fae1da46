#include "textlambda/recording/log_export.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/json/document.h"
#include "textlambda/json/pointer.h"
#include "textlambda/json/span.h"
#include "textlambda/recording/log_line.h"

namespace textlambda::recording {
namespace {

constexpr std::size_t kElementsLookedAt = 1000;

std::optional<std::string_view> member(std::string_view object, const char* name) {
  const std::optional<json::Span> span = json::find(object, json::Pointer{name});
  if (!span) return std::nullopt;
  return span->of(object);
}

bool has(std::string_view object, const char* name, char first) {
  const std::optional<std::string_view> value = member(object, name);
  return value && !value->empty() && value->front() == first;
}

bool has_number(std::string_view object, const char* name) {
  const std::optional<std::string_view> value = member(object, name);
  return value && !value->empty() && value->front() >= '0' && value->front() <= '9';
}

// {"timestamp": 1767225600000, "message": "…", "ingestionTime": …} of filter-log-events and get-log-events.
bool is_log_event(std::string_view value) {
  return has(value, "message", '"') && has_number(value, "timestamp") && has_number(value, "ingestionTime");
}

// [{"field": "@message", "value": "…"}, …] of get-query-results, {"@message": …} of the console.
std::optional<std::string_view> insights_message(std::string_view row) {
  if (row.empty()) return std::nullopt;
  if (row.front() == '{') return member(row, "@message");
  std::optional<std::string_view> message;
  if (row.front() != '[') return message;
  json::visit_elements(row, [&](json::Span element) {
    const std::string_view cell = element.of(row);
    const std::optional<std::string_view> field = member(cell, "field");
    if (field && *field == "\"@message\"") message = member(cell, "value");
    return !message;
  });
  return message;
}

bool is_message_of_log(std::string_view element) {
  if (is_log_event(element) || insights_message(element)) return true;
  if (element.empty() || element.front() != '"') return false;
  const std::optional<std::string> content = json::string_content(element);
  return content && (content->starts_with("START RequestId: ") || is_capture(*content));
}

bool is_list_of_log(std::string_view list) {
  std::size_t seen = 0;
  bool found = false;
  json::visit_elements(list, [&](json::Span element) {
    found = is_message_of_log(element.of(list));
    return !found && ++seen < kElementsLookedAt;
  });
  return found;
}

void visit_list(std::string_view list, const std::function<void(std::string_view)>& visit) {
  json::visit_elements(list, [&](json::Span span) {
    const std::string_view element = span.of(list);
    std::optional<std::string_view> message = insights_message(element);
    if (!message && element.front() == '{') message = member(element, "message");
    if (!message && element.front() == '"') message = element;
    if (!message || message->empty()) return true;
    if (message->front() == '"') {
      if (const std::optional<std::string> content = json::string_content(*message)) visit(*content);
    } else {
      visit(*message);
    }
    return true;
  });
}

// Fields of one row of CSV (RFC 4180), which may span lines; `at` goes behind the row.
std::vector<std::string> csv_row(std::string_view text, std::size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += c;
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

std::optional<std::size_t> message_column(const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), "@message");
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

bool is_log_document(std::string_view json) {
  if (json.starts_with('[')) return is_list_of_log(json);
  // The first byte of each member, 0 where it is missing.
  enum Mark : std::size_t { kDelivered, kType, kEvents, kStreams, kToken, kResults, kStatistics, kStatus, kMarks };
  constexpr std::array<std::string_view, kMarks> kNames = {
      "logEvents",        "messageType", "events",     "searchedLogStreams",
      "nextForwardToken", "results",     "statistics", "status"};
  std::array<char, kMarks> first{};
  std::string_view events;
  json::visit_members(json, [&](const json::Member& found) {
    const auto name = std::find(kNames.begin(), kNames.end(), found.key);
    if (name == kNames.end()) return true;
    const auto mark = static_cast<std::size_t>(name - kNames.begin());
    first[mark] = json[found.value.begin];
    if (mark == kEvents) events = found.value.of(json);
    return true;
  });
  if (first[kDelivered] == '[' && first[kType] == '"') return true;
  if (first[kEvents] == '[') return first[kStreams] == '[' || first[kToken] == '"' || is_list_of_log(events);
  return first[kResults] == '[' && first[kStatistics] == '{' && first[kStatus] == '"';
}

void visit_messages(std::string_view json, const std::function<void(std::string_view)>& visit) {
  if (json.empty()) return;
  if (json.front() == '[') return visit_list(json, visit);
  for (const char* list : {"events", "logEvents", "results"}) {
    if (has(json, list, '[')) visit_list(*member(json, list), visit);
  }
}

bool is_log_csv(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  if (first.find("@message") == std::string_view::npos) return false;
  std::size_t at = 0;
  return message_column(csv_row(first, at)).has_value();
}

void visit_csv_messages(std::string_view text,
                        const std::function<bool(std::string_view, std::uint64_t, std::size_t)>& visit) {
  std::size_t at = 0;
  const std::optional<std::size_t> column = message_column(csv_row(text, at));
  std::uint64_t line = 2;
  while (column && at < text.size()) {
    const std::size_t begin = at;
    const std::vector<std::string> fields = csv_row(text, at);
    const bool blank = fields.size() == 1 && fields.front().empty();
    if (!blank && !visit(*column < fields.size() ? fields[*column] : std::string(), line, at)) return;
    const std::string_view row = text.substr(begin, at - begin);
    line += static_cast<std::uint64_t>(std::count(row.begin(), row.end(), '\n'));
  }
}

}  // namespace textlambda::recording
