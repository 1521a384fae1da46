// fastText's lines: each word with the label prefix is a label; the rest of the line is the text.
#include <algorithm>
#include <array>

#include "textlambda/corpus/chunk_utf8.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

// What fastText separates words by.
bool is_separator(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f' || byte == '\r' || byte == '\0';
}

struct FoundLabels {
  std::size_t count = 0;
  std::size_t begin = 0;  // of the first one, with its prefix
  std::size_t end = 0;
};

FoundLabels find_labels(std::string_view line, std::string_view prefix) {
  FoundLabels found;
  std::size_t position = 0;
  while ((position = line.find(prefix, position)) != std::string_view::npos) {
    if (position > 0 && !is_separator(line[position - 1])) {
      position += prefix.size();
      continue;
    }
    std::size_t end = position + prefix.size();
    while (end < line.size() && !is_separator(line[end])) ++end;
    if (found.count == 0) {
      found.begin = position;
      found.end = end;
    }
    ++found.count;
    position = end;
  }
  return found;
}

// The line without its label.
std::string_view text_around(std::string_view line, const FoundLabels& found, std::string& buffer) {
  const std::string_view before = text::trimmed(line.substr(0, found.begin));
  const std::string_view after = text::trimmed(line.substr(found.end));
  if (before.empty()) return after;
  if (after.empty()) return before;
  buffer.assign(before);
  buffer += ' ';
  buffer.append(after);
  return buffer;
}

class FastTextReader final : public InputReader {
 public:
  FastTextReader(const Sample& sample, const CorpusOptions& options)
      : InputReader(sample.begin, sample.line_end), prefix_(options.label_prefix), need_label_(options.need_label) {}

  void read(const ChunkBytes& bytes, RowSink& sink) const override {
    ChunkUtf8 utf8(bytes.chunk);
    LineCursor lines(bytes.chunk, line_end());
    std::string text_buffer;
    std::string text_repair;
    std::string label_repair;
    std::string_view line;
    bool more = true;
    while (more && lines.next(line)) {
      const std::uint64_t number = lines.number();
      if (text::trimmed(line).empty()) continue;
      const FoundLabels found = find_labels(line, prefix_);
      if (line.size() > kMaxRowBytes) {
        more = sink.reject(number, [] { return std::string("a row longer than 16 MiB"); });
      } else if (found.count > 1) {
        more = sink.reject(number, [&] { return std::to_string(found.count) + " labels, expected one"; });
      } else if (found.count == 0 && need_label_) {
        more = sink.reject(number, [&] { return "no label: no word starts with " + in_quotes(prefix_); });
      } else {
        const std::string_view label =
            found.count == 0 ? std::string_view()
                             : line.substr(found.begin + prefix_.size(), found.end - found.begin - prefix_.size());
        const std::string_view text = utf8.repair(text_around(line, found, text_buffer), text_repair);
        const std::string_view valid_label = utf8.repair(label, label_repair);
        more = sink.deliver(number, text, valid_label, utf8.take_repaired());
      }
    }
  }

 private:
  std::string prefix_;
  bool need_label_;
};

std::string_view first_word(std::string_view line) {
  line = text::trimmed(line);
  return line.substr(0, std::min(line.find_first_of(" \t\v\f"), line.size()));
}

double fasttext_fit(const Sample& sample, const CorpusOptions& options) {
  const std::string& prefix = options.label_prefix;
  LineCursor lines(sample.bytes, sample.line_end);
  std::string_view line;
  std::size_t rows = 0;
  std::size_t labelled = 0;
  std::size_t started = 0;  // lines whose first word is a label and nothing else
  while (rows < kSampleRows && lines.next(line)) {
    if (text::trimmed(line).empty()) continue;
    ++rows;
    const std::string_view first = first_word(line);
    if (first.starts_with(prefix) && first.find_first_of(",;|\"") == std::string_view::npos) ++started;
    for (std::size_t at = line.find(prefix); at != std::string_view::npos; at = line.find(prefix, at + 1)) {
      if (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t') continue;
      ++labelled;
      break;
    }
  }
  // Whatever the name ends in, and however many commas follow.
  if (10 * started >= 9 * rows && started > 0) return kCertain;
  return 2 * labelled > rows ? kLikely : kNoFit;
}

StreamFit fasttext_starts_stream(std::string_view line, const CorpusOptions& options) {
  return find_labels(line, options.label_prefix).count > 0 ? StreamFit::yes : StreamFit::no;
}

std::shared_ptr<const InputReader> open_fasttext(const Sample& sample, const CorpusOptions& options) {
  return std::make_shared<FastTextReader>(sample, options);
}

}  // namespace

extern const Format kFastText;
const Format kFastText{.name = "fasttext",
                       .title = "fastText lines",
                       .has_columns = false,
                       .fit = fasttext_fit,
                       .open = open_fasttext,
                       .starts_stream = fasttext_starts_stream};

}  // namespace textlambda::corpus
