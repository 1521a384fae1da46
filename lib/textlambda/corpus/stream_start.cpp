#include "textlambda/corpus/stream_start.h"

#include <algorithm>
#include <utility>

#include "textlambda/corpus/formats/csv_header.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/formats/json_fields.h"
#include "textlambda/corpus/recognition.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

constexpr std::string_view kJsonLinesName = "jsonl";

// The next line from `position` on, which is moved past it; false where there is none.
bool next_line(std::string_view bytes, std::size_t& position, std::string_view& line) {
  if (position >= bytes.size()) return false;
  const std::size_t end = std::min(bytes.find('\n', position), bytes.size());
  line = bytes.substr(position, end - position);
  if (line.ends_with('\r')) line.remove_suffix(1);
  position = std::min(end + 1, bytes.size());
  return true;
}

bool next_filled_line(std::string_view bytes, std::size_t& position, std::string_view& line) {
  while (next_line(bytes, position, line)) {
    if (!text::is_blank(line)) return true;
  }
  return false;
}

}  // namespace

StreamStart::StreamStart(const CorpusOptions& options, std::string name) : options_(options), name_(std::move(name)) {
  const Format* const format = named_format(options_);
  if (format != nullptr) take(format->name, format->needs_whole_input);
}

void StreamStart::take(std::string_view format, bool whole) {
  known_ = true;
  whole_ = whole;
  options_.format = format;
  needs_field_ = format == kJsonLinesName;
}

StreamStart::Answer StreamStart::look(std::string_view bytes, bool ended) {
  if (!known_ && !find_format(bytes, ended)) return Answer::more;
  return whole_ ? Answer::whole : look_at_rows(bytes, ended);
}

bool StreamStart::find_format(std::string_view bytes, bool ended) {
  std::size_t position = bytes.size() - text::without_byte_order_mark(bytes).size();
  std::string_view first;
  if (!next_filled_line(bytes, position, first)) {
    if (!ended && bytes.size() < kSampleBytes) return false;
    take("lines", false);
    return true;
  }
  bool may_have_columns = false;
  for (const Format* format : formats()) {
    const StreamFit fit = format->starts_stream == nullptr ? StreamFit::no : format->starts_stream(first, options_);
    may_have_columns = may_have_columns || fit == StreamFit::if_columns_follow;
    if (fit != StreamFit::yes) continue;
    // What the user named may be a column of a CSV whose names nobody knows.
    if (!options_.text.empty() && !format->has_columns) {
      take("", true);
      return true;
    }
    if (may_have_columns && !format->has_columns) {
      std::string_view second;
      if (!next_filled_line(bytes, position, second)) {
        if (!ended) return false;
      } else if (has_columns_of(first, second)) {
        io::throw_input(
            "its first line looks like the header of a CSV: say --format csv, or --format lines where "
            "each line is a text",
            name_, 1);
      }
    }
    // Whether an array is one of objects is seen once it is there.
    const bool by_header = format->needs_whole_input && format->name != "json";
    take(format->needs_whole_input && !by_header ? std::string_view() : format->name, format->needs_whole_input);
    return true;
  }
  take("", true);
  return true;
}

StreamStart::Answer StreamStart::look_at_rows(std::string_view bytes, bool ended) {
  std::string_view line;
  while (next_line(bytes, bytes_, line)) {
    line = text::without_byte_order_mark(line);
    if (text::trimmed(line).empty()) continue;
    ++rows_;
    if (!needs_field_ || rows_ >= kSampleObjects || bytes_ >= kSampleBytes ||
        shows_text(text::trimmed(line), options_)) {
      return Answer::rows;
    }
  }
  return ended ? Answer::rows : Answer::more;
}

}  // namespace textlambda::corpus
