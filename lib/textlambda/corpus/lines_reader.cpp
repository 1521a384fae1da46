#include "textlambda/corpus/chunk_utf8.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/readers.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {

void read_lines(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions& options, RowSink& sink) {
  ChunkUtf8 utf8(bytes.chunk);
  LineCursor lines(bytes.chunk, dialect.line_end);
  std::string repair;
  std::string_view line;
  bool more = true;
  while (more && lines.next(line)) {
    // Where empty texts are welcome, line n of the output is to answer line n of the input.
    if (options.need_text && text::trimmed(line).empty()) continue;
    if (line.size() > kMaxRowBytes) {
      more = sink.reject(lines.number(), [] { return std::string("a row longer than 16 MiB"); });
      continue;
    }
    const std::string_view text = utf8.repair(line, repair);
    more = sink.deliver(lines.number(), text, {}, utf8.take_repaired());
  }
}

}  // namespace textlambda::corpus
