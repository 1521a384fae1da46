// JSON Lines: an object a line.
#include <array>
#include <utility>

#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/formats/json_fields.h"
#include "textlambda/corpus/formats/line_chunks.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

class JsonLinesReader final : public InputReader {
 public:
  JsonLinesReader(const Sample& sample, JsonFields fields)
      : InputReader(sample.begin, sample.line_end), fields_(std::move(fields)) {}

  void describe(InputDescription& description) const override {
    description.text = fields_.text;
    description.label = fields_.label;
  }

  void read(const ChunkBytes& bytes, RowSink& sink) const override {
    JsonTaker taker(fields_, sink);
    LineCursor lines(bytes.chunk, line_end());
    std::string_view line;
    bool more = true;
    while (more && lines.next(line)) {
      if (text::trimmed(line).empty()) continue;
      more = taker.take(line, lines.number(), lines.rest().size() + bytes.readable_after);
    }
  }

 private:
  JsonFields fields_;
};

// Most of the first lines are objects. Broken ones count too where they start as an object does: the reader tells what
// is wrong with them.
double jsonl_fit(const Sample& sample, const CorpusOptions&) {
  LineCursor lines(sample.bytes, sample.line_end);
  std::string_view line;
  std::size_t rows = 0;
  std::size_t objects = 0;
  while (rows < kSampleObjects && lines.next(line)) {
    line = text::trimmed(line);
    if (line.empty()) continue;
    ++rows;
    if (starts_as_object(line)) ++objects;
  }
  return 2 * objects > rows ? kCertain : kNoFit;
}

void refuse_other_json(const Sample& sample) {
  const std::string_view bytes = text::trimmed(sample.bytes);
  if (bytes.empty()) return;
  const std::string_view rest = text::trimmed(bytes.substr(1));
  if (bytes.front() == '[' && !rest.empty() && rest.front() == '{') {
    io::throw_input("is a JSON array, expected JSON Lines: one object a line, without brackets and commas around them",
                    sample.name);
  }
  if (bytes.front() == '[' && !rest.empty() && (rest.front() == '[' || rest.front() == '"')) {
    io::throw_input("is a JSON array of something else than objects, expected JSON Lines or an array of objects",
                    sample.name);
  }
  const std::string_view first_line = text::trimmed(bytes.substr(0, bytes.find(sample.line_end)));
  if (bytes.front() == '{' && !rest.empty() && rest.front() == '"' && first_line != bytes) {
    io::throw_input("is JSON over several lines, expected JSON Lines (one object a line) or an array of objects",
                    sample.name);
  }
}

std::shared_ptr<const InputReader> open_jsonl(const Sample& sample, const CorpusOptions& options) {
  if (jsonl_fit(sample, options) == kNoFit) refuse_other_json(sample);
  SpreadLines lines(sample, kSampleObjects);
  const auto next = [&](std::string_view& line) { return lines.next(line); };
  return std::make_shared<JsonLinesReader>(sample, choose_fields(sample, next, options));
}

StreamFit jsonl_starts_stream(std::string_view line, const CorpusOptions&) {
  return starts_as_object(text::trimmed(line)) ? StreamFit::yes : StreamFit::no;
}

constexpr std::array<std::string_view, 2> kJsonLinesEndings = {"jsonl", "ndjson"};

}  // namespace

extern const Format kJsonLines;
const Format kJsonLines{.name = "jsonl",
                        .title = "JSON Lines",
                        .endings = kJsonLinesEndings,
                        .fit = jsonl_fit,
                        .open = open_jsonl,
                        .refuse_kin = refuse_other_json,
                        .starts_stream = jsonl_starts_stream};

}  // namespace textlambda::corpus
