// A labelled (or unlabelled) corpus in one or several files, read in chunks that threads may take in any order.
//
// Formats: fastText lines, CSV and TSV (RFC 4180), JSON Lines; plain, gzip or Zstandard; "-" is standard input. The
// format is recognised from the content unless said. Broken UTF-8 is repaired (U+FFFD) and counted, never fatal.
//
// Blank lines are no rows. A row above 16 MiB is bad. A CSV cell whose quotes do not close properly costs its row
// alone: reading goes on with the line after the one where the quote opened (csv_row.h). Of duplicate JSON keys the
// first counts; numbers, true and false are taken in their JSON spelling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::corpus {

enum class Format { automatic, fasttext, csv, tsv, jsonl, lines };

enum class OnBadRow {
  stop,     // Error with file, line and reason
  skip,     // counted, the first ten kept in the summary
  deliver,  // like skip, and delivered in its place with Example::bad_reason
};

struct CorpusOptions {
  Format format = Format::automatic;
  // Where the text and the label are. CSV/TSV: a column's name in the header or its number from 1. JSON Lines: a
  // field's name, or a JSON Pointer (RFC 6901) where it starts with '/'. Empty: recognised.
  std::string text;
  std::string label;
  // CSV/TSV: whether the first row is a header. Unset: recognised.
  std::optional<bool> header;
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

// One row. The views are valid only during the call that delivers it.
struct Example {
  std::string_view text;                         // valid UTF-8
  std::string_view label;                        // valid UTF-8; empty where there is none
  const std::vector<std::string_view>* columns;  // CorpusOptions::columns, in that order
  std::uint64_t line;                            // 1-based line within the chunk where the row starts: see locate()
  std::string_view bad_reason;                   // OnBadRow::deliver: why the row cannot be used; else empty
};

struct Location {
  std::string file;
  std::uint64_t line = 0;  // 1-based
};

struct BadRow {
  std::uint64_t line = 0;  // within the chunk, as Example::line
  std::string reason;      // "no field \"label\"", "unbalanced quote", …
};

// What reading a chunk came to.
struct ChunkSummary {
  std::uint64_t rows = 0;           // delivered
  std::uint64_t repaired_rows = 0;  // delivered with broken UTF-8 repaired
  std::uint64_t bad_row_count = 0;  // skipped
  std::vector<BadRow> bad_rows;     // the first ten of them
};

// What was recognised of one input, for the training card and messages.
struct InputDescription {
  std::string name;
  Format format = Format::automatic;  // never automatic
  bool header = false;
  std::string text;   // the column or field used: its name, else its number
  std::string label;  // empty where there is none
  std::uint64_t bytes = 0;
};

class Corpus {
 public:
  // Opens and recognises all inputs; throws Error(input_output) for unreadable, empty or binary ones and for columns
  // that are not there (the message names those that are); Error(usage) for options that make no sense.
  static Corpus open(const std::vector<std::string>& paths, const CorpusOptions& options);
  // The same over bytes already read; `name` is for messages.
  static Corpus over(std::string bytes, const std::string& name, const CorpusOptions& options);
  // For streams: a corpus over the next whole rows of the only input, read as what came before was recognised. Lines
  // count from 1 again.
  Corpus continued(std::string bytes) const;
  Corpus(Corpus&&) noexcept;
  Corpus& operator=(Corpus&&) noexcept;
  ~Corpus();

  const std::vector<InputDescription>& inputs() const;
  // Bytes of all inputs once decompressed.
  std::uint64_t bytes() const;
  // Chunks hold whole rows, follow the order of the inputs, and do not depend on the number of threads.
  std::size_t chunk_count() const;

  // Delivers the rows of one chunk in order. Thread-safe for any chunks at the same time. Under OnBadRow::stop the
  // first bad row throws Error(input_output) with file, line and reason. `visit` returns false to stop early.
  ChunkSummary read_chunk(std::size_t chunk, const std::function<bool(const Example&)>& visit) const;

  // File and line of a row, from the line that read_chunk gave. Counts lines from the file's start: for messages.
  Location locate(std::size_t chunk, std::uint64_t line) const;

  // Where each chunk starts: its input, and the lines of that input before it, so that a row's line in the input is
  // this plus Example::line. One pass over all bytes.
  struct ChunkStart {
    std::size_t input = 0;  // index into inputs()
    std::uint64_t lines_before = 0;
  };
  std::vector<ChunkStart> chunk_starts() const;

  // As given to open().
  const CorpusOptions& options() const;

  // SHA-256 over the decompressed bytes of the inputs, in order (for one input: of its bytes).
  std::string sha256() const;

  // The pages of a chunk are not needed again soon (memory hint).
  void release_chunk(std::size_t chunk) const;

 private:
  struct State;
  explicit Corpus(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// "csv", "jsonl", …; parse_format throws Error(usage) for an unknown name.
std::string_view format_name(Format format);
Format parse_format(std::string_view name);

}  // namespace textlambda::corpus
