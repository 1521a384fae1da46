#include "textlambda/lambda/answer.h"

#include <algorithm>
#include <utility>

#include "textlambda/lambda/json_document.h"

namespace textlambda::lambda {
namespace {

bool failed(const Record& record) { return !record.message.error.empty(); }

void append_outcomes(const Event& event, const ClassificationWriter& writer, std::vector<RecordOutcome>& outcomes) {
  for (const Record& record : event.records) {
    RecordOutcome outcome;
    outcome.id = record.id;
    outcome.ok = !failed(record);
    outcome.error = record.message.error;
    outcome.skipped = !record.message.skipped.empty();
    outcome.note = record.message.skipped;
    if (record.classifications.empty()) outcomes.push_back(outcome);
    for (const Classification& classification : record.classifications) {
      outcome.label = writer.label(classification.label_index);
      outcome.confidence = classification.confidence;
      outcome.abstained = classification.abstained;
      outcomes.push_back(outcome);
    }
  }
}

// {"batchItemFailures":[{"itemIdentifier":…}]}
void write_batch_failures(const Event& event, Answer& answer) {
  answer.body = "{\"batchItemFailures\":[";
  const char* separator = "";
  for (const Record& record : event.records) {
    if (!failed(record)) continue;
    if (record.id.empty()) {
      fail(answer, "UnnamedRecord", "a record without an id failed: " + record.message.error);
      return;
    }
    answer.body += separator;
    answer.body += "{\"itemIdentifier\":";
    append_json_string(answer.body, record.id);
    answer.body += '}';
    separator = ",";
  }
  answer.body += "]}";
}

void append_record(std::string& json, const Record& record, const ClassificationWriter& writer, bool with_status) {
  if (failed(record)) {
    json += "{\"error\":";
    append_json_string(json, record.message.error);
    json += '}';
    return;
  }
  writer.append(json, record.classifications[0], with_status);
}

void write_direct(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  if (!event.array) {
    const Record& record = event.records[0];
    if (failed(record)) {
      fail(answer, "NoText", record.message.error);
    } else {
      append_record(answer.body, record, writer, true);
    }
    return;
  }
  answer.body = "[";
  for (const Record& record : event.records) {
    if (answer.body.size() > 1) answer.body += ',';
    append_record(answer.body, record, writer, true);
  }
  answer.body += ']';
}

// The service ignores it; people read it.
void write_list(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  answer.body = "{\"records\":[";
  const char* separator = "";
  for (const Record& record : event.records) {
    answer.body += separator;
    append_record(answer.body, record, writer, event.source == Source::sns);
    separator = ",";
  }
  answer.body += "]}";
}

}  // namespace

void write_answer(const Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  answer.ok = true;
  append_outcomes(event, writer, answer.records);
  if (!event.error.empty()) {
    fail(answer, event.error_type, event.error);
  } else if (event.source == Source::sqs) {
    write_batch_failures(event, answer);
  } else if (event.source == Source::direct) {
    write_direct(event, writer, answer);
  } else {
    write_list(event, writer, answer);
  }
}

void fail(Answer& answer, std::string type, std::string message) {
  answer.ok = false;
  answer.body = "{\"errorMessage\":";
  append_json_string(answer.body, message);
  answer.body += ",\"errorType\":";
  append_json_string(answer.body, type);
  answer.body += ",\"stackTrace\":[]}";
  answer.error_type = std::move(type);
  answer.error_message = std::move(message);
}

void fail_internally(Answer& answer) { fail(answer, "InternalError", "internal error"); }

}  // namespace textlambda::lambda
