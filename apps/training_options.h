// The options that say how a model is trained, for every command that trains by them.
#pragma once

#include <string>
#include <vector>

#include "textlambda/train/options.h"

#include "command/options.h"

namespace textlambda::command {

class TrainingOptions {
 public:
  void add_to(Options& declared);
  // What was given, once the options are parsed. Throws Error(usage) for what makes no sense, naming the option, and
  // Error(input_output) for a file of stop words that cannot be read.
  train::TrainOptions options() const;
  // A file that is read; empty: none.
  std::string stop_words_file() const;

 private:
  train::TrainOptions options_;
  std::string words_ = "1-2";
  std::string characters_ = "auto";
  std::string negation_ = "auto";
  std::string stop_words_ = "none";
  std::string precision_ = "int8";
  bool keep_case_ = false;
  bool fold_case_ = false;
  double c_ = 0;
  std::vector<std::string> label_weights_;
};

}  // namespace textlambda::command
