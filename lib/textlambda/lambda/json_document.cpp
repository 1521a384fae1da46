#include "textlambda/lambda/json_document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/plain_json.h"
#include "textlambda/text/utf8.h"

namespace textlambda::lambda {
namespace {

using nlohmann::json;

// What one pass over the bytes tells, before they are parsed.
struct Survey {
  std::size_t depth = 0;
  std::size_t values = 1;
  bool escaped_surrogates = false;
};

// The closing quote of the string that opens at `at`; the end of the bytes, or behind it, where there is none.
std::size_t survey_string(std::string_view bytes, std::size_t at, Survey& found) {
  for (++at; at < bytes.size(); ++at) {
    at += unescaped_prefix(bytes.substr(at));
    if (at >= bytes.size() || bytes[at] == '"') return at;
    if (bytes[at] != '\\') continue;
    ++at;
    // \uD8xx … \uDFxx
    if (at + 1 < bytes.size() && bytes[at] == 'u' && (bytes[at + 1] == 'd' || bytes[at + 1] == 'D')) {
      found.escaped_surrogates = true;
    }
  }
  return at;
}

Survey survey(std::string_view bytes) {
  Survey found;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    switch (bytes[at]) {
      case '"':
        at = survey_string(bytes, at, found);
        break;
      case '[':
      case '{':
        found.depth = std::max(found.depth, ++depth);
        ++found.values;
        break;
      case ']':
      case '}':
        if (depth > 0) --depth;
        break;
      case ',':
      case ':':
        ++found.values;
        break;
      default:
        break;
    }
  }
  return found;
}

// The code unit of the \uXXXX at `position`.
std::optional<unsigned> escaped_unit(std::string_view bytes, std::size_t position) {
  if (position + 6 > bytes.size() || bytes[position] != '\\' || bytes[position + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  const char* digits = bytes.data() + position + 2;
  const auto [end, error] = std::from_chars(digits, digits + 4, unit, 16);
  if (error != std::errc() || end != digits + 4) return std::nullopt;
  return unit;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

// RFC 8259, section 8.2: legal grammar, but no character. \ud83d that is no half of a pair becomes \ufffd.
std::string without_lone_surrogates(std::string_view bytes) {
  std::string repaired(bytes);
  std::size_t position = 0;
  while ((position = repaired.find('\\', position)) != std::string::npos) {
    const std::optional<unsigned> unit = escaped_unit(repaired, position);
    if (!unit) {
      position += 2;  // the backslash and what it escapes
      continue;
    }
    if (is_high(*unit)) {
      const std::optional<unsigned> low = escaped_unit(repaired, position + 6);
      if (low && is_low(*low)) {
        position += 12;
        continue;
      }
    }
    if (is_high(*unit) || is_low(*unit)) repaired.replace(position + 2, 4, "fffd");
    position += 6;
  }
  return repaired;
}

template <typename Number>
void append_digits(std::string& out, Number number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), result.ptr);
}

}  // namespace

std::string read_json(std::string_view bytes, const Limits& limits, json& document) {
  const Survey found = survey(bytes);
  if (found.depth > limits.json_depth) {
    return "not JSON within the limits: nested " + std::to_string(found.depth) + " deep, at most " +
           std::to_string(limits.json_depth) + " are taken";
  }
  if (found.values > limits.json_values) {
    return "not JSON within the limits: about " + std::to_string(found.values) + " values, at most " +
           std::to_string(limits.json_values) + " are taken";
  }
  std::string repaired;
  bytes = text::repair_utf8(bytes, repaired).text;
  std::string paired;
  if (found.escaped_surrogates) {
    paired = without_lone_surrogates(bytes);
    bytes = paired;
  }
  if (bytes.empty()) return "not JSON: empty";
  if (read_plain_json(bytes, document)) return {};
  // The library's own messages are long and quote the bytes around; the place is enough.
  try {
    document = json::parse(bytes.begin(), bytes.end());
    return {};
  } catch (const json::parse_error& error) {
    return "not JSON: a syntax error at byte " + std::to_string(error.byte);
  } catch (const json::out_of_range&) {
    return "not JSON within the limits: a number beyond what 64 bits hold";
  }
}

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

const std::string* string_member(const json& object, const char* name) {
  const json* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get_ptr<const std::string*>() : nullptr;
}

std::string minified(std::string_view bytes) {
  std::string repaired;
  bytes = text::repair_utf8(bytes, repaired).text;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  std::string line;
  line.reserve(bytes.size());
  bool inside = false;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char byte = bytes[at];
    if (!inside && (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')) continue;
    line += byte;
    if (byte == '"') inside = !inside;
    if (inside && byte == '\\' && at + 1 < bytes.size()) line += bytes[++at];
  }
  return line;
}

void append_json_string(std::string& out, std::string_view text) {
  std::string repaired;
  text = text::repair_utf8(text, repaired).text;
  out += '"';
  while (true) {
    const std::size_t plain = unescaped_prefix(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char byte = text[0];
    text.remove_prefix(1);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += byte;
    } else if (byte == '\n') {
      out += "\\n";
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(byte) / 16];
      out += kDigits[static_cast<unsigned char>(byte) % 16];
    }
  }
  out += '"';
}

void append_json_number(std::string& out, float number) { append_digits(out, number); }
void append_json_number(std::string& out, double number) { append_digits(out, number); }

}  // namespace textlambda::lambda
