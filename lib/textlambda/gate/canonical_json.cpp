#include "textlambda/gate/canonical_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

namespace textlambda::gate {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 32;

void write_number(double number, std::string& text) {
  if (number == 0) {
    text += "0";  // "-0" would read back as the integer 0
    return;
  }
  if (!std::isfinite(number)) {
    text += "null";
    return;
  }
  std::array<char, 32> digits{};
  const auto [end, fault] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end);
}

bool on_one_line(const Json& array) {
  return std::none_of(array.begin(), array.end(), [](const Json& element) { return element.is_object(); });
}

void write(const Json& value, std::size_t indent, std::string& text) {
  const std::string margin(indent + 2, ' ');
  if (value.is_number_float()) {
    write_number(value.get<double>(), text);
  } else if (value.is_object() && !value.empty()) {
    text += "{\n";
    bool first = true;
    for (const auto& [key, member] : value.items()) {
      text += (first ? "" : ",\n") + margin + Json(key).dump() + ": ";
      write(member, indent + 2, text);
      first = false;
    }
    text += "\n" + std::string(indent, ' ') + "}";
  } else if (value.is_array() && !value.empty()) {
    const bool one_line = on_one_line(value);
    text += one_line ? "[" : "[\n";
    bool first = true;
    for (const Json& element : value) {
      if (!first) text += one_line ? ", " : ",\n";
      if (!one_line) text += margin;
      write(element, indent + 2, text);
      first = false;
    }
    text += one_line ? "]" : "\n" + std::string(indent, ' ') + "]";
  } else {
    text += value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

}  // namespace

std::string canonical_json(const Json& value) {
  std::string text;
  write(value, 0, text);
  return text + "\n";
}

Json read_json(std::string_view bytes, const std::string& file) {
  bool too_deep = false;
  const auto limit_depth = [&](int depth, Json::parse_event_t, Json&) {
    if (depth <= kDeepest) return true;
    too_deep = true;
    return false;  // drops the value
  };
  Json parsed;
  try {
    parsed = Json::parse(bytes.begin(), bytes.end(), limit_depth);
  } catch (const Json::exception&) {
    io::throw_input("is damaged or not a baseline: not JSON", file);
  }
  if (too_deep) io::throw_input("is not a baseline: nested too deep", file);
  if (!parsed.is_object()) io::throw_input("is not a baseline: a JSON object was expected", file);
  return parsed;
}

}  // namespace textlambda::gate
