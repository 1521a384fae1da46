#include "textlambda/json/span.h"

#include <cctype>
#include <cstring>

namespace textlambda::json {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Behind the string whose opening quote is at `begin`.
std::optional<std::size_t> string_end(std::string_view text, std::size_t begin) {
  std::size_t position = begin + 1;
  while (position < text.size()) {
    const void* found = std::memchr(text.data() + position, '"', text.size() - position);
    if (found == nullptr) return std::nullopt;
    const auto quote = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    std::size_t backslashes = 0;
    while (quote - backslashes > position && text[quote - backslashes - 1] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return quote + 1;
    position = quote + 1;
  }
  return std::nullopt;
}

std::optional<std::size_t> container_end(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  std::size_t position = begin;
  while (position < text.size()) {
    const char c = text[position];
    if (c == '"') {
      const auto end = string_end(text, position);
      if (!end) return std::nullopt;
      position = *end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return position + 1;
    ++position;
  }
  return std::nullopt;
}

std::optional<std::size_t> scalar_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-' ||
                               text[end] == '+' || text[end] == '.')) {
    ++end;
  }
  if (end == begin) return std::nullopt;
  return end;
}

// What stands between a container's brackets, an item at a time. `read_item(position)` reads one that begins there and
// gives the position behind it, nothing for a fault, or npos to stop.
template <typename ReadItem>
bool read_items(std::string_view text, char opening, char closing, ReadItem&& read_item) {
  std::size_t position = skip_space(text, 0);
  if (position == text.size() || text[position] != opening) return false;
  position = skip_space(text, position + 1);
  bool first = true;
  while (position < text.size()) {
    if (text[position] == closing && first) return skip_space(text, position + 1) == text.size();
    const std::optional<std::size_t> end = read_item(position);
    if (!end) return false;
    if (*end == std::string_view::npos) return true;
    position = skip_space(text, *end);
    if (position == text.size()) return false;
    if (text[position] == closing) return skip_space(text, position + 1) == text.size();
    if (text[position] != ',') return false;
    position = skip_space(text, position + 1);
    first = false;
  }
  return false;
}

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t position) {
  while (position < text.size() && is_space(text[position])) ++position;
  return position;
}

std::optional<std::size_t> value_end(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return std::nullopt;
  const char first = text[begin];
  if (first == '{' || first == '[') return container_end(text, begin);
  if (first == '"') return string_end(text, begin);
  return scalar_end(text, begin);
}

bool visit_members(std::string_view text, const std::function<bool(const Member&)>& visit) {
  return read_items(text, '{', '}', [&](std::size_t begin) -> std::optional<std::size_t> {
    if (text[begin] != '"') return std::nullopt;
    const auto key_end = string_end(text, begin);
    if (!key_end) return std::nullopt;
    const std::size_t colon = skip_space(text, *key_end);
    if (colon == text.size() || text[colon] != ':') return std::nullopt;
    const std::size_t value_begin = skip_space(text, colon + 1);
    const auto end = value_end(text, value_begin);
    if (!end) return std::nullopt;
    const Member member{text.substr(begin + 1, *key_end - begin - 2), {value_begin, *end}};
    return visit(member) ? *end : std::string_view::npos;
  });
}

bool visit_elements(std::string_view text, const std::function<bool(Span)>& visit) {
  return read_items(text, '[', ']', [&](std::size_t begin) -> std::optional<std::size_t> {
    const auto end = value_end(text, begin);
    if (!end) return std::nullopt;
    return visit({begin, *end}) ? *end : std::string_view::npos;
  });
}

}  // namespace textlambda::json
