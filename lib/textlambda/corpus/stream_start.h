// How an input that comes in pieces is to be read: told by its first lines, and by these alone, so that it does not
// matter in which pieces they come. Not thread-safe.
//
// The first line with something in it tells the format. Lines and fastText lines can then be answered as they come; so
// can JSON Lines, once a row has shown which field the text is (at the latest after 100 rows or 1 MiB). Of CSV, TSV and
// a JSON array all has to be there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "textlambda/corpus/corpus.h"

namespace textlambda::corpus {

class StreamStart {
 public:
  enum class Answer {
    more,   // the lines so far do not tell
    rows,   // the first bytes() hold the rows that told: Corpus::over() these, then continued()
    whole,  // all of the input is needed
  };

  // `options` without the need for labels. Throws Error(usage) where they name no format.
  StreamStart(const CorpusOptions& options, std::string name);

  // `bytes`: all that came so far, whole lines; `ended`: no more will come. Throws Error(input_output) for what looks
  // like CSV under names that nobody knows, since texts may hold commas too: it has to be said.
  Answer look(std::string_view bytes, bool ended);

  std::size_t bytes() const { return bytes_; }
  // Those given, with the format that was told, if it was.
  const CorpusOptions& options() const { return options_; }

 private:
  Answer look_at_rows(std::string_view bytes, bool ended);
  bool find_format(std::string_view bytes, bool ended);
  void take(std::string_view format, bool whole);

  CorpusOptions options_;
  std::string name_;
  bool known_ = false;
  bool whole_ = false;
  bool needs_field_ = false;  // JSON Lines: no row has shown the text yet
  std::size_t bytes_ = 0;     // of the lines looked at
  std::size_t rows_ = 0;
};

}  // namespace textlambda::corpus
