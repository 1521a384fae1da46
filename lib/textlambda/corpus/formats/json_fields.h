// Which fields of JSON objects hold the text and the label, and one object as a row: what JSON Lines and JSON arrays
// have in common. Thread-safe as far as their sinks are different.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/field_tree.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/json_row.h"

namespace textlambda::corpus {

// The first objects, of those that recognition looks at.
constexpr std::size_t kSampleObjects = 100;

struct JsonFields {
  std::string text;   // name of the field
  std::string label;  // empty where there is none
  FieldTree tree;
  std::size_t columns = 0;
  bool need_label = true;
};

// Gives the next of the objects that recognition looks at, as it stands in the input; false after the last.
using NextObject = std::function<bool(std::string_view& object)>;

// From the objects that `next` gives; what is no JSON object is passed over. Throws Error(input_output) where a
// field that the user named is in none of them, or where they do not tell.
JsonFields choose_fields(const Sample& sample, const NextObject& next, const CorpusOptions& options);

// Whether this object says by itself which field the text is: it has the one that was named, or one with a usual name.
bool shows_text(std::string_view object, const CorpusOptions& options);

// Whether the bytes start as an object does: '{' and a quote, or "{}".
bool starts_as_object(std::string_view bytes);

// Reads one object at a time and hands it to the sink. Not thread-safe: one a chunk.
class JsonTaker {
 public:
  // Both have to outlive this.
  JsonTaker(const JsonFields& fields, RowSink& sink);

  // `readable` bytes may be read after the object. False where reading has to end.
  bool take(std::string_view object, std::uint64_t line, std::size_t readable);

 private:
  bool deliver(std::uint64_t line);

  const JsonFields& fields_;
  RowSink& sink_;
  JsonRow row_;
};

}  // namespace textlambda::corpus
