#include "textlambda/corpus/printable.h"

#include <cstddef>

#include "textlambda/text/shown.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kMaxBytes = 60;
constexpr std::size_t kMaxNames = 20;

void append_escaped(std::string& message, char32_t code) {
  const bool escaped = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
  if (escaped) return text::append_escape(message, code);
  text::append_utf8(message, code);
}

}  // namespace

std::string in_quotes(std::string_view bytes) {
  std::string buffer;
  const std::string_view valid = text::repair_utf8(bytes.substr(0, 4 * kMaxBytes), buffer).text;
  std::string message = "\"";
  std::size_t position = 0;
  while (position < valid.size() && message.size() < kMaxBytes) {
    const char32_t code = text::next_code_point(valid, position);
    if (code == U'"' || code == U'\\') message += '\\';
    append_escaped(message, code);
  }
  message += position < valid.size() ? "…\"" : "\"";
  return message;
}

std::string on_one_line(std::string_view bytes) {
  std::string buffer;
  const std::string_view valid = text::repair_utf8(bytes, buffer).text;
  std::string line;
  for (std::size_t position = 0; position < valid.size();) append_escaped(line, text::next_code_point(valid, position));
  return line;
}

std::string list_in_quotes(const std::vector<std::string>& names) {
  std::string message;
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (index == kMaxNames) {
      message += " and ";
      message += std::to_string(names.size() - index);
      message += " more";
      break;
    }
    if (index > 0) message += index + 1 == names.size() ? " and " : ", ";
    message += in_quotes(names[index]);
  }
  return message;
}

}  // namespace textlambda::corpus
