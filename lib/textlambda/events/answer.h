// What comes of an event: the answer in the contract of its source, and what became of each record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/limits.h"
#include "textlambda/events/source.h"

namespace textlambda::events {

// What became of one text of an event, or of one record that gave none.
struct RecordOutcome {
  std::string id;          // what its source calls it: messageId, sequence number …; empty where it has no name
  bool ok = false;         // classified or skipped
  std::string error;       // one line, where !ok
  std::string_view label;  // lives as long as the classifier; empty unless classified
  float confidence = 0;
  bool abstained = false;
  bool skipped = false;  // there is nothing to classify by contract: a control message, an S3 object, a health check
  std::string note;      // why, where skipped; one line
};

struct Answer {
  Source source = Source::direct;
  bool recognised = false;  // false: no event of the listed sources, and no text where a direct one has it
  bool ok = false;          // false: the invocation failed, `body` is its error
  std::string body;         // JSON: the response, or {"errorMessage","errorType","stackTrace":[]}
  std::string error_type;   // of the failed invocation
  std::string error_message;
  int status_code = 0;  // of an answer over HTTP, else 0
  std::vector<RecordOutcome> records;
};

// From a classified event; fills in everything but the source. A record for which the answer has no room becomes a
// failed one.
void write_answer(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);

// The answer becomes a failed invocation, `{"errorMessage","errorType","stackTrace":[]}`.
void fail(Answer& answer, std::string type, std::string message);
// The same for a mistake of ours, with nothing of the inside; over HTTP a status 500 instead, where there is an event.
void fail_internally(const Event* event, Answer& answer);
// A failed invocation, and true, where the record has no name though the answer has to name it.
bool fail_if_unnamed(const Record& record, Answer& answer);

// A record as one object of a list: its classification, or its error. `with_id`: and what its source calls it.
void append_record(std::string& json, const Record& record, const ClassificationWriter& writer, bool with_id,
                   bool with_status);
// The records as an array, each as append_record has it.
void append_array(std::string& json, const Event& event, const ClassificationWriter& writer, bool with_status);

}  // namespace textlambda::events
