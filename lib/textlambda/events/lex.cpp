// Amazon Lex, V2 and V1: a turn of a conversation, which is over once the text has a label.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"

namespace textlambda::events::lex {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) { return has_array(event, "interpretations") || has_object(event, "currentIntent"); }

// `inputTranscript` is what the person said or wrote.
void read(EventReader& reader) {
  const Json& event = reader.document();
  const std::string* text = json::string_member(event, "inputTranscript");
  reader.add(json::string_or_empty(&event, json::member(event, "sessionId") != nullptr ? "sessionId" : "userId"),
             text == nullptr ? of_error("no string at inputTranscript") : of_text(*text, reader.limits()));
}

// The session's own attributes, which have to be sent back to be kept, and the classification's.
Json session_attributes(const Json* attributes, const Record& record, const ClassificationWriter& writer) {
  Json all = Json::object();
  if (attributes != nullptr && attributes->is_object()) {
    for (const auto& [name, value] : attributes->items()) {
      if (value.is_string()) all[name] = value;
    }
  }
  if (record.has_failed()) return all;
  const Classification& classification = record.classifications[0];
  std::string confidence;
  json::append_number(confidence, classification.confidence);
  all["textlambda_label"] = writer.label(classification.label_index);
  all["textlambda_confidence"] = confidence;
  all["textlambda_abstained"] = classification.abstained ? "true" : "false";
  return all;
}

std::string said(const Record& record, const ClassificationWriter& writer) {
  if (record.has_failed()) return record.message.error;
  return std::string(writer.label(record.classifications[0].label_index));
}

Json answer_v1(const Json& event, const Record& record, const ClassificationWriter& writer) {
  return {{"sessionAttributes", session_attributes(json::member(event, "sessionAttributes"), record, writer)},
          {"dialogAction",
           {{"type", "Close"},
            {"fulfillmentState", record.has_failed() ? "Failed" : "Fulfilled"},
            {"message", {{"contentType", "PlainText"}, {"content", said(record, writer)}}}}}};
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

Json answer_v2(const Json& event, const Record& record, const ClassificationWriter& writer) {
  const Json* session = json::member(event, "sessionState");
  const Json* attributes = session == nullptr ? nullptr : json::member(*session, "sessionAttributes");
  return {{"sessionState",
           {{"sessionAttributes", session_attributes(attributes, record, writer)},
            {"dialogAction", {{"type", "Close"}}},
            {"intent", closed_intent(event, record.has_failed())}}},
          {"messages", Json::array({{{"contentType", "PlainText"}, {"content", said(record, writer)}}})}};
}

// The dialogue is closed with the label.
void answer(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  const Record& record = event.records[0];
  const bool second = json::member(*event.document, "interpretations") != nullptr;
  answer.body =
      json::compact(second ? answer_v2(*event.document, record, writer) : answer_v1(*event.document, record, writer));
}

std::string sample(std::string_view text) {
  return R"({"messageVersion":"1.0","invocationSource":"FulfillmentCodeHook","inputMode":"Text",)"
         R"("responseContentType":"text/plain; charset=utf-8","sessionId":"653731323045624","inputTranscript":)" +
         json_string(text) +
         R"(,"bot":{"id":"DE1BPCJSVZ","name":"Support","aliasId":"TSTALIASID","localeId":"en_US","version":"DRAFT"},)"
         R"("interpretations":[{"intent":{"name":"Message","slots":{},"state":"ReadyForFulfillment",)"
         R"("confirmationState":"None"},"nluConfidence":{"score":0.87}}],"requestAttributes":{},"sessionState":{)"
         R"("sessionAttributes":{},"activeContexts":[],"intent":{"name":"Message","slots":{},)"
         R"("state":"ReadyForFulfillment","confirmationState":"None"},)"
         R"("originatingRequestId":"be1a43bc-2b0f-4b26-9a3a-3a4d5b8e8f4e"}})";
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::lex
