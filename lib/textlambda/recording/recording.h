// An event as somebody kept it: bare, or in a recording with what was answered and what is true. docs/replay.md has the
// format. Owns its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "textlambda/json/span.h"

namespace textlambda::recording {

// What holds the bytes that a recording was read from.
enum class Origin { file, standard_input, compressed, remote, zip, log };

struct Recording {
  std::string file;        // as given or found, "standard input", or "events.zip!folder/one.json"
  std::uint64_t line = 0;  // 1-based, where the value begins; 0 where the whole file is meant
  std::string event;       // JSON bytes as they stood; empty with bad_reason

  // JSON bytes as they stood, except that `response` may come from NAME.expected.json.
  std::optional<std::string> response;
  std::optional<std::string> label;
  std::optional<std::string> context;
  std::optional<std::string> time;
  std::optional<std::string> request_id;
  std::optional<std::string> duration_ms;  // and the two below, where whoever recorded it knew
  std::optional<std::string> init_ms;
  std::optional<std::string> memory_mb;

  // Why there is no event here, in one line; empty for a good one.
  std::string bad_reason;
  // Not only is there no event: the file cannot be read, is empty or is no text.
  bool unreadable = false;

  // Where it stands, for rewriting it: offsets in the file's bytes.
  Origin origin = Origin::file;
  bool wrapped = false;       // in a recording, not bare
  bool alone = false;         // the file's only value
  json::Span value;           // the whole of it
  json::Span response_value;  // empty where the recording itself has none
};

// Takes the value that `text` is apart into `recording` (event, response, label, context, time, wrapped, and
// bad_reason): a recording where it is an object with "event" and none but the keys of the format, unless `bare`;
// otherwise a bare event. `offset` is where `text` stands in its file.
void take_apart(std::string_view text, std::size_t offset, bool bare, Recording& recording);

}  // namespace textlambda::recording
