// The same as json_row.cpp without simdjson, of which Debian has no static library: for the static bootstrap-retrain.
// What is JSON is read alike. Of what is none, this passes over a control character within a string that nobody asked
// for, which that refuses.
#include <algorithm>
#include <functional>
#include <list>
#include <optional>

#include "textlambda/corpus/json_number.h"
#include "textlambda/corpus/json_row.h"
#include "textlambda/corpus/utf8_check.h"
#include "textlambda/json/document.h"
#include "textlambda/json/plain.h"
#include "textlambda/json/span.h"
#include "textlambda/json/surrogates.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {

// What strings with escapes come to.
struct JsonRow::Parser {
  std::list<std::string> contents;
};

namespace {

class PlainWalk {
 public:
  PlainWalk(std::vector<JsonValue>& values, std::list<std::string>& contents) : values_(values), contents_(contents) {}

  bool object(std::string_view text, const FieldTree& node) {
    bool good = true;
    const bool whole =
        json::visit_members(text, [&](const json::Member& member) { return good = take_member(text, member, node); });
    return good && whole;
  }

 private:
  bool take_member(std::string_view text, const json::Member& member, const FieldTree& node) {
    std::string_view key = member.key;
    std::optional<std::string> unescaped;
    if (key.find('\\') != std::string_view::npos) {
      unescaped = json::string_content({key.data() - 1, key.size() + 2});
      if (!unescaped) return false;
      key = *unescaped;
    }
    const FieldTree* child = nullptr;
    for (const FieldTree& each : node.children) {
      if (each.key == key) child = &each;
    }
    return child == nullptr || take_value(member.value.of(text), *child);
  }

  bool take_value(std::string_view value, const FieldTree& node) {
    forget(node);
    const bool is_array = value.front() == '[';
    if (!is_array && value.front() != '{') return node.targets.empty() || take_scalar(value, node);
    if (!node.targets.empty()) {
      assign(node, {is_array ? JsonValue::Kind::array : JsonValue::Kind::object, value});
      return true;
    }
    if (node.children.empty()) return true;
    return is_array ? array(value, node) : object(value, node);
  }

  bool array(std::string_view text, const FieldTree& node) {
    std::size_t index = 0;
    bool good = true;
    const bool whole = json::visit_elements(text, [&](json::Span element) {
      for (const FieldTree& child : node.children) {
        if (child.key != std::to_string(index)) continue;
        good = take_value(element.of(text), child);
        break;
      }
      ++index;
      return good;
    });
    return good && whole;
  }

  bool take_scalar(std::string_view token, const FieldTree& node) {
    if (token == "null") {
      assign(node, {JsonValue::Kind::null, {}});
      return true;
    }
    if (token.front() != '"') {
      if (token != "true" && token != "false" && !is_json_number(token)) return false;
      assign(node, {JsonValue::Kind::scalar, token});
      return true;
    }
    const std::string_view content = token.substr(1, token.size() - 2);
    if (json::unescaped_prefix(content) == content.size()) {
      assign(node, {JsonValue::Kind::scalar, content});
      return true;
    }
    std::optional<std::string> unescaped = json::string_content(token);
    if (!unescaped) return false;
    assign(node, {JsonValue::Kind::scalar, contents_.emplace_back(std::move(*unescaped))});
    return true;
  }

  void forget(const FieldTree& node) {
    for (const std::size_t target : node.targets) values_[target] = {};
    for (const FieldTree& child : node.children) forget(child);
  }

  void assign(const FieldTree& node, const JsonValue& result) {
    for (const std::size_t target : node.targets) values_[target] = result;
  }

  std::vector<JsonValue>& values_;
  std::list<std::string>& contents_;
};

}  // namespace

JsonRow::JsonRow(const FieldTree& fields, std::size_t target_count)
    : fields_(fields), parser_(std::make_unique<Parser>()), values_(target_count) {}

JsonRow::~JsonRow() = default;

bool JsonRow::parse(const char* data, std::size_t length) {
  std::fill(values_.begin(), values_.end(), JsonValue{});
  parser_->contents.clear();
  const std::string_view line(data, length);
  return is_valid_utf8(line) && PlainWalk(values_, parser_->contents).object(line, fields_);
}

bool JsonRow::parse_copy() { return parse(copy_.data(), copy_.size()); }

bool JsonRow::read(std::string_view line, std::size_t /*readable*/) {
  repaired_ = false;
  if (parse(line.data(), line.size())) return true;
  copy_ = line;
  if (text::repair_utf8(line, repair_).repaired) {
    copy_ = repair_;
    repaired_ = true;
  }
  const bool surrogates = json::replace_lone_surrogates(copy_);
  repaired_ = repaired_ || surrogates;
  return repaired_ && parse_copy();
}

bool is_valid_utf8(std::string_view bytes) { return text::valid_utf8_prefix(bytes) == bytes.size(); }

}  // namespace textlambda::corpus
