#include "textlambda/events/record_list.h"

#include <cstddef>
#include <string>

#include "textlambda/events/event_reader.h"

namespace textlambda::events {
namespace {

void write(const Event& event, const ClassificationWriter& writer, const Limits& limits, bool with_status,
           Answer& answer) {
  if (!event.records.empty() && all_failed(event.records)) {
    return fail(answer, "NoText", event.records[0].message.error);
  }
  answer.body = "{";
  if (with_status && event.records.size() == 1 && event.records[0].classifications.size() == 1) {
    answer.body += "\"status\":" + writer.quoted_label(event.records[0].classifications[0].label_index) + ",";
  }
  answer.body += "\"records\":[";
  constexpr std::size_t kTail = 64;
  std::size_t omitted = 0;
  for (const Record& record : event.records) {
    std::string entry;
    if (omitted == 0) append_record(entry, record, writer, true, with_status);
    if (omitted > 0 || answer.body.size() + entry.size() + kTail > limits.answer_bytes) {
      ++omitted;
      continue;
    }
    if (&record != &event.records.front()) answer.body += ',';
    answer.body += entry;
  }
  answer.body += omitted == 0 ? "]}" : "],\"omitted\":" + std::to_string(omitted) + "}";
}

}  // namespace

void write_record_list(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  write(event, writer, limits, false, answer);
}

void write_status_list(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  write(event, writer, limits, true, answer);
}

}  // namespace textlambda::events
