#include "textlambda/recording/log_line.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/json/pointer.h"
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

// The object or array that is all of `text` or follows the time stamp at its front; empty where there is none.
std::string_view json_part(std::string_view text) {
  text = text::trimmed(text);
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

std::optional<std::string> string_content(std::string_view literal) {
  const nlohmann::json parsed = nlohmann::json::parse(literal, nullptr, false);
  if (!parsed.is_string()) return std::nullopt;
  return parsed.get<std::string>();
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
    if (!nested) envelope(json);
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
    const std::optional<std::string> content = string_content(value);
    const std::string_view inner = content ? json_part(*content) : std::string_view();
    if (inner.empty()) return false;
    deliver(inner);
    return true;
  }

  // {"events": [{"message": "…"}]} of filter-log-events and get-log-events, "logEvents" of a subscription.
  void envelope(std::string_view json) {
    for (const char* list : {"events", "logEvents"}) {
      const std::optional<json::Span> span = json::find(json, json::Pointer{list});
      if (!span) continue;
      json::visit_elements(span->of(json), [&](json::Span element) {
        log_event(element.of(span->of(json)));
        return true;
      });
    }
  }

  void log_event(std::string_view json) {
    const std::optional<json::Span> message = json::find(json, json::Pointer{"message"});
    if (!message || message->of(json).front() != '"') return;
    const std::optional<std::string> content = string_content(message->of(json));
    if (!content) return;
    if (pointer_ == "/message") {
      if (const std::string_view inner = json_part(*content); !inner.empty()) deliver(inner);
    } else {
      line(*content, true);
    }
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
  if (line.front() == '{') return line.substr(0, 256).find("\"type\":\"platform.") != std::string_view::npos;
  if (begins_with_time(line) && !json_part(line).empty()) return true;
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
    return line.substr(0, 256).find(mark) != std::string_view::npos && line.front() != '"' && line.front() != '[';
  });
}

std::size_t unwrap(std::string_view line, std::string_view pointer,
                   const std::function<void(std::string_view json)>& found) {
  Unwrapper unwrapper(pointer, found);
  unwrapper.line(line, false);
  return unwrapper.count();
}

}  // namespace textlambda::recording
