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

double json_array_fit(const Sample& sample, const CorpusOptions&) {
  if (!starts_as_object(after_bracket(sample))) return kNoFit;
  // A cell of a CSV may start with a bracket.
  return named_delimited(sample) ? kFitsUnlessOther : kCertain;
}

// "[", "[{", "[{"text"": alone in a line, an object's first key may follow.
StreamFit json_array_starts_stream(std::string_view line, const CorpusOptions&) {
  line = text::trimmed(line);
  if (!line.starts_with('[')) return StreamFit::no;
  const std::string_view rest = text::trimmed(line.substr(1));
  return rest.empty() || rest == "{" || starts_as_object(rest) ? StreamFit::yes : StreamFit::no;
}

// Elements from all over the array: after the first ones, at many places the next thing that looks like one. Those
// are no certain elements: an object inside another one may be like it.
class SpreadElements {
 public:
  SpreadElements(std::string_view whole, std::size_t position) : whole_(whole), position_(position) {}

  bool next(std::string_view& object) {
    if (++count_ > kSampleObjects) return next_place(object);
    const std::size_t end = json_value_end(whole_, position_);
    if (end == std::string_view::npos || end == position_) return next_place(object);
    object = whole_.substr(position_, end - position_);
    if (first_.empty()) first_ = object.substr(0, start_of_value(object));
    position_ = skip_json_space(whole_, end);
    if (position_ < whole_.size() && whole_[position_] == ',') position_ = skip_json_space(whole_, position_ + 1);
    return true;
  }

 private:
  static constexpr std::size_t kPlaces = 128;
  static constexpr std::size_t kLookAhead = std::size_t{64} << 10;

  // Past the first key: `{"id": 1, …` → `{"id"`.
  static std::size_t start_of_value(std::string_view object) {
    const std::size_t open = object.find('"');
    const std::size_t close = open == std::string_view::npos ? open : object.find('"', open + 1);
    return close == std::string_view::npos ? object.size() : close + 1;
  }

  bool next_place(std::string_view& object) {
    if (place_ == 0) after_first_ = position_;
    while (place_ < kPlaces && !first_.empty()) {
      const std::size_t target = after_first_ + (whole_.size() - after_first_) / kPlaces * place_;
      ++place_;
      const std::size_t begin = std::max(target, position_);
      const std::string_view ahead = whole_.substr(begin, kLookAhead);
      const std::size_t found = ahead.find(first_);
      if (found == std::string_view::npos) continue;
      const std::size_t end = json_value_end(ahead, found);
      if (end == std::string_view::npos) continue;
      object = ahead.substr(found, end - found);
      position_ = begin + end;
      return true;
    }
    return false;
  }

  std::string_view whole_;
  std::size_t position_;
  std::size_t count_ = 0;
  std::string_view first_;  // what the first object starts with, its first key
  std::size_t after_first_ = 0;
  std::size_t place_ = 0;
};

std::shared_ptr<const InputReader> open_json_array(const Sample& sample, const CorpusOptions& options) {
  const std::size_t bracket = skip_json_space(sample.bytes, 0);
  if (bracket == sample.bytes.size() || sample.bytes[bracket] != '[') {
    io::throw_input("is no JSON array: expected one array of objects", sample.name);
  }
  const std::size_t position = skip_json_space(sample.bytes, bracket + 1);
  if (position < sample.bytes.size() && sample.bytes[position] == ']') {
    io::throw_input("is an empty JSON array", sample.name);
  }
  SpreadElements elements(sample.whole, position);
  const auto next = [&](std::string_view& object) { return elements.next(object); };
  JsonFields fields = choose_fields(sample, next, options);
  return std::make_shared<JsonArrayReader>(sample.begin + bracket + 1, std::move(fields));
}

constexpr std::array<std::string_view, 1> kJsonEndings = {"json"};

}  // namespace

extern const Format kJsonArray;
const Format kJsonArray{.name = "json",
                        .title = "a JSON array",
                        .endings = kJsonEndings,
                        .needs_whole_input = true,
                        .fit = json_array_fit,
                        .open = open_json_array,
                        .starts_stream = json_array_starts_stream};

}  // namespace textlambda::corpus
