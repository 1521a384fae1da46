// One object of JSON Lines or of a JSON array: finds its wanted fields. Keeps a parser and buffers, so that a call
// allocates nothing once warm. Not thread-safe: one a thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/field_tree.h"

namespace textlambda::corpus {

struct JsonValue {
  enum class Kind { missing, scalar, null, array, object };
  Kind kind = Kind::missing;
  // Of a string its content, of a number or true/false its JSON spelling, of an array or object its JSON; valid UTF-8.
  std::string_view text;
};

class JsonRow {
 public:
  // `fields` has to outlive this and names targets below `target_count`.
  JsonRow(const FieldTree& fields, std::size_t target_count);
  JsonRow(const JsonRow&) = delete;
  JsonRow& operator=(const JsonRow&) = delete;
  ~JsonRow();

  // False where the line is not one JSON object. `readable` bytes may be read after the line (their values do not
  // matter): with enough of them the line is parsed in place. Of a key that repeats, the last one counts.
  bool read(std::string_view line, std::size_t readable);

  // Of the last read(), by target; valid until the next.
  const std::vector<JsonValue>& values() const { return values_; }
  // Broken UTF-8 or lone surrogate escapes were replaced by U+FFFD.
  bool repaired() const { return repaired_; }

 private:
  struct Parser;
  bool parse(const char* data, std::size_t length);
  bool parse_copy();

  const FieldTree& fields_;
  std::unique_ptr<Parser> parser_;
  std::vector<JsonValue> values_;
  std::string copy_;
  std::string repair_;
  bool repaired_ = false;
};

// Why `line` is not one JSON object, and where: "not valid JSON: a syntax error at byte 17, near …". For messages:
// slow.
std::string json_fault(std::string_view line);

// What a value that is no scalar is: "is null", "is an array, expected …".
std::string_view kind_fault(JsonValue::Kind kind);

}  // namespace textlambda::corpus
