// A file of lines that is appended to and never rewritten: a ledger, rows that come in one by one. A line that was cut
// off by a kill or a full disk is none: readers pass over it, and the next that is appended takes its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace textlambda::io {

// Appends whole lines, each with its end, and waits for the disk; makes the file where there is none. A line that is
// cut off is taken away first. One process at a time: the caller holds a lock. Throws Error(input_output), and the file
// is then as it was, or has a line that is cut off where not even that could be undone. Returns the file's size.
std::uint64_t append_lines(const std::string& path, std::string_view lines);

// The front of a text that is whole lines.
inline std::string_view whole_lines(std::string_view text) {
  const std::size_t end = text.rfind('\n');
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

}  // namespace textlambda::io
