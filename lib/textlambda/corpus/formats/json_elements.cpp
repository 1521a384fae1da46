#include "textlambda/corpus/formats/json_elements.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// Past the quote that closes the string opened at `open`.
std::size_t string_end(std::string_view input, std::size_t open) {
  std::size_t quote = open;
  while ((quote = input.find('"', quote + 1)) != kNowhere) {
    std::size_t before = quote;
    while (input[before - 1] == '\\') --before;  // ends at `open` at the latest
    if ((quote - before) % 2 == 0) return quote + 1;
  }
  return kNowhere;
}

std::size_t nested_end(std::string_view input, std::size_t begin) {
  std::size_t depth = 0;
  std::size_t position = begin;
  while (position < input.size()) {
    switch (input[position]) {
      case '"':
        position = string_end(input, position);
        if (position == kNowhere) return kNowhere;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return position + 1;
        break;
      default:
        break;
    }
    ++position;
  }
  return kNowhere;
}

}  // namespace

std::size_t skip_json_space(std::string_view input, std::size_t position) {
  const std::size_t found = input.find_first_not_of(" \t\r\n", position);
  return found == kNowhere ? input.size() : found;
}

std::size_t json_value_end(std::string_view input, std::size_t begin) {
  if (begin >= input.size()) return begin;
  if (input[begin] == '{' || input[begin] == '[') return nested_end(input, begin);
  if (input[begin] == '"') return string_end(input, begin);
  const std::size_t end = input.find_first_of(",:]}\" \t\r\n", begin);
  return end == kNowhere ? input.size() : end;
}

}  // namespace textlambda::corpus
