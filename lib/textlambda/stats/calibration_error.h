// How far confidences are from what they promise.
#pragma once

#include <cstddef>
#include <vector>

namespace textlambda::stats {

struct ConfidenceOutcome {
  float confidence = 0;  // of the predicted label
  bool correct = false;
};

// Expected calibration error: predictions sorted by confidence are cut into `bins` bins of equal mass (sizes differ by
// one at most; equal confidences stay in the order of "correct" so that the order of the input cannot matter), and the
// distances between mean confidence and accuracy are averaged, weighted by size. Equal-mass bins after Nixon et al.,
// "Measuring calibration in deep learning", CVPR workshops 2019. 0 for no predictions.
double expected_calibration_error(std::vector<ConfidenceOutcome> outcomes, std::size_t bins = 15);

}  // namespace textlambda::stats
