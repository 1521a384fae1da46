// The options that say how a corpus is read, the same for every command that reads one.
#pragma once

#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"

#include "command/command.h"
#include "command/options.h"

namespace textlambda::command {

class CorpusArguments {
 public:
  // Adds the options in a group of their own. `labelled`: the command needs labels.
  void add_to(Options& options, bool labelled);

  // After parsing. Throws Error(usage).
  corpus::CorpusOptions options() const;

 private:
  std::string format_ = "auto";
  std::string text_;
  std::string label_;
  std::string columns_;
  std::string delimiter_;
  std::string encoding_ = "auto";
  std::string query_;
  std::string on_bad_row_ = "stop";
  bool header_ = false;
  bool no_header_ = false;
  bool quotes_ = false;
  bool no_quotes_ = false;
  bool labelled_ = true;
};

// Throws Error(usage) where standard input is named by more than one of the options that read rows.
void refuse_standard_input_twice(const std::vector<std::vector<std::string>>& inputs);

// A line an input: how it was recognised.
void note_inputs(const Command& command, const corpus::Corpus& corpus);

// A line a warning, once the corpus was read.
void note_remarks(const Command& command, const corpus::Corpus& corpus);

// A line a row that was left out, and one of how many more there were, where `count` of all of them is given.
void note_skipped(const Command& command, const std::vector<corpus::SkippedRow>& rows, std::uint64_t count = 0);

}  // namespace textlambda::command
