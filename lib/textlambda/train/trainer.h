// Training from a corpus to the bytes of a model file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/executor.h"
#include "textlambda/stats/interval.h"
#include "textlambda/train/options.h"

namespace textlambda::train {

enum class Stage { read, fit };

// Called with the share of a stage that is done, from any thread but never from two at once.
using Progress = std::function<void(Stage stage, double share)>;

struct HeldOutReport {
  std::uint64_t documents = 0;
  double accuracy = 0;
  stats::Interval accuracy_interval;  // Wilson, 95 %
  double log_loss = 0;                // after calibration
  double ece = 0;
};

// The card: what the training did and came to. Also stored in the model, as JSON.
struct TrainingReport {
  std::string tool_version;
  std::vector<corpus::InputDescription> inputs;
  std::string corpus_sha256;
  std::string configuration_sha256;
  std::string options_json;
  std::uint64_t documents = 0;
  std::uint64_t repaired_rows = 0;
  std::uint64_t bad_row_count = 0;
  struct SkippedRow {
    corpus::Location location;
    std::string reason;
  };
  std::vector<SkippedRow> bad_rows;  // the first ten
  struct LabelCount {
    std::string label;
    std::uint64_t documents;
  };
  std::vector<LabelCount> labels;
  features::NGramRange words;
  features::NGramRange characters;
  int negation_scope = 0;
  std::uint64_t features_found = 0;    // different n-grams
  std::uint64_t features_trained = 0;  // in enough documents
  std::uint64_t features_kept = 0;     // in the model
  double c = 0;
  int epochs = 0;
  double temperature = 1;
  double training_loss = 0;      // mean log-loss of the model, as written, on the documents it was fitted to
  double training_accuracy = 0;  // a fraction
  std::optional<HeldOutReport> held_out;
};

struct TrainingResult {
  std::string model;  // the bytes of the file
  TrainingReport report;
};

// Throws Error as Corpus and validate() do. The bytes depend on corpus, options and version alone.
TrainingResult train(const corpus::Corpus& corpus, const TrainOptions& options, const io::Executor& executor,
                     const Progress& progress);

// The report as one JSON object with sorted keys.
std::string to_json(const TrainingReport& report);

}  // namespace textlambda::train
