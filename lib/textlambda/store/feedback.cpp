#include "textlambda/store/feedback.h"

#include "textlambda/aws/s3_name.h"
#include "textlambda/store/feedback_place.h"

namespace textlambda::store {

Feedback::Feedback(const ModelStore& store)
    : place_(aws::is_s3_name(store.path()) ? s3_feedback(store.path() + "/feedback")
                                           : folder_feedback(store.path() + "/feedback")) {}

Feedback::Feedback(Feedback&&) noexcept = default;
Feedback& Feedback::operator=(Feedback&&) noexcept = default;
Feedback::~Feedback() = default;

std::vector<bool> Feedback::append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds) {
  return place_->append(rows, now_ms, seconds);
}

FeedbackRows Feedback::read(unsigned seconds) const { return place_->read(seconds); }

}  // namespace textlambda::store
