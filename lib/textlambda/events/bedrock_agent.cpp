// Agents for Amazon Bedrock: an action group's function, with its parameters by an API schema or by function details.
#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::bedrock_agent {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) {
  return has_string(event, "messageVersion") && has_string(event, "actionGroup") &&
         (has_string(event, "apiPath") || has_string(event, "function"));
}

// What the agent made of the conversation: [{"name": …, "type": …, "value": …}], values always strings.
struct Parameters {
  Json by_name = Json::object();
  const std::string* only_string = nullptr;  // the one parameter of type string; null where there are none or several
  std::size_t strings = 0;

  void add(const Json* list) {
    if (list == nullptr || !list->is_array()) return;
    for (const Json& parameter : *list) {
      const std::string* name = json::string_member(parameter, "name");
      const std::string* value = json::string_member(parameter, "value");
      if (name == nullptr || value == nullptr) continue;
      by_name[*name] = *value;
      const std::string* type = json::string_member(parameter, "type");
      if (type != nullptr && *type != "string") continue;
      only_string = ++strings == 1 ? value : nullptr;
    }
  }
};

Parameters parameters_of(const Json& event) {
  Parameters parameters;
  parameters.add(json::member(event, "parameters"));
  const Json* content = json::member(json::member(event, "requestBody"), "content");
  if (content == nullptr || !content->is_object()) return parameters;
  for (const auto& [type, body] : content->items()) parameters.add(json::member(body, "properties"));
  return parameters;
}

// At the pointers among the parameters; else the only one that is a string; else what the person wrote to the agent.
void read(EventReader& reader) {
  const Json& event = reader.document();
  const Parameters parameters = parameters_of(event);
  const PointedText pointed = reader.messages().pointers().find(parameters.by_name);
  const std::string* input = json::string_member(event, "inputText");
  Message message = reader.messages().read_at_pointers(parameters.by_name);
  if (pointed.text == nullptr && pointed.blank_at.empty()) {
    if (parameters.only_string != nullptr) {
      message = of_text(*parameters.only_string, reader.limits());
    } else if (input != nullptr) {
      message = of_text(*input, reader.limits());
    }
  }
  reader.add(json::string_or_empty(&event, "sessionId"), only_text(std::move(message)));
}

// An action with an API answers with a status, a function by details asks the agent to try again.
Json response_to(const Json& event, const Record& record, const ClassificationWriter& writer) {
  std::string body;
  append_record(body, record, writer, false, false);
  Json response = Json::object();
  for (const char* name : {"actionGroup", "apiPath", "httpMethod", "function"}) {
    if (const std::string* value = json::string_member(event, name)) response[name] = *value;
  }
  if (json::string_member(event, "apiPath") != nullptr) {
    response["httpStatusCode"] = record.has_failed() ? 400 : 200;
    response["responseBody"] = {{"application/json", {{"body", body}}}};
  } else {
    Json& function = response["functionResponse"];
    if (record.has_failed()) function["responseState"] = "REPROMPT";
    function["responseBody"] = {{"TEXT", {{"body", body}}}};
  }
  return response;
}

void answer(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  const Json& document = *event.document;
  Json envelope = {{"messageVersion", "1.0"}, {"response", response_to(document, event.records[0], writer)}};
  for (const char* name : {"sessionAttributes", "promptSessionAttributes"}) {
    if (has_object(document, name)) envelope[name] = *json::member(document, name);
  }
  answer.body = json::compact(envelope);
  if (answer.body.size() <= limits.bedrock_answer_bytes) return;
  fail(answer, "AnswerTooLarge",
       "the answer has " + std::to_string(answer.body.size()) + " bytes, an agent takes at most " +
           std::to_string(limits.bedrock_answer_bytes) + ": list fewer scores");
}

std::string sample(std::string_view text) {
  return R"({"messageVersion":"1.0","agent":{"name":"support","id":"AGENT12345","alias":"TSTALIASID","version":"DRAFT"},)"
         R"("inputText":"Please file what I wrote.","sessionId":"653731323045624","actionGroup":"classify","apiPath":)"
         R"("/classify","httpMethod":"POST","requestBody":{"content":{"application/json":{"properties":[{"name":"text",)"
         R"("type":"string","value":)" +
         json_string(text) + R"(}]}}},"sessionAttributes":{},"promptSessionAttributes":{}})";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  const std::string id = json::string_or_empty(&event, "sessionId");
  report.add(id);
  const Json* answered = json::member(response, "response");
  const Json* status = json::member(answered, "httpStatusCode");
  const Json* state = json::member(json::member(answered, "functionResponse"), "responseState");
  if (status != nullptr && status->is_number_integer() && status->get<int>() >= 400) {
    report.fail(id, "answered with status " + name_in(status));
  } else if (state != nullptr) {
    report.fail(id, "answered with " + name_in(state));
  }
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::bedrock_agent
