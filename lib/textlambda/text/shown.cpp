#include "textlambda/text/shown.h"

#include <algorithm>
#include <iterator>

#include "textlambda/text/utf8.h"

namespace textlambda::text {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string without_commands(std::string_view line) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = find_workflow_command(line); at != std::string_view::npos;
       at = find_workflow_command(line, at + 1)) {
    result += line.substr(done, at - done);
    append_escape(result, static_cast<unsigned char>(line[at]));
    done = at + 1;
  }
  return result.append(line.substr(done));
}

}  // namespace

void append_escape(std::string& text, char32_t code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (code == U'\n') {
    text += "\\n";
  } else if (code == U'\t') {
    text += "\\t";
  } else if (code == U'\r') {
    text += "\\r";
  } else {
    text += code > 0xFFFF ? "\\U" : "\\u";
    for (int shift = code > 0xFFFF ? 28 : 12; shift >= 0; shift -= 4) {
      text += kDigits[code >> static_cast<unsigned>(shift) & 0xF];
    }
  }
}

bool is_unshowable(char32_t code) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  // Joiners (U+200C, U+200D) are part of scripts and emoji, and stay.
  constexpr Range kRanges[] = {
      {0x0000, 0x001F},    // C0
      {0x007F, 0x009F},    // DEL, C1
      {0x061C, 0x061C},    // Arabic letter mark
      {0x200B, 0x200B},    // zero width space
      {0x200E, 0x200F},    // left-to-right and right-to-left marks
      {0x2028, 0x202E},    // line and paragraph separators, embeddings, overrides
      {0x2060, 0x206F},    // invisible operators, isolates, deprecated controls
      {0xFEFF, 0xFEFF},    // byte order mark
      {0xFFF9, 0xFFFB},    // interlinear annotations
      {0xE0000, 0xE0FFF},  // tags and other invisible characters
  };
  return std::any_of(std::begin(kRanges), std::end(kRanges),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

std::size_t find_workflow_command(std::string_view line, std::size_t from) {
  const std::size_t first = line.find_first_not_of(" \t");
  if (first != std::string_view::npos && first >= from && line.substr(first).starts_with("::")) return first;
  for (std::size_t at = line.find("##", from); at != std::string_view::npos; at = line.find("##", at + 1)) {
    const std::size_t end = std::min(line.find_first_not_of(kLetters, at + 2), line.size());
    if (line.substr(end).starts_with('[')) return at + 1;
  }
  return std::string_view::npos;
}

std::string shown(std::string_view bytes) {
  std::string buffer;
  const std::string_view valid = repair_utf8(bytes, buffer).text;
  std::string line;
  line.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const char32_t code = next_code_point(valid, at);
    if (is_unshowable(code)) {
      append_escape(line, code);
    } else {
      append_utf8(line, code);
    }
  }
  return find_workflow_command(line) == std::string_view::npos ? line : without_commands(line);
}

std::string shown_lines(std::string_view bytes) {
  std::string lines;
  lines.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    lines += shown(bytes.substr(0, end));
    if (end < bytes.size()) lines += '\n';
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return lines;
}

}  // namespace textlambda::text
