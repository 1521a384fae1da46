#include "textlambda/traffic/reader.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/events/event_texts.h"
#include "textlambda/events/recognition.h"
#include "textlambda/io/error.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/json/survey.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/recording/document.h"
#include "textlambda/recording/reader.h"

namespace textlambda::traffic {
namespace {

// Deeper than any event: a parse of it is bounded before it begins.
constexpr std::size_t kDeepest = 200;

// A direct call, {"text": …}, is a row as well: those are read as a corpus, whose options say where the text is.
bool is_event_of_a_service(const std::string& event) {
  if (json::survey(event).depth > kDeepest) return true;
  const nlohmann::json parsed = nlohmann::json::parse(event, nullptr, false);
  return !parsed.is_discarded() && events::recognise(parsed).source != events::Source::direct;
}

bool holds_recordings(std::string_view text) {
  if (recording::shape_of(text) == recording::Shape::log) return true;
  const std::size_t start = text.find_first_not_of(" \t\r\n", recording::byte_order_mark(text));
  if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) return false;
  bool found = false;
  recording::read_document(text, {}, {}, [&](recording::Recording&& first) {
    // No row of a corpus is an array or spans lines.
    const bool no_row =
        !first.event.empty() && (first.event.front() == '[' || first.event.find('\n') != std::string::npos);
    found = first.bad_reason.empty() && (first.wrapped || no_row || is_event_of_a_service(first.event));
    return false;
  });
  return found;
}

bool is_plain_file(const std::string& path) {
  if (io::remote_files_for(path) != nullptr) return !path.ends_with('/') && io::exists(path);
  std::error_code ignored;
  return path == "-" || (std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored));
}

class TrafficReader {
 public:
  TrafficReader(const corpus::CorpusOptions& reading, const Visitor& visitor)
      : reading_(reading), visitor_(visitor), pointers_(settings_.text_pointers) {}

  void read(const std::string& path) {
    // NAME.expected.json beside NAME.json, where a shell's glob names both.
    if (const std::string event = recording::event_path(path); !event.empty() && is_plain_file(event)) return;
    // Folders, globs and what is missing: the reader of recordings knows them all.
    if (!is_plain_file(path) || path.ends_with(".zip")) return read_recordings(path);
    archive::InputBytes bytes = archive::InputBytes::open(path);
    if (!holds_recordings(bytes.view())) return visitor_.corpus(corpus::Corpus::over(std::move(bytes), reading_));
    if (path != "-") return read_recordings(path);
    recording::Recording pattern;
    pattern.file = bytes.name();
    recording::read_document(bytes.view(), pattern, {}, [&](recording::Recording&& one) { return take(one); });
  }

  EventCounts counts() const { return counts_; }

 private:
  void read_recordings(const std::string& path) {
    const recording::Reader reader({path}, {});
    reader.read([&](recording::Recording&& one) { return take(one); },
                [&](double share) {
                  if (visitor_.progress) visitor_.progress(share);
                });
  }

  bool take(const recording::Recording& one) {
    if (one.unreadable) io::throw_input(one.bad_reason, one.file, one.line);
    ++counts_.events;
    const std::vector<std::string> texts =
        one.bad_reason.empty() ? events::texts_of(one.event, pointers_, settings_.limits) : std::vector<std::string>();
    for (const std::string& text : texts) visitor_.text(text);
    if (!texts.empty()) return true;
    if (counts_.without_text++ == 0) {
      counts_.first_without = fmt::format("{}:{}: {}", one.file, std::max<std::uint64_t>(one.line, 1),
                                          one.bad_reason.empty() ? "no text to classify" : one.bad_reason);
    }
    return true;
  }

  const corpus::CorpusOptions& reading_;
  const Visitor& visitor_;
  const lambda::HandlerOptions settings_;  // where the handler looks for texts unless it is told otherwise
  const events::TextPointers pointers_;
  EventCounts counts_;
};

}  // namespace

std::string EventCounts::remark() const {
  if (without_text == 0) return "";
  return fmt::format("{} of {} events gave no text; the first is {}", without_text, events, first_without);
}

EventCounts read(const std::vector<std::string>& paths, const corpus::CorpusOptions& reading, const Visitor& visitor) {
  TrafficReader reader(reading, visitor);
  for (const std::string& path : paths) reader.read(path);
  return reader.counts();
}

corpus::CorpusOptions without_labels(corpus::CorpusOptions reading) {
  reading.need_label = false;
  reading.need_text = false;
  reading.prefer_lines = true;
  return reading;
}

}  // namespace textlambda::traffic
