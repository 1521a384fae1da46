#include "textlambda/recording/document.h"

#include <algorithm>

#include "textlambda/recording/log_line.h"

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

bool looks_like_log(std::string_view text) {
  Lines lines(text);
  json::Span line;
  while (lines.number() < kLinesLookedAt && lines.next(line)) {
    if (is_log_line(line.of(text))) return true;
  }
  return false;
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
      if (content.size() != 0 && !value(content.of(text_), content.begin, lines.number(), false)) return;
      report(line.end);
    }
  }

  void values() {
    std::size_t position = json::skip_space(text_, 0);
    std::uint64_t line = 1 + newlines({0, position});
    while (position < text_.size()) {
      std::size_t end = json::value_end(text_, position).value_or(text_.size());
      // What is no value at all goes on to the end of its line.
      if (end == position) end = std::min(text_.find('\n', position), text_.size());
      if (!value(text_.substr(position, end - position), position, line, false)) return;
      const std::size_t next = json::skip_space(text_, end);
      line += newlines({position, next});
      position = next;
      report(position);
    }
  }

  void log(std::string_view pointer) {
    Lines lines(text_);
    json::Span line;
    while (lines.next(line)) {
      const json::Span content = trimmed(text_, line);
      if (content.size() != 0 && !log_line(content.of(text_), lines.number(), pointer)) return;
      report(line.end);
    }
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

}  // namespace

Shape shape_of(std::string_view text) {
  const std::size_t begin = json::skip_space(text, 0);
  const std::optional<std::size_t> end = json::value_end(text, begin);
  if (end && json::skip_space(text, *end) == text.size()) {
    return is_log_line(text.substr(0, text.find('\n'))) ? Shape::log : Shape::one_value;
  }
  if (looks_like_log(text)) return Shape::log;
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  if (end && *end <= line_end) return Shape::lines;
  if (has_whole_line(text)) return Shape::lines;
  return end ? Shape::values : Shape::one_value;
}

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
  const Shape shape = shape_of(content);
  const bool is_log = options.unwrap || shape == Shape::log;
  if (is_log) base.origin = Origin::log;
  DocumentReader reader(content, base, options, shifted, position);
  const json::Span whole = trimmed(content, {0, content.size()});
  const std::string pointer = options.unwrap.value_or("");
  if (is_log && shape == Shape::one_value) {
    reader.log_line(whole.of(content), 1, pointer);
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

std::size_t byte_order_mark(std::string_view bytes) { return bytes.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; }

std::string_view text_fault(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 4);
  if (start.substr(0, 2) == "\xFF\xFE" || start.substr(0, 2) == "\xFE\xFF") return "is UTF-16, expected UTF-8";
  if (start.size() >= 2 && start.find('\0') != std::string_view::npos) return "is UTF-16 or binary, expected UTF-8";
  if (json::skip_space(bytes, byte_order_mark(bytes)) == bytes.size()) return "is empty";
  return {};
}

}  // namespace textlambda::recording
