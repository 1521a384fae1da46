#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/corpus/json_number.h"
#include "textlambda/corpus/json_row.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/io/invalid.h"
#include "textlambda/json/document.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

}  // namespace

bool is_json_number(std::string_view token) {
  std::size_t position = 0;
  const auto at = [&] { return position < token.size() ? token[position] : '\0'; };
  const auto digits = [&] {
    const std::size_t start = position;
    while (is_digit(at())) ++position;
    return position > start;
  };
  if (at() == '-') ++position;
  if (at() == '0') {
    ++position;
  } else if (!digits()) {
    return false;
  }
  if (at() == '.') {
    ++position;
    if (!digits()) return false;
  }
  if (at() == 'e' || at() == 'E') {
    ++position;
    if (at() == '+' || at() == '-') ++position;
    if (!digits()) return false;
  }
  return position == token.size();
}

std::string json_fault(std::string_view line) {
  std::string buffer;
  const std::string_view valid = text::repair_utf8(line, buffer).text;
  try {
    const nlohmann::json parsed = nlohmann::json::parse(valid);
    if (parsed.is_object()) return "JSON that cannot be read: nested too deep, or a broken escape";
    return std::string("a JSON ") + parsed.type_name() + ", expected an object";
  } catch (const nlohmann::json::parse_error& error) {
    std::string fault = json::syntax_fault(error.byte, valid.size());
    if (error.byte == 0 || error.byte > valid.size()) return fault;
    return fault + ", near " + in_quotes(valid.substr(text::utf8_front(valid, error.byte - 1).size(), 24));
  } catch (const nlohmann::json::exception&) {
    return io::not_valid("JSON", "a number beyond what 64 bits hold");
  }
}

std::string_view kind_fault(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::null:
      return "is null";
    case JsonValue::Kind::array:
      return "is an array, expected a string, a number, true or false";
    case JsonValue::Kind::object:
      return "is an object, expected a string, a number, true or false";
    case JsonValue::Kind::scalar:
      return "is a scalar";
    case JsonValue::Kind::missing:
      break;
  }
  return "is missing";
}

}  // namespace textlambda::corpus
