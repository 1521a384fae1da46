// Answers to conversations, GraphQL, user pools and direct calls.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/json/write.h"
#include "textlambda/lambda/answer.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

// The session's own attributes, which have to be sent back to be kept, and the classification's.
Json session_attributes(const Json* attributes, const Event& event, const ClassificationWriter& writer) {
  Json all = Json::object();
  if (attributes != nullptr && attributes->is_object()) {
    for (const auto& [name, value] : attributes->items()) {
      if (value.is_string()) all[name] = value;
    }
  }
  const Record& record = event.records[0];
  if (has_failed(record)) return all;
  const Classification& classification = record.classifications[0];
  std::string confidence;
  json::append_number(confidence, classification.confidence);
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
  const Json response = {
      {"sessionAttributes", session_attributes(json::member(*event.document, "sessionAttributes"), event, writer)},
      {"dialogAction",
       {{"type", "Close"},
        {"fulfillmentState", failed ? "Failed" : "Fulfilled"},
        {"message", {{"contentType", "PlainText"}, {"content", said(event, writer)}}}}}};
  answer.body = compact(response);
}

// The intent that is closed: the session's, or else the likeliest reading.
Json closed_intent(const Json& event, bool failed) {
  const Json* session = json::member(event, "sessionState");
  const Json* intent = session == nullptr ? nullptr : json::member(*session, "intent");
  if (intent == nullptr || !intent->is_object()) {
    const Json* readings = json::member(event, "interpretations");
    if (readings != nullptr && readings->is_array() && !readings->empty()) {
      intent = json::member(readings->front(), "intent");
    }
  }
  Json closed = intent != nullptr && intent->is_object() ? *intent : Json::object();
  closed["state"] = failed ? "Failed" : "Fulfilled";
  return closed;
}

}  // namespace

// The turn is over once the text has a label: the dialogue is closed with it.
void write_lex(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  if (json::member(*event.document, "interpretations") == nullptr) return write_lex_v1(event, writer, answer);
  const Json* session = json::member(*event.document, "sessionState");
  const Json* attributes = session == nullptr ? nullptr : json::member(*session, "sessionAttributes");
  const Json response = {{"sessionState",
                          {{"sessionAttributes", session_attributes(attributes, event, writer)},
                           {"dialogAction", {{"type", "Close"}}},
                           {"intent", closed_intent(*event.document, has_failed(event.records[0]))}}},
                         {"messages", Json::array({{{"contentType", "PlainText"}, {"content", said(event, writer)}}})}};
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
  const Json* response = json::member(*event.document, "response");
  if (response != nullptr && response->is_object()) {
    answer.body = compact(*event.document);
    return;
  }
  Json document = *event.document;
  document["response"] = Json::object();
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
