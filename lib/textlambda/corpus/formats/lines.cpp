// Each line is a text; there are no labels.
#include "textlambda/corpus/chunk_utf8.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

class LinesReader final : public InputReader {
 public:
  LinesReader(const Sample& sample, bool need_text)
      : InputReader(sample.begin, sample.line_end), need_text_(need_text) {}

  void read(const ChunkBytes& bytes, RowSink& sink) const override {
    ChunkUtf8 utf8(bytes.chunk);
    LineCursor lines(bytes.chunk, line_end());
    std::string repair;
    std::string_view line;
    bool more = true;
    while (more && lines.next(line)) {
      // Where empty texts are welcome, line n of the output is to answer line n of the input.
      if (need_text_ && text::trimmed(line).empty()) continue;
      if (line.size() > kMaxRowBytes) {
        more = sink.reject(lines.number(), [] { return std::string("a row longer than 16 MiB"); });
        continue;
      }
      const std::string_view text = utf8.repair(line, repair);
      more = sink.deliver(lines.number(), text, {}, utf8.take_repaired());
    }
  }

 private:
  bool need_text_;
};

double lines_fit(const Sample&, const CorpusOptions& options) { return options.need_label ? kNoFit : kLastResort; }

StreamFit lines_starts_stream(std::string_view, const CorpusOptions& options) {
  return options.need_label ? StreamFit::no : StreamFit::yes;
}

std::shared_ptr<const InputReader> open_lines(const Sample& sample, const CorpusOptions& options) {
  return std::make_shared<LinesReader>(sample, options.need_text);
}

}  // namespace

extern const Format kLines;
const Format kLines{.name = "lines",
                    .title = "plain lines",
                    .has_labels = false,
                    .has_columns = false,
                    .fit = lines_fit,
                    .open = open_lines,
                    .starts_stream = lines_starts_stream};

}  // namespace textlambda::corpus
