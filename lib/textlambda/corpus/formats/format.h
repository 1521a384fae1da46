// What a format of corpora is: a row of the table in table.cpp, and a file that holds all of it: names, recognition,
// cutting, reading. Shared by threads; nothing here changes once made.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/row_sink.h"

namespace textlambda::corpus {

// Bytes and rows that recognition looks at.
constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr std::size_t kSampleRows = 200;

// The start of an input, as recognition sees it.
struct Sample {
  std::string name;        // of the input, for messages
  std::string extension;   // "csv", of a.csv.gz too; lower case
  std::string_view bytes;  // from the first row on: whole lines where the input is longer than the sample
  std::string_view whole;  // from the first row on, all of the input
  std::size_t begin = 0;   // of these in the input: after a byte order mark
  char line_end = '\n';    // '\r' where the input has no '\n' at all
};

// Bytes of an input that hold whole rows.
struct ChunkRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct ChunkBytes {
  std::string_view chunk;
  std::size_t readable_after = 0;  // bytes of the input that follow the chunk
};

// How the rows of one recognised input are read.
class InputReader {
 public:
  // Called with each range whose bytes have been read and are not needed soon.
  using Passed = std::function<void(ChunkRange)>;

  // `begin`: of the first row in the input.
  InputReader(std::size_t begin, char line_end) : begin_(begin), line_end_(line_end) {}
  InputReader(const InputReader&) = delete;
  InputReader& operator=(const InputReader&) = delete;
  virtual ~InputReader() = default;

  std::size_t begin() const { return begin_; }
  char line_end() const { return line_end_; }

  // Fills in header, text and label.
  virtual void describe(InputDescription&) const {}
  // Cuts what follows `begin`, a row's start, into chunks of about kChunkBytes. Depends on the bytes alone, so neither
  // results nor errors depend on the number of threads. By default at the ends of lines.
  virtual std::vector<ChunkRange> cut(std::string_view input, const std::string& name, std::size_t begin,
                                      const Passed& passed) const;
  // Delivers the rows of a chunk in order. Throws what the sink throws; thread-safe for different sinks.
  virtual void read(const ChunkBytes& bytes, RowSink& sink) const = 0;

 private:
  std::size_t begin_;
  char line_end_;
};

// How well a sample fits a format: the best wins, of equals the first in the table. Between these, finer grades.
inline constexpr double kNoFit = 0;
inline constexpr double kLastResort = 0.001;  // every text fits
inline constexpr double kFitsUnlessOther = 0.01;
inline constexpr double kLikely = 5;
inline constexpr double kNamed = 10;     // it fits, and the name's ending says so
inline constexpr double kCertain = 100;  // nothing else is tried

// What the first line of a stream tells.
enum class StreamFit {
  no,
  yes,
  if_columns_follow,  // where the second line has as many cells: then the input is refused, for it has to be said
};

struct Format {
  std::string_view name;                           // "csv"
  std::string_view title;                          // in messages, a plural: "fastText lines"
  std::span<const std::string_view> endings = {};  // of names, lower case, without the dot
  bool has_labels = true;
  bool has_columns = true;         // there is something to choose with --text and --label
  bool needs_whole_input = false;  // rows can be told only once all bytes are there

  double (*fit)(const Sample& sample, const CorpusOptions& options) = nullptr;
  // Throws Error(input_output) where the sample cannot be read so, or has no such columns.
  std::shared_ptr<const InputReader> (*open)(const Sample& sample, const CorpusOptions& options) = nullptr;
  // Throws Error(input_output) where the sample is of a kin of this format that is not read; asked where nothing fits.
  void (*refuse_kin)(const Sample& sample) = nullptr;
  // Whether a stream whose first line with something in it is this one is of this format: see stream_start.h. nullptr:
  // a stream never is unless that is said.
  StreamFit (*starts_stream)(std::string_view line, const CorpusOptions& options) = nullptr;
};

// In the order in which they are tried.
std::span<const Format* const> formats();
// nullptr where there is none. "auto" and "automatic" are no formats.
const Format* find_format(std::string_view name);
const Format* format_of_ending(std::string_view ending);
}  // namespace textlambda::corpus
