// A labelled (or unlabelled) corpus in one or several files.
//
// Formats: fastText lines, CSV and TSV (RFC 4180), JSON Lines, a JSON array; plain, gzip or Zstandard; "-" is standard
// input. The format is recognised from the content unless said. docs/corpora.md shows each. Few rows of broken UTF-8
// are repaired (U+FFFD) and counted; a file that is not UTF-8 is refused, and so is a label that would be repaired.
//
// Blank lines are no rows. A row above 16 MiB is bad. A CSV cell whose quotes do not close properly costs its row
// alone: reading goes on with the line after the one where the quote opened (csv_row.h). Of a JSON key that
// repeats the last one counts, as in events; numbers, true and false are taken in their JSON spelling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/row_source.h"

namespace textlambda::archive {
class InputBytes;
}

namespace textlambda::corpus {

// No row is longer than this: a longer one is bad. It bounds every buffer and every search for a closing quote.
inline constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;

enum class OnBadRow {
  stop,     // Error with file, line and reason
  skip,     // counted, the first ten kept in the summary
  deliver,  // like skip, and delivered in its place with Example::bad_reason
};

struct CorpusOptions {
  // "csv", "jsonl", …: a name of format_names(). Empty: recognised.
  std::string format;
  // Where the text and the label are. CSV/TSV: a column's name in the header or its number from 1. JSON Lines: a
  // field's name, or a JSON Pointer (RFC 6901) where it starts with '/'. Empty: recognised.
  std::string text;
  std::string label;
  // "utf-8", "gb18030", …: see text_encoding.h. Empty or "auto": UTF-8, or what a byte order mark says.
  std::string encoding;
  // CSV/TSV: whether the first row is a header. Unset: recognised.
  std::optional<bool> header;
  // CSV/TSV: what the columns are called, in their order; the first row is data unless `header` says otherwise. Empty:
  // as the header says.
  std::vector<std::string> column_names;
  // CSV/TSV: what separates cells. Unset: recognised.
  std::optional<char> delimiter;
  // CSV/TSV: false where a quote is a character like any other. Unset: CSV has quotes, TSV where the file shows it.
  std::optional<bool> quotes;
  // fastText's label prefix.
  std::string label_prefix = "__label__";
  // A row without a text or label, with unbalanced quotes, of the wrong width, …: stop with Error, or count it and go
  // on.
  OnBadRow on_bad_row = OnBadRow::stop;
  // False: rows need no label; Example::label is then empty where there is none.
  bool need_label = true;
  // False: a row whose text is empty or only white space is fine.
  bool need_text = true;
  // True: an input is CSV or TSV only where its name or the options say so, since a sentence may hold commas and tabs.
  bool prefer_lines = false;
  // Further columns or fields to deliver with each example, named as for `text`; a missing one is an empty string.
  std::vector<std::string> columns;
  // Limit for one input once decompressed.
  std::uint64_t max_bytes = std::uint64_t{16} << 30;
};

class Corpus final : public RowSource {
 public:
  // Opens and recognises all inputs; throws Error(input_output) for unreadable, empty or binary ones and for columns
  // that are not there (the message names those that are); Error(usage) for options that make no sense.
  static Corpus open(const std::vector<std::string>& paths, const CorpusOptions& options);
  // The same over bytes already read; `name` is for messages.
  static Corpus over(std::string bytes, const std::string& name, const CorpusOptions& options);
  static Corpus over(archive::InputBytes bytes, const CorpusOptions& options);
  // For streams: a corpus over the next whole rows of the only input, read as what came before was recognised. Rows and
  // lines count on.
  Corpus continued(std::string bytes) const;
  Corpus(Corpus&&) noexcept;
  Corpus& operator=(Corpus&&) noexcept;
  ~Corpus() override;

  // Bytes of an input once decompressed.
  const std::vector<InputDescription>& inputs() const override;
  const std::vector<std::string>& columns() const override;
  // Over the decompressed bytes of the inputs as UTF-8, in order (for one input: of its bytes).
  std::string sha256() const override;
  std::size_t partition_count() const override;
  // Under OnBadRow::stop the first bad row throws Error(input_output) with file, line and reason.
  PartitionSummary read(std::size_t partition, const Visit& visit) const override;
  using RowSource::release;
  void release(std::size_t partition, std::size_t count) const override;
  std::size_t input_of(std::size_t partition) const override;
  std::uint64_t rows_before(std::size_t partition) const override;
  Location locate(std::size_t partition, std::uint64_t line) const override;

  // What is worth a line of warning each, "file:line: …": headers in the middle of a file, cells that look as if they
  // had swallowed rows, an input given twice, repaired rows. Of the partitions that were read.
  std::vector<std::string> remarks() const;

 private:
  struct Input;
  struct Chunk;
  struct State;
  explicit Corpus(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// `name` itself, to be used as CorpusOptions::format. Throws Error(usage) where it names no format.
std::string checked_format(const std::string& name);

// "auto, json, jsonl, …": for help on CorpusOptions::format.
std::string format_names(std::string_view automatic);

}  // namespace textlambda::corpus
