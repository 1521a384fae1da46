// Answers to conversations, GraphQL, user pools and direct calls.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/answer.h"
#include "textlambda/lambda/json_document.h"

namespace textlambda::lambda {
namespace {

using nlohmann::json;

std::string compact(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

// The session's own attributes, which have to be sent back to be kept, and the classification's.
json session_attributes(const json* attributes, const Event& event, const ClassificationWriter& writer) {
  json all = json::object();
  if (attributes != nullptr && attributes->is_object()) {
    for (const auto& [name, value] : attributes->items()) {
      if (value.is_string()) all[name] = value;
    }
  }
  const Record& record = event.records[0];
  if (has_failed(record)) return all;
  const Classification& classification = record.classifications[0];
  std::string confidence;
  append_json_number(confidence, classification.confidence);
  all["textlambda_label"] = writer.label(classification.label_index);
  all["textlambda_confidence"] = confidence;
  all["textlambda_abstained"] = classification.abstained ? "true" : "false";
  return all;
}

std::string said(const Event& event, const ClassificationWriter& writer) {
  const Record& record = event.records[0];
  if (has_failed(record)) return record.message.error;
  return std::string(writer.label(record.classifications[0].label_index));
}

void write_lex_v1(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  const bool failed = has_failed(event.records[0]);
  const json response = {
      {"sessionAttributes", session_attributes(member(*event.document, "sessionAttributes"), event, writer)},
      {"dialogAction",
       {{"type", "Close"},
        {"fulfillmentState", failed ? "Failed" : "Fulfilled"},
        {"message", {{"contentType", "PlainText"}, {"content", said(event, writer)}}}}}};
  answer.body = compact(response);
}

// The intent that is closed: the session's, or else the likeliest reading.
json closed_intent(const json& event, bool failed) {
  const json* session = member(event, "sessionState");
  const json* intent = session == nullptr ? nullptr : member(*session, "intent");
  if (intent == nullptr || !intent->is_object()) {
    const json* readings = member(event, "interpretations");
    if (readings != nullptr && readings->is_array() && !readings->empty()) {
      intent = member(readings->front(), "intent");
    }
  }
  json closed = intent != nullptr && intent->is_object() ? *intent : json::object();
  closed["state"] = failed ? "Failed" : "Fulfilled";
  return closed;
}

}  // namespace

// The turn is over once the text has a label: the dialogue is closed with it.
void write_lex(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  if (member(*event.document, "interpretations") == nullptr) return write_lex_v1(event, writer, answer);
  const json* session = member(*event.document, "sessionState");
  const json* attributes = session == nullptr ? nullptr : member(*session, "sessionAttributes");
  const json response = {{"sessionState",
                          {{"sessionAttributes", session_attributes(attributes, event, writer)},
                           {"dialogAction", {{"type", "Close"}}},
                           {"intent", closed_intent(*event.document, has_failed(event.records[0]))}}},
                         {"messages", json::array({{{"contentType", "PlainText"}, {"content", said(event, writer)}}})}};
  answer.body = compact(response);
}

// A batch is answered item by item, null where there is no value.
void write_appsync(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  if (!event.array) {
    if (has_failed(event.records[0])) return fail(answer, "NoText", event.records[0].message.error);
    return append_record(answer.body, event.records[0], writer, false, false);
  }
  answer.body = "[";
  for (const Record& record : event.records) {
    if (answer.body.size() > 1) answer.body += ',';
    if (has_failed(record)) {
      answer.body += "null";
    } else {
      append_record(answer.body, record, writer, false, false);
    }
  }
  answer.body += ']';
}

// Cognito refuses any member of the response that the trigger does not know, so that the event goes back as it came.
void write_cognito(const Event& event, Answer& answer) {
  const json* response = member(*event.document, "response");
  if (response != nullptr && response->is_object()) {
    answer.body = compact(*event.document);
    return;
  }
  json document = *event.document;
  document["response"] = json::object();
  answer.body = compact(document);
}

void write_direct(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  if (!event.array) {
    if (has_failed(event.records[0])) return fail(answer, "NoText", event.records[0].message.error);
    return append_record(answer.body, event.records[0], writer, false, true);
  }
  answer.body = "[";
  for (const Record& record : event.records) {
    if (answer.body.size() > 1) answer.body += ',';
    append_record(answer.body, record, writer, false, true);
  }
  answer.body += ']';
}

}  // namespace textlambda::lambda
