#include "textlambda/json/document.h"

#include <nlohmann/json.hpp>

#include "textlambda/io/invalid.h"
#include "textlambda/json/plain.h"
#include "textlambda/json/surrogates.h"
#include "textlambda/json/survey.h"
#include "textlambda/text/utf8.h"

namespace textlambda::json {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kWithinLimits = "JSON within the limits";

}  // namespace

std::string read(std::string_view bytes, const Limits& limits, Json& document) {
  const Survey found = survey(bytes);
  if (found.depth > limits.depth) {
    return io::not_valid(kWithinLimits, "nested " + std::to_string(found.depth) + " deep, at most " +
                                            std::to_string(limits.depth) + " are taken");
  }
  if (found.values > limits.values) {
    return io::not_valid(kWithinLimits, "about " + std::to_string(found.values) + " values, at most " +
                                            std::to_string(limits.values) + " are taken");
  }
  std::string repaired;
  bytes = text::repair_utf8(bytes, repaired).text;
  std::string paired;
  if (found.escaped_surrogates) {
    paired = bytes;
    replace_lone_surrogates(paired);
    bytes = paired;
  }
  if (read_plain(bytes, document)) return {};
  // The library's own messages are long and quote the bytes around; the place is enough.
  try {
    document = Json::parse(bytes.begin(), bytes.end());
    return {};
  } catch (const Json::parse_error& error) {
    return syntax_fault(error.byte, bytes.size());
  } catch (const Json::out_of_range&) {
    return io::not_valid(kWithinLimits, "a number beyond what 64 bits hold");
  }
}

bool parse(std::string_view text, std::size_t deepest, Json& document) {
  document = survey(text).depth > deepest ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
  return !document.is_discarded();
}

std::string syntax_fault(std::size_t byte, std::size_t size) {
  if (size == 0) return io::not_valid("JSON", "empty");
  return byte > size ? io::not_valid("JSON", "cut off", size) : io::not_valid("JSON", "a syntax error", byte);
}

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

const Json* member(const Json* object, const char* name) { return object == nullptr ? nullptr : member(*object, name); }

const std::string* string_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get_ptr<const std::string*>() : nullptr;
}

std::string string_or_empty(const Json& object, const char* name) {
  const std::string* value = string_member(object, name);
  return value == nullptr ? std::string() : *value;
}

std::string string_or_empty(const Json* object, const char* name) {
  return object == nullptr ? std::string() : string_or_empty(*object, name);
}

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::optional<std::string> string_content(std::string_view literal) {
  Json parsed;
  const bool is_valid = text::valid_utf8_prefix(literal) == literal.size();
  if (!is_valid || !read_plain(literal, parsed)) parsed = Json::parse(literal, nullptr, false);
  return parsed.is_string() ? std::optional(parsed.get<std::string>()) : std::nullopt;
}

}  // namespace textlambda::json
