// What a double of the service itself has to know of a source, beside a function that is somebody else's: to write an
// event as the service does, and to read an answer as it does. Apart from the rows that a function needs
// (source_row.h), so that bootstrap has none of it. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/answer.h"
#include "textlambda/events/source.h"

namespace textlambda::events {

// The records of an event, in order, and which of them an answer reports as failed.
class RecordReport {
 public:
  // A record by the name that answers give it; empty where it has none.
  void add(std::string id);
  // A name that the event does not have fails the whole batch, as the services see it: one more record, at the end,
  // says so.
  void fail(const std::string& id, std::string error);
  // One more record says why.
  void fail_batch(const std::string& fault);

  std::vector<RecordOutcome> take() && { return std::move(records_); }

 private:
  std::vector<RecordOutcome> records_;
};

struct ServiceSide {
  // A whole event with `text` in it, as the service sends it; JSON.
  std::string (*sample)(std::string_view text) = nullptr;
  // Both may be any JSON.
  void (*report)(const nlohmann::json& event, const nlohmann::json& response, RecordReport& report) = nullptr;
  // The record that an itemIdentifier of an answer means, by the name that `report` gives it; what names none has a
  // name of no record. Null for a source whose answer is no list of batch item failures.
  std::string (*identified)(const nlohmann::json* identifier) = nullptr;
};

// What an answer with batch item failures says, as the services read it.
struct NamedFailures {
  std::vector<std::string> names;  // of records, each as it stands in the answer: possibly of none, or twice the same
  std::string fault;               // why the service takes the whole batch for failed; empty where the names count
};

// An event of that source with this text, which reads back as it is if it is UTF-8, not blank, and no message itself:
// JSON with a text in it, or an envelope. Where the text is not in the event (carries_text), it is left out.
std::string sample_event(Source source, std::string_view text);

// What an answer over the wire tells of the records of its event, which only the function itself knows in full: a
// record for each that the event has, in order, those that the answer reports as failed marked so.
std::vector<RecordOutcome> reported_records(Source source, const nlohmann::json& event, const nlohmann::json& response);

// Of an answer in the contract of `batchItemFailures`: a list that is not there, null or empty names nobody. Whoever
// knows the batch finds out whether a name is of none of its records, which fails the batch too.
NamedFailures named_failures(Source source, const nlohmann::json& response);

// The status code of an answer over HTTP: its own, or what the service makes of a bare value; 0 for no request.
int reported_status(Source source, const nlohmann::json& response);

// Pieces that the sources share.

// Adds each element of `list`, if it is an array, by the name that `id_of` gives it.
void report_each(const nlohmann::json* list, std::string (*id_of)(const nlohmann::json& record), RecordReport& report);
// One record, or one for each element of an event that is an array: for an answer that names none.
void report_unnamed(const nlohmann::json& event, const nlohmann::json& response, RecordReport& report);
// The list `Records` of an event, or the event itself where a pipe hands its records over; null where there is none.
const nlohmann::json* listed_records(const nlohmann::json& event);
// A name as it stands in an answer: a string, or the JSON that it is.
std::string name_in(const nlohmann::json* value);

// A JSON string.
std::string json_string(std::string_view text);
// {"text": "…"}
std::string text_object(std::string_view text);
// The text as it is, or within an object where it could be taken for JSON.
std::string message_body(std::string_view text);

}  // namespace textlambda::events
