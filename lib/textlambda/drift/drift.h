// Whether traffic still looks like what the model was trained for: four views of a text as the model sees it, held
// against the sketch of held-out training documents that the model keeps (model/sketch.h). No labels needed. Pure
// functions, thread-safe.
//
// Confidences from 0.99 on count as equal.
//
// A view has drifted if its difference is both large (at least min_shift of the texts would have to change for the two
// distributions to agree) and beyond chance (a two-sample test, the four p values adjusted by Holm's method so that
// traffic of the same kind is called drifted with a probability of at most alpha). With only the second, any large
// sample would be drift: no two sources are the same to the last digit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/sketch.h"

namespace textlambda::drift {

struct DriftOptions {
  double min_shift = 0.1;  // smaller ones are nobody's concern
  double alpha = 0.001;    // probability of a false alarm: traffic is looked at again and again
};

// Throws Error(usage).
void validate(const DriftOptions& options);

enum class DriftView { unknown_n_grams, labels, confidence, length };
std::string_view view_name(DriftView view);  // "unknown_n_grams", …

struct DriftCheck {
  DriftView view = DriftView::unknown_n_grams;
  double shift = 0;       // 0 … 1: share of the texts that would have to change
  double p = 1;           // of the two-sample test alone
  double adjusted_p = 1;  // by Holm's method
  bool drifted = false;
  // Of the traffic and of the training documents: mean unknown share, median confidence, median characters; for labels
  // the share of `label`, whose share changed most.
  double traffic = 0;
  double training = 0;
  std::string label;
  std::string sentence;  // all of it in plain words
};

enum class DriftVerdict {
  none,          // nothing drifted
  drift,         // something did
  inconclusive,  // nothing did, but there are too few texts to see a shift of 2 · min_shift
};
std::string_view verdict_name(DriftVerdict verdict);  // "none", …

struct DriftReport {
  DriftVerdict verdict = DriftVerdict::none;
  std::uint64_t traffic_texts = 0;
  std::uint64_t training_documents = 0;
  double visible_shift = 0;  // what a test can see with so many texts
  DriftOptions options;
  std::vector<DriftCheck> checks;  // in the order of DriftView
  std::string sentence;
};

// Sketches of as many labels; `labels` are their names. Throws Error(usage) as validate() does, Error(mismatch) where
// the model keeps no sketch, Error(input_output) for traffic without a text.
DriftReport find_drift(const model::Sketch& training, const model::Sketch& traffic,
                       const std::vector<std::string>& labels, const DriftOptions& options);

// Traffic as the model sees it, text by text. Belongs to one thread.
class TrafficSketch {
 public:
  explicit TrafficSketch(const model::Classifier& classifier);
  void add(std::string_view text);
  void add(const model::Sketch& other);  // of the same model
  const model::Sketch& sketch() const { return sketch_; }

 private:
  const model::Classifier& classifier_;
  model::Scratch scratch_;
  model::Sketch sketch_;
};

// All rows of a corpus. The result does not depend on the executor.
model::Sketch sketch_traffic(const model::Classifier& classifier, const corpus::RowSource& corpus,
                             const io::Executor& executor, const metrics::Progress& progress);

}  // namespace textlambda::drift
