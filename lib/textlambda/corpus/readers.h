// A reader a format: delivers the rows of one chunk, in order. `chunk` holds whole rows; `input` is all it was cut
// from. Throw what the sink throws; thread-safe for different sinks.
#pragma once

#include <string_view>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/dialect.h"
#include "textlambda/corpus/row_sink.h"

namespace textlambda::corpus {

struct ChunkBytes {
  std::string_view chunk;
  std::size_t readable_after = 0;  // bytes of the input that follow the chunk
};

void read_csv(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions& options, RowSink& sink);
void read_jsonl(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions& options, RowSink& sink);
// Each word with the label prefix is a label; the rest of the line is the text.
void read_fasttext(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions& options, RowSink& sink);
// Each line is a text.
void read_lines(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions& options, RowSink& sink);

}  // namespace textlambda::corpus
