// What a training gives: a model and its card, which says what was done and what it came to. The card is plain values,
// stored in the model too, as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/stats/interval.h"

namespace textlambda::train {

struct HeldOutReport {
  std::uint64_t documents = 0;
  unsigned parts = 1;  // that were held out in turn
  double accuracy = 0;
  stats::Interval accuracy_interval;  // Wilson, 95 %; copies of a text count as one
  double log_loss = 0;                // after calibration
  double ece = 0;
};

// What texts without labels came to (unlabelled.h).
struct UnlabelledReport {
  // Held-out documents, those of several trials together.
  struct Trial {
    std::uint64_t documents = 0;
    std::uint64_t correct = 0;
    double log_loss = 0;  // their sum

    double accuracy() const {
      return documents == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(documents);
    }
  };

  std::uint64_t texts = 0;
  std::string sha256;             // of the texts
  double distinguishability = 0;  // from the labelled ones: kinship.h
  bool adopted = false;           // else the model was fitted as if they were not there
  Trial without;
  Trial with;
  std::uint64_t mended = 0;   // held-out documents that are right with them alone
  std::uint64_t spoiled = 0;  // and without them alone
};

struct TrainingReport {
  std::string tool_version;
  std::vector<corpus::InputDescription> inputs;
  std::string corpus_sha256;
  std::string configuration_sha256;
  std::string options_json;
  std::uint64_t documents = 0;
  std::uint64_t repaired_rows = 0;
  std::uint64_t bad_row_count = 0;
  std::vector<corpus::SkippedRow> bad_rows;  // the first ten
  struct LabelCount {
    std::string label;
    std::uint64_t documents;
  };
  std::vector<LabelCount> labels;
  features::NGramRange words;
  features::NGramRange characters;
  int negation_scope = 0;
  bool lower_case = true;
  std::uint64_t features_found = 0;    // different n-grams
  std::uint64_t features_trained = 0;  // in enough documents
  std::uint64_t features_kept = 0;     // in the model
  unsigned min_documents = 0;          // that an n-gram had to be in
  double keep = 0;                     // the share of the trained features that may be in the model
  double c = 0;
  int epochs = 0;
  double gap = 0;         // how far from the optimum the fit can be: mean log-loss a document, in nats
  bool converged = true;  // the gap is as small as it was to be
  double temperature = 1;
  double training_loss = 0;      // mean log-loss of the model, as written, on the documents it was fitted to
  double training_accuracy = 0;  // a fraction
  std::optional<HeldOutReport> held_out;
  std::optional<UnlabelledReport> unlabelled;
  std::vector<std::string>
      warnings;  // of the corpus, a line each (corpus_warnings.h); no part of the card in the model
};

// What a training gives.
struct TrainingResult {
  std::string model;  // the bytes of the file
  TrainingReport report;
};

// The report as one JSON object with sorted keys.
std::string to_json(const TrainingReport& report);

}  // namespace textlambda::train
