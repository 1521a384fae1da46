// One JSON array of objects, in a line or in many: what pandas' to_json(orient="records"), mongoexport --jsonArray and
// annotation tools write. Where the array itself is broken nothing of it can be trusted, and the input is refused with
// the line; what is wrong inside one element costs that row alone.
#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/corpus/formats/csv_layout.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/formats/json_elements.h"
#include "textlambda/corpus/formats/json_fields.h"
#include "textlambda/corpus/formats/line_chunks.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

// Walks over the elements from `position`, a place behind '[', and demands what has to stand between them.
class Elements {
 public:
  Elements(std::string_view input, const std::string& name, std::size_t position)
      : input_(input), name_(name), position_(position) {}

  // False after the last.
  bool next() {
    const std::size_t begin = skip_json_space(input_, position_);
    const std::size_t end = json_value_end(input_, begin);
    if (end == std::string_view::npos) fail(begin, "this element of the JSON array does not end");
    if (end == begin) fail(begin, begin == input_.size() ? kUnclosed : "expected an element of the JSON array");
    const std::size_t after = skip_json_space(input_, end);
    if (after == input_.size()) fail(begin, kUnclosed);
    if (input_[after] != ',' && input_[after] != ']') {
      fail(after, "expected ',' or ']' after an element of the JSON array");
    }
    last_ = input_[after] == ']';
    position_ = last_ ? after : after + 1;
    if (!last_) return true;
    const std::size_t rest = skip_json_space(input_, after + 1);
    if (rest != input_.size()) fail(rest, "text after the end of the JSON array");
    return false;
  }

  // Past the comma that follows the element; before the array's end where it was the last.
  std::size_t position() const { return position_; }

 private:
  static constexpr const char* kUnclosed = "the JSON array does not end: ']' is missing";

  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    const std::string_view before = input_.substr(0, at);
    io::throw_input(message, name_, static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1);
  }

  std::string_view input_;
  const std::string& name_;
  std::size_t position_;
  bool last_ = false;
};

class JsonArrayReader final : public InputReader {
 public:
  JsonArrayReader(std::size_t begin, JsonFields fields) : InputReader(begin, '\n'), fields_(std::move(fields)) {}

  void describe(InputDescription& description) const override {
    description.text = fields_.text;
    description.label = fields_.label;
  }

  std::vector<ChunkRange> cut(std::string_view input, const std::string& name, std::size_t begin,
                              const Passed& passed) const override {
    std::vector<ChunkRange> chunks;
    Elements elements(input, name, begin);
    for (bool more = true; more;) {
      more = elements.next();
      if (more && elements.position() - begin < kChunkBytes) continue;
      chunks.push_back({begin, elements.position()});
      passed(chunks.back());
      begin = elements.position();
    }
    return chunks;
  }

  void read(const ChunkBytes& bytes, RowSink& sink) const override {
    JsonTaker taker(fields_, sink);
    const std::string_view chunk = bytes.chunk;
    std::uint64_t line = 1;
    std::size_t position = 0;
    bool more = true;
    while (more) {
      std::size_t begin = skip_json_space(chunk, position);
      if (begin < chunk.size() && chunk[begin] == ',') begin = skip_json_space(chunk, begin + 1);
      if (begin == chunk.size()) return;
      const std::size_t end = json_value_end(chunk, begin);
      line += lines_between(chunk, position, begin);
      more = taker.take(chunk.substr(begin, end - begin), line, chunk.size() - end + bytes.readable_after);
      line += lines_between(chunk, begin, end);
      position = end;
    }
  }

 private:
  static std::uint64_t lines_between(std::string_view chunk, std::size_t begin, std::size_t end) {
    const std::string_view bytes = chunk.substr(begin, end - begin);
    return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  }

  JsonFields fields_;
};

// What follows the '[' that the bytes start with; where there is none, nothing.
std::string_view after_bracket(const Sample& sample) {
  const std::size_t bracket = skip_json_space(sample.bytes, 0);
  const bool is_array = bracket < sample.bytes.size() && sample.bytes[bracket] == '[';
  return is_array ? sample.bytes.substr(skip_json_space(sample.bytes, bracket + 1)) : std::string_view();
}

double fit(const Sample& sample, const CorpusOptions&) {
  if (!starts_as_object(after_bracket(sample))) return kNoFit;
  // A cell of a CSV may start with a bracket.
  return named_delimited(sample) ? kFitsUnlessOther : kCertain;
}

// "[", "[{": an object's first key may follow.
bool may_follow(const Sample& sample) {
  std::string start;
  for (const char byte : text::trimmed(sample.bytes).substr(0, 64)) {
    if (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n') start += byte;
  }
  return start == "[" || start == "[{";
}

std::shared_ptr<const InputReader> open(const Sample& sample, const CorpusOptions& options) {
  const std::size_t bracket = skip_json_space(sample.bytes, 0);
  if (bracket == sample.bytes.size() || sample.bytes[bracket] != '[') {
    io::throw_input("is no JSON array: expected one array of objects", sample.name);
  }
  std::size_t position = skip_json_space(sample.bytes, bracket + 1);
  if (position < sample.bytes.size() && sample.bytes[position] == ']') {
    io::throw_input("is an empty JSON array", sample.name);
  }
  const auto next = [&](std::string_view& object) {
    const std::size_t end = json_value_end(sample.bytes, position);
    if (end == std::string_view::npos || end == position) return false;
    object = sample.bytes.substr(position, end - position);
    position = skip_json_space(sample.bytes, end);
    if (position < sample.bytes.size() && sample.bytes[position] == ',') {
      position = skip_json_space(sample.bytes, position + 1);
    }
    return true;
  };
  JsonFields fields = choose_fields(sample, next, options);
  return std::make_shared<JsonArrayReader>(sample.begin + bracket + 1, std::move(fields));
}

constexpr std::array<std::string_view, 1> kEndings = {"json"};

}  // namespace

extern const Format kJsonArray;
const Format kJsonArray{.name = "json",
                        .title = "a JSON array",
                        .endings = kEndings,
                        .needs_whole_input = true,
                        .fit = fit,
                        .open = open,
                        .may_follow = may_follow};

}  // namespace textlambda::corpus
