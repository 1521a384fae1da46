// Where a store keeps its feedback: a folder (folder_feedback.cpp), or a prefix of a bucket of S3 (s3_feedback.cpp).
// Feedback is the face; this is for it alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "textlambda/store/feedback.h"

namespace textlambda::store {

class FeedbackPlace {
 public:
  FeedbackPlace() = default;
  FeedbackPlace(const FeedbackPlace&) = delete;
  FeedbackPlace& operator=(const FeedbackPlace&) = delete;
  virtual ~FeedbackPlace() = default;

  virtual std::vector<bool> append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds) = 0;
  virtual FeedbackRows read(unsigned seconds) = 0;
};

// `folder`: of the feedback itself, in the store.
std::unique_ptr<FeedbackPlace> folder_feedback(const std::string& folder);
std::unique_ptr<FeedbackPlace> s3_feedback(const std::string& folder);

}  // namespace textlambda::store
