// AWS AppSync, GraphQL: a field to resolve, or an array of them, answered with a bare value each.
#include <algorithm>
#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::appsync {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) {
  const Json* info = json::member(event, "info");
  return info != nullptr && has_string(*info, "fieldName");
}

bool recognises_batch(const Json& event) { return std::any_of(event.begin(), event.end(), recognises); }

// The one member of an object, if it is a string.
const std::string* only_string(const Json& object) {
  return object.is_object() && object.size() == 1 && object.begin()->is_string()
             ? object.begin()->get_ptr<const std::string*>()
             : nullptr;
}

// A field's arguments, or those of its `input`; or the object that the field belongs to.
Message read_item(const Json& item, const EventReader& reader) {
  const MessageReader& messages = reader.messages();
  const Json* arguments = json::member(item, "arguments");
  if (arguments != nullptr) {
    Message message = messages.read_at_pointers(*arguments);
    if (message.error.empty()) return message;
    if (const Json* input = json::member(*arguments, "input"); input != nullptr && input->is_object()) {
      message = messages.read_at_pointers(*input);
      if (message.error.empty()) return message;
    }
    if (const std::string* text = only_string(*arguments)) return messages.read(*text);
    if (arguments->is_object() && !arguments->empty()) return of_error("arguments: " + message.error);
  }
  const Json* parent = json::member(item, "source");
  if (parent == nullptr || !parent->is_object()) return of_error("no text in the arguments, and no source object");
  Message message = messages.read_at_pointers(*parent);
  return message.error.empty() ? message : of_error("no arguments; source: " + message.error);
}

void read(EventReader& reader) {
  const Json& document = reader.document();
  if (!reader.event().array) {
    reader.add({}, only_text(read_item(document, reader)));
    return;
  }
  if (!reader.fits(document.size())) return;
  for (std::size_t i = 0; i < document.size(); ++i) {
    reader.add(std::to_string(i), only_text(read_item(document[i], reader)));
  }
}

// A batch is answered item by item, null where there is no value.
void answer(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  if (!event.array) {
    if (event.records[0].has_failed()) return fail(answer, "NoText", event.records[0].message.error);
    return append_record(answer.body, event.records[0], writer, false, false);
  }
  answer.body = "[";
  for (const Record& record : event.records) {
    if (answer.body.size() > 1) answer.body += ',';
    if (record.has_failed()) {
      answer.body += "null";
    } else {
      append_record(answer.body, record, writer, false, false);
    }
  }
  answer.body += ']';
}

std::string sample(std::string_view text) {
  return R"({"arguments":)" + text_object(text) +
         R"(,"identity":null,"source":null,"request":{"headers":{"content-type":"application/json",)"
         R"("host":"example1234567890000.appsync-api.us-east-1.amazonaws.com"},"domainName":null},"prev":null,"info":{)"
         R"("selectionSetList":["label","confidence"],"selectionSetGraphQL":"{\n  label\n  confidence\n}",)"
         R"("fieldName":"sentiment","parentTypeName":"Query","variables":{}},"stash":{}})";
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .recognises_array = recognises_batch, .read = read, .answer = answer};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::appsync
