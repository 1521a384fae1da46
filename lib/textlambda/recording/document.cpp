#include "textlambda/recording/document.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "textlambda/recording/log_export.h"
#include "textlambda/recording/log_line.h"
#include "textlambda/text/utf8.h"

namespace textlambda::recording {
namespace {

using Deliver = std::function<bool(Recording&&)>;
using Position = std::function<void(std::size_t)>;

constexpr std::size_t kLinesLookedAt = 1000;
constexpr std::size_t kPositionStep = std::size_t{1} << 20;

// Lines one after the other, without their ends ("\n", "\r\n").
class Lines {
 public:
  explicit Lines(std::string_view text, std::size_t begin = 0) : text_(text), next_(begin) {}

  bool next(json::Span& line) {
    if (next_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', next_), text_.size());
    line = {next_, end};
    next_ = end + 1;
    ++number_;
    return true;
  }

  std::uint64_t number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t next_;
  std::uint64_t number_ = 0;
};

json::Span trimmed(std::string_view text, json::Span span) {
  span.begin = std::min(json::skip_space(text, span.begin), span.end);
  while (span.end > span.begin && json::skip_space(text.substr(0, span.end), span.end - 1) == span.end) --span.end;
  return span;
}

bool is_container(std::string_view line) {
  return !line.empty() && (line.front() == '{' || line.front() == '[') && json::value_end(line, 0) == line.size();
}

// The value that begins where the first of `line` does; empty where there is none.
std::string_view first_value(std::string_view line) {
  const std::size_t begin = json::skip_space(line, 0);
  const std::optional<std::size_t> end = json::value_end(line, begin);
  return end ? line.substr(begin, *end - begin) : std::string_view();
}

bool is_one_value(std::string_view text) {
  const std::optional<std::size_t> end = json::value_end(text, json::skip_space(text, 0));
  return end && json::skip_space(text, *end) == text.size();
}

// Told by its first value, which may span lines, or by one of its first lines; of a text that is one value, by its very
// first: its others are parts of it.
bool looks_like_log(std::string_view text) {
  if (is_log_csv(text) || is_log_document(first_value(text))) return true;
  const std::size_t looked_at = is_one_value(text) ? 1 : kLinesLookedAt;
  Lines lines(text);
  json::Span line;
  while (lines.number() < looked_at && lines.next(line)) {
    const std::string_view content = line.of(text);
    if (is_log_line(content) || is_log_document(first_value(content))) return true;
  }
  return false;
}

// The objects and arrays that stand one behind the other in a line, as Firehose writes them; or the line as it is.
std::vector<json::Span> values_of_line(std::string_view text, json::Span line) {
  std::vector<json::Span> values;
  for (std::size_t at = line.begin; at < line.end;) {
    const bool container = text[at] == '{' || text[at] == '[';
    const std::optional<std::size_t> end =
        container ? json::value_end(text.substr(0, line.end), at) : std::optional<std::size_t>();
    if (!end) return {line};
    values.push_back({at, *end});
    at = std::min(json::skip_space(text, *end), line.end);
  }
  return values;
}

// A line at whose very front a whole object or array begins, with others around it.
bool has_whole_line(std::string_view text) {
  Lines lines(text);
  json::Span line;
  while (lines.number() < kLinesLookedAt && lines.next(line)) {
    const json::Span content = trimmed(text, line);
    if (content.begin == line.begin && is_container(content.of(text))) return true;
  }
  return false;
}

class DocumentReader {
 public:
  DocumentReader(std::string_view text, const Recording& pattern, const DocumentOptions& options,
                 const Deliver& deliver, const Position& position)
      : text_(text), pattern_(pattern), options_(options), deliver_(deliver), position_(position) {}

  DocumentSummary summary() const { return summary_; }

