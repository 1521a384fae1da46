#include "textlambda/events/answer.h"

#include <utility>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/write.h"

namespace textlambda::events {
namespace {

void append_outcomes(const Event& event, const ClassificationWriter& writer, std::vector<RecordOutcome>& outcomes) {
  outcomes.reserve(event.records.size());
  for (const Record& record : event.records) {
    RecordOutcome outcome;
    outcome.id = record.id;
    outcome.ok = !record.has_failed();
    outcome.error = record.message.error;
    outcome.skipped = !record.message.skipped.empty();
    outcome.note = record.message.skipped;
    if (!outcome.ok || record.classifications.empty()) {
      outcomes.push_back(std::move(outcome));
      continue;
    }
    for (const Classification& classification : record.classifications) {
      outcome.label = writer.label(classification.label_index);
      outcome.confidence = classification.confidence;
      outcome.abstained = classification.abstained;
      outcomes.push_back(outcome);
    }
  }
}

}  // namespace

void write_answer(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  answer.ok = true;
  if (event.error.empty()) {
    row_of(event.source).answer(event, writer, limits, answer);
  } else {
    fail(answer, event.error_type, event.error);
  }
  if (answer.body.size() > limits.answer_bytes) {
    fail(answer, "AnswerTooLarge",
         "the answer has " + std::to_string(answer.body.size()) + " bytes, at most " +
             std::to_string(limits.answer_bytes) + " are allowed: send fewer texts at once");
  }
  append_outcomes(event, writer, answer.records);
}

void append_record(std::string& json, const Record& record, const ClassificationWriter& writer, bool with_id,
                   bool with_status) {
  std::string head = "{";
  if (with_id && !record.id.empty()) {
    head += "\"id\":";
    json::append_string(head, record.id);
    head += ',';
  }
  if (!record.result.empty() && !record.has_failed()) {
    json += head + record.result + '}';
    return;
  }
  if (record.classifications.empty() || record.has_failed()) {
    json += head;
    json += record.has_failed() ? "\"error\":" : "\"skipped\":";
    json::append_string(json, record.has_failed() ? record.message.error : record.message.skipped);
    json += '}';
    return;
  }
  const char* separator = "";
  for (const Classification& classification : record.classifications) {
    json += separator;
    json += head;
    writer.append_members(json, classification, with_status);
    json += '}';
    separator = ",";
  }
}

void append_array(std::string& json, const Event& event, const ClassificationWriter& writer, bool with_status) {
  const char* separator = "[";
  for (const Record& record : event.records) {
    json += separator;
    append_record(json, record, writer, false, with_status);
    separator = ",";
  }
  json += event.records.empty() ? "[]" : "]";
}

void fail(Answer& answer, std::string type, std::string message) {
  answer.ok = false;
  answer.status_code = 0;
  answer.body = "{\"errorMessage\":";
  json::append_string(answer.body, message);
  answer.body += ",\"errorType\":";
  json::append_string(answer.body, type);
  answer.body += ",\"stackTrace\":[]}";
  answer.error_type = std::move(type);
  answer.error_message = std::move(message);
}

void fail_internally(const Event* event, Answer& answer) {
  answer.records.clear();
  fail(answer, "InternalError", "internal error");
  if (event != nullptr && is_http(event->source)) fail_over_http(*event, answer);
}

bool fail_if_unnamed(const Record& record, Answer& answer) {
  if (!record.id.empty()) return false;
  fail(answer, "UnnamedRecord",
       "a record without an id cannot be named in the answer, so that the whole batch fails" +
           (record.has_failed() ? ": " + record.message.error : std::string()));
  return true;
}

}  // namespace textlambda::events
