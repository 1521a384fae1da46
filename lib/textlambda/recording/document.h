// The events in the text of one file. What it holds is told by its content: one JSON value, values a line (JSON Lines),
// values that span lines or stand one behind the other in a line, or a function's log.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "textlambda/recording/recording.h"

namespace textlambda::recording {

enum class Shape {
  one_value,  // also where nothing in it is a whole value: then it is one, cut off
  lines,
  values,
  log,
};

// Depends on the beginning of the text alone, except for whether the first value is all there is.
Shape shape_of(std::string_view text);

struct DocumentOptions {
  // Set: a log, with the event under this JSON Pointer ("" for the line itself).
  std::optional<std::string> unwrap;
  bool bare = false;  // nothing is a recording
  // A longer value is delivered with a reason instead of an event: Lambda takes 6 MiB, so it cannot have been one.
  std::size_t max_value_bytes = std::size_t{32} << 20;
};

struct DocumentSummary {
  std::uint64_t values = 0;
  std::uint64_t lines_without = 0;  // of a log: lines that hold no event
  std::uint64_t first_without = 0;  // the first of them
};

// Delivers each recording in order, its `file` and `origin` as in `pattern`, until `deliver` returns false. Empty lines
// are nothing. `position(offset)` is called now and then with how far it has come.
DocumentSummary read_document(std::string_view text, const Recording& pattern, const DocumentOptions& options,
                              const std::function<bool(Recording&&)>& deliver,
                              const std::function<void(std::size_t offset)>& position = {});

// Why `bytes` cannot be such a text (empty, UTF-16, UTF-32); empty where they can.
std::string_view text_fault(std::string_view bytes);
// The length of a UTF-8 byte order mark at the front: 3 or 0.
std::size_t byte_order_mark(std::string_view bytes);

}  // namespace textlambda::recording
