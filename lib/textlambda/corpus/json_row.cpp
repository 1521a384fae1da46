#include "textlambda/corpus/json_row.h"

#include <simdjson.h>

#include "textlambda/corpus/json_number.h"
#include "textlambda/corpus/utf8_check.h"
#include "textlambda/json/surrogates.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

std::string_view token_of(ondemand::value& value) {
  std::string_view token = value.raw_json_token();
  const std::size_t end = token.find_last_not_of(" \t\r\n");
  token.remove_suffix(token.size() - (end == std::string_view::npos ? 0 : end + 1));
  return token;
}

error_code read_scalar(ondemand::value& value, ondemand::json_type type, JsonValue& result) {
  result.kind = JsonValue::Kind::scalar;
  switch (type) {
    case ondemand::json_type::string:
      return value.get_string().get(result.text);
    case ondemand::json_type::number:
      result.text = token_of(value);
      return is_json_number(result.text) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    case ondemand::json_type::boolean:
      result.text = token_of(value);
      return result.text == "true" || result.text == "false" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
    default:  // simdjson's null; later versions know more types, which no JSON text has
      result.kind = JsonValue::Kind::null;
      return token_of(value) == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }
}

class Walk {
 public:
  explicit Walk(std::vector<JsonValue>& values) : values_(values) {}

  error_code object(ondemand::object object, const FieldTree& node) {
    for (auto item : object) {
      ondemand::field field;
      if (const error_code error = std::move(item).get(field)) return error;
      const FieldTree* child = nullptr;
      if (const error_code error = match(field, node, child)) return error;
      if (child == nullptr) continue;
      if (const error_code error = value(field.value(), *child)) return error;
    }
    return simdjson::SUCCESS;
  }

 private:
  static error_code match(ondemand::field& field, const FieldTree& node, const FieldTree*& match) {
    const char* const raw = field.key().raw();
    std::size_t length = 0;
    while (raw[length] != '"' && raw[length] != '\\') ++length;
    std::string_view key(raw, length);
    if (raw[length] == '\\') {
      if (const error_code error = field.unescaped_key().get(key)) return error;
    }
    for (const FieldTree& child : node.children) {
      if (child.key == key) match = &child;
    }
    return simdjson::SUCCESS;
  }

  error_code value(ondemand::value value, const FieldTree& node) {
    ondemand::json_type type{};
    if (const error_code error = value.type().get(type)) return error;
    forget(node);
    const bool wanted = !node.targets.empty();
    const bool nested = type == ondemand::json_type::array || type == ondemand::json_type::object;
    if (!nested) {
      JsonValue result;
      if (!wanted) return simdjson::SUCCESS;
      if (const error_code error = read_scalar(value, type, result)) return error;
      return assign(node, result);
    }
    if (wanted) {
      // Children below a wanted value are not looked for: a value is either taken whole or entered.
      JsonValue result;
      result.kind = type == ondemand::json_type::array ? JsonValue::Kind::array : JsonValue::Kind::object;
      if (const error_code error = whole(value, type, result.text)) return error;
      return assign(node, result);
    }
    if (node.children.empty()) return simdjson::SUCCESS;
    if (type == ondemand::json_type::array) return array(value, node);
    ondemand::object inner;
    if (const error_code error = value.get_object().get(inner)) return error;
    return object(inner, node);
  }

  static error_code whole(ondemand::value& value, ondemand::json_type type, std::string_view& text) {
    if (type == ondemand::json_type::array) {
      ondemand::array inner;
      if (const error_code error = value.get_array().get(inner)) return error;
      return inner.raw_json().get(text);
    }
    ondemand::object inner;
    if (const error_code error = value.get_object().get(inner)) return error;
    return inner.raw_json().get(text);
  }

  error_code array(ondemand::value& outer, const FieldTree& node) {
    ondemand::array elements;
    if (const error_code error = outer.get_array().get(elements)) return error;
    std::size_t index = 0;
    for (auto item : elements) {
      ondemand::value element;
      if (const error_code error = item.get(element)) return error;
      for (const FieldTree& child : node.children) {
        if (child.key != std::to_string(index)) continue;
        if (const error_code error = value(element, child)) return error;
        break;
      }
      ++index;
    }
    return simdjson::SUCCESS;
  }

  // Of a key that repeats the last one counts, whatever stood below the others.
  void forget(const FieldTree& node) {
    for (const std::size_t target : node.targets) values_[target] = {};
    for (const FieldTree& child : node.children) forget(child);
  }

  error_code assign(const FieldTree& node, const JsonValue& result) {
    for (const std::size_t target : node.targets) values_[target] = result;
    return simdjson::SUCCESS;
  }

  std::vector<JsonValue>& values_;
};

}  // namespace

struct JsonRow::Parser {
  ondemand::parser simd;
};

JsonRow::JsonRow(const FieldTree& fields, std::size_t target_count)
    : fields_(fields), parser_(std::make_unique<Parser>()), values_(target_count) {}

JsonRow::~JsonRow() = default;

bool JsonRow::parse(const char* data, std::size_t length) {
  std::fill(values_.begin(), values_.end(), JsonValue{});
  const simdjson::padded_string_view padded(data, length, length + simdjson::SIMDJSON_PADDING);
  ondemand::document document;
  if (parser_->simd.iterate(padded).get(document) != simdjson::SUCCESS) return false;
  ondemand::object root;
  if (document.get_object().get(root) != simdjson::SUCCESS) return false;
  if (Walk(values_).object(root, fields_) != simdjson::SUCCESS) return false;
  // Nothing may follow the object.
  const char* rest = nullptr;
  return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

bool JsonRow::parse_copy() {
  copy_.reserve(copy_.size() + simdjson::SIMDJSON_PADDING);
  return parse(copy_.data(), copy_.size());
}

bool JsonRow::read(std::string_view line, std::size_t readable) {
  repaired_ = false;
  bool parsed = false;
  if (readable >= simdjson::SIMDJSON_PADDING) {
    parsed = parse(line.data(), line.size());
    if (parsed) return true;
    copy_ = line;
  } else {
    copy_ = line;
    if (parse_copy()) return true;
  }
  if (text::repair_utf8(line, repair_).repaired) {
    copy_ = repair_;
    repaired_ = true;
  }
  const bool surrogates = json::replace_lone_surrogates(copy_);
  repaired_ = repaired_ || surrogates;
  return repaired_ && parse_copy();
}

bool is_valid_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

}  // namespace textlambda::corpus
