#include "textlambda/recording/log_line.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "textlambda/json/document.h"
#include "textlambda/json/pointer.h"
#include "textlambda/recording/log_export.h"
#include "textlambda/recording/recording.h"
#include "textlambda/text/blank.h"

namespace textlambda::recording {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 2026-11-03T10:22, with a blank for the T too.
bool begins_with_time(std::string_view line) {
  constexpr std::string_view kShape = "0000-00-00T00:00";
  if (line.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const char expected = kShape[i];
    const bool good = expected == '0'   ? is_digit(line[i])
                      : expected == 'T' ? line[i] == 'T' || line[i] == ' '
                                        : line[i] == expected;
    if (!good) return false;
  }
  return true;
}

// Behind the name of a log stream, which `sam logs` puts in front of the time stamp.
std::string_view behind_stream(std::string_view line) {
  const std::size_t blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos || line.front() == '{' || line.front() == '"') return line;
  const std::string_view rest = text::trimmed(line.substr(blank));
  return begins_with_time(rest) ? rest : line;
}

// The object or array that is all of `text` or follows the time stamp at its front; empty where there is none.
std::string_view json_part(std::string_view text) {
  text = text::trimmed(text);
  if (!text.empty() && !begins_with_time(text)) text = behind_stream(text);
  if (begins_with_time(text)) {
    std::size_t begin = text.find_first_of("{[");
    // A log stream's name, 2026/11/03/[$LATEST]0a1b…, has a bracket of its own.
    while (begin != std::string_view::npos && text[begin - 1] != ' ' && text[begin - 1] != '\t') {
      begin = text.find_first_of("{[", begin + 1);
    }
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
  }
  if (text.empty() || (text.front() != '{' && text.front() != '[')) return {};
  return json::value_end(text, 0) == text.size() ? text : std::string_view();
}

bool is_recording(std::string_view json) {
  Recording recording;
  take_apart(json, 0, false, recording);
  return recording.wrapped;
}

// A line of Lambda's JSON log format, the platform's or a function's, or one of embedded metrics.
bool is_structured_line(std::string_view line) {
  if (line.substr(0, 256).find("\"type\":\"platform.") != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 4> kNames = {"timestamp", "level", "message", "requestId"};
  std::size_t named = 0;
  bool metrics = false;
  json::visit_members(line, [&](const json::Member& member) {
    const std::string_view value = member.value.of(line);
    metrics = metrics || (member.key == "_aws" && value.find("\"CloudWatchMetrics\"") != std::string_view::npos);
    if (value.starts_with('"') && std::find(kNames.begin(), kNames.end(), member.key) != kNames.end()) ++named;
    return true;
  });
  return metrics || named == kNames.size();
}

class Unwrapper {
 public:
  Unwrapper(std::string_view pointer, const std::function<void(std::string_view)>& found)
      : pointer_(pointer), found_(found) {}

  std::size_t count() const { return count_; }

  void line(std::string_view text, bool nested) {
    const std::string_view json = json_part(text);
    if (json.empty()) return;
    if (is_recording(json)) return deliver(json);
    if (!pointer_.empty() && pointed(json)) return;
    if (nested) return;
    visit_messages(json, [&](std::string_view message) {
      if (pointer_ != "/message") return line(message, true);
      if (const std::string_view inner = json_part(message); !inner.empty()) deliver(inner);
    });
  }

 private:
  void deliver(std::string_view json) {
    ++count_;
    found_(json);
  }

  bool pointed(std::string_view json) {
    const std::optional<json::Span> span = json::find(json, json::parse_pointer(pointer_));
    if (!span) return false;
    const std::string_view value = span->of(json);
    if (value.front() == '{' || value.front() == '[') {
      deliver(value);
      return true;
    }
    if (value.front() != '"') return false;
    const std::optional<std::string> content = json::string_content(value);
    const std::string_view inner = content ? json_part(*content) : std::string_view();
    if (inner.empty()) return false;
    deliver(inner);
    return true;
  }

  std::string_view pointer_;
  const std::function<void(std::string_view)>& found_;
  std::size_t count_ = 0;
};

}  // namespace

bool is_log_line(std::string_view line) {
  constexpr std::array<std::string_view, 4> kMarks = {
      "START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "INIT_START Runtime Version: "};
  line = text::trimmed(line);
  if (line.empty()) return false;
  if (line.front() == '{') return is_structured_line(line);
  if ((begins_with_time(line) || behind_stream(line) != line) && !json_part(line).empty()) return true;
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
    return line.substr(0, 256).find(mark) != std::string_view::npos && line.front() != '"' && line.front() != '[';
  });
}

bool is_capture(std::string_view json) {
  return is_recording(json) && json::find(json, json::Pointer{"request_id"}) &&
         json::find(json, json::Pointer{"model"});
}

std::size_t unwrap(std::string_view line, std::string_view pointer,
                   const std::function<void(std::string_view json)>& found) {
  Unwrapper unwrapper(pointer, found);
  unwrapper.line(line, false);
  return unwrapper.count();
}

}  // namespace textlambda::recording