  void one_value(std::string_view trimmed_value, std::size_t offset) {
    const auto before = text_.substr(0, offset);
    value(trimmed_value, offset, 1 + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')), true);
  }

  void lines() {
    Lines lines(text_);
    json::Span line;
    while (lines.next(line)) {
      const json::Span content = trimmed(text_, line);
      if (content.size() == 0) continue;
      for (const json::Span& each : values_of_line(text_, content)) {
        if (!value(each.of(text_), each.begin, lines.number(), false)) return;
      }
      report(line.end);
    }
  }

  void values() {
    each_value([&](json::Span span, std::uint64_t line) { return value(span.of(text_), span.begin, line, false); });
  }

  void log(std::string_view pointer) {
    if (is_log_csv(text_)) {
      visit_csv_messages(text_, [&](std::string_view message, std::uint64_t line, std::size_t end) {
        report(end);
        return log_line(message, line, pointer);
      });
      return;
    }
    Lines lines(text_);
    json::Span line;
    while (lines.next(line)) {
      const json::Span content = trimmed(text_, line);
      if (content.size() == 0) continue;
      for (const json::Span& each : values_of_line(text_, content)) {
        if (!log_line(each.of(text_), lines.number(), pointer)) return;
      }
      report(line.end);
    }
  }

  void log_values(std::string_view pointer) {
    each_value([&](json::Span span, std::uint64_t line) { return log_line(span.of(text_), line, pointer); });
  }

  // False to stop.
  bool log_line(std::string_view content, std::uint64_t number, std::string_view pointer) {
    bool more = true;
    if (content.size() > options_.max_value_bytes) return too_long(content, number);
    const std::size_t found = unwrap(content, pointer, [&](std::string_view json) {
      if (more) more = value(json, 0, number, false);
    });
    if (found == 0 && summary_.lines_without++ == 0) summary_.first_without = number;
    return more;
  }

 private:
  // Until `visit` returns false.
  void each_value(const std::function<bool(json::Span, std::uint64_t line)>& visit) {
    std::size_t position = json::skip_space(text_, 0);
    std::uint64_t line = 1 + newlines({0, position});
    while (position < text_.size()) {
      std::size_t end = json::value_end(text_, position).value_or(text_.size());
      // What is no value at all goes on to the end of its line.
      if (end == position) end = std::min(text_.find('\n', position), text_.size());
      if (!visit({position, end}, line)) return;
      const std::size_t next = json::skip_space(text_, end);
      line += newlines({position, next});
      position = next;
      report(position);
    }
  }

  std::uint64_t newlines(json::Span span) const {
    const std::string_view part = span.of(text_);
    return static_cast<std::uint64_t>(std::count(part.begin(), part.end(), '\n'));
  }

  void report(std::size_t offset) {
    if (!position_ || offset < reported_ + kPositionStep) return;
    reported_ = offset;
    position_(offset);
  }

  bool too_long(std::string_view json, std::uint64_t line) {
    Recording recording = pattern_;
    recording.line = line;
    recording.bad_reason = "a value of " + std::to_string(json.size()) + " bytes; the limit is " +
                           std::to_string(options_.max_value_bytes);
    ++summary_.values;
    return deliver_(std::move(recording));
  }

  bool value(std::string_view json, std::size_t offset, std::uint64_t line, bool alone) {
    if (json.size() > options_.max_value_bytes) return too_long(json, line);
    Recording recording = pattern_;
    recording.line = line;
    recording.alone = alone;
    take_apart(json, offset, options_.bare, recording);
    ++summary_.values;
    return deliver_(std::move(recording));
  }

  std::string_view text_;
  const Recording& pattern_;
  const DocumentOptions& options_;
  const Deliver& deliver_;
  const Position& position_;
  DocumentSummary summary_;
  std::size_t reported_ = 0;
};

// Of a log or not.
Shape structure_of(std::string_view text) {
  if (is_one_value(text)) return Shape::one_value;
  const std::size_t begin = json::skip_space(text, 0);
  const std::optional<std::size_t> end = json::value_end(text, begin);
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  if (end && *end <= line_end) return Shape::lines;
  if (has_whole_line(text)) return Shape::lines;
  return end ? Shape::values : Shape::one_value;
}

}  // namespace

Shape shape_of(std::string_view text) { return looks_like_log(text) ? Shape::log : structure_of(text); }

DocumentSummary read_document(std::string_view text, const Recording& pattern, const DocumentOptions& options,
                              const std::function<bool(Recording&&)>& deliver,
                              const std::function<void(std::size_t offset)>& position) {
  const std::size_t mark = byte_order_mark(text);
  // Offsets are those of the file, the mark included.
  Recording base = pattern;
  const std::function<bool(Recording &&)> shifted = [&](Recording&& recording) {
    for (json::Span* span : {&recording.value, &recording.response_value}) {
      if (span->size() == 0) continue;
      span->begin += mark;
      span->end += mark;
    }
    return deliver(std::move(recording));
  };
  const std::string_view content = text.substr(mark);
  const bool is_log = options.unwrap || looks_like_log(content);
  const Shape shape = structure_of(content);
  if (is_log) base.origin = Origin::log;
  DocumentReader reader(content, base, options, shifted, position);
  const json::Span whole = trimmed(content, {0, content.size()});
  const std::string pointer = options.unwrap.value_or("");
  if (is_log && is_one_value(content)) {
    reader.log_line(whole.of(content), 1, pointer);
  } else if (is_log && shape == Shape::values) {
    reader.log_values(pointer);
  } else if (is_log) {
    reader.log(pointer);
  } else if (shape == Shape::one_value) {
    reader.one_value(whole.of(content), whole.begin);
  } else if (shape == Shape::lines) {
    reader.lines();
  } else {
    reader.values();
  }
  return reader.summary();
}

std::size_t byte_order_mark(std::string_view bytes) {
  return bytes.size() - text::without_byte_order_mark(bytes).size();
}

std::string_view text_fault(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 4);
  if (start.substr(0, 2) == "\xFF\xFE" || start.substr(0, 2) == "\xFE\xFF") return "is UTF-16, expected UTF-8";
  if (start.size() >= 2 && start.find('\0') != std::string_view::npos) return "is UTF-16 or binary, expected UTF-8";
  if (json::skip_space(bytes, byte_order_mark(bytes)) == bytes.size()) return "is empty";
  return {};
}

}  // namespace textlambda::recording
