#include "textlambda/replay/verdict.h"

#include <algorithm>

#include <fmt/format.h>

namespace textlambda::replay {
namespace {

std::string failed_records(const lambda::Answer& answer) {
  std::size_t failed = 0;
  const lambda::RecordOutcome* first = nullptr;
  for (const lambda::RecordOutcome& record : answer.records) {
    if (!record.ok && failed++ == 0) first = &record;
  }
  if (first == nullptr) return "";
  std::string text = fmt::format("record {}", first - answer.records.data() + 1);
  if (!first->id.empty()) text += fmt::format(" ({})", first->id);
  text += ": " + (first->error.empty() ? "failed" : first->error);
  if (failed > 1) text += fmt::format("; {} of {} records failed", failed, answer.records.size());
  return text;
}

}  // namespace

std::string failure(const lambda::Answer& answer) {
  if (!answer.ok) {
    if (answer.error_message.empty()) return answer.error_type.empty() ? "the function failed" : answer.error_type;
    return answer.error_type.empty() ? answer.error_message
                                     : fmt::format("{}: {}", answer.error_type, answer.error_message);
  }
  std::string reason = failed_records(answer);
  if (answer.status_code >= 400) {
    return fmt::format("status {}{}{}", answer.status_code, reason.empty() ? "" : ": ", reason);
  }
  if (reason.empty() && !answer.recognised) return "not recognised: no shape of the known sources, and no text";
  return reason;
}

}  // namespace textlambda::replay
