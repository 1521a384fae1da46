// Amazon Connect: a contact flow, which takes a flat object of strings and goes on by its error branch where the
// invocation fails.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::connect {
namespace {

using Json = nlohmann::json;

const Json* contact_of(const Json& event) { return json::member(json::member(event, "Details"), "ContactData"); }

bool recognises(const Json& event) {
  const std::string* name = json::string_member(event, "Name");
  const Json* contact = contact_of(event);
  return name != nullptr && *name == "ContactFlowEvent" && contact != nullptr && contact->is_object();
}

// At the pointers among the parameters of the flow's block, else the only one of them, else at the pointers among the
// contact's attributes.
Message find_text(EventReader& reader) {
  const MessageReader& messages = reader.messages();
  const Json* parameters = json::member(json::member(reader.document(), "Details"), "Parameters");
  if (parameters != nullptr && parameters->is_object()) {
    const PointedText pointed = messages.pointers().find(*parameters);
    if (pointed.text != nullptr || !pointed.blank_at.empty()) return messages.read_at_pointers(*parameters);
    if (parameters->size() == 1 && parameters->front().is_string()) {
      return of_text(parameters->front().get<std::string>(), reader.limits());
    }
  }
  const Json* attributes = json::member(contact_of(reader.document()), "Attributes");
  return messages.read_at_pointers(attributes == nullptr ? Json() : *attributes);
}

void read(EventReader& reader) {
  reader.add(json::string_or_empty(contact_of(reader.document()), "ContactId"), only_text(find_text(reader)));
}

void answer(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  const Record& record = event.records[0];
  if (record.has_failed()) return fail(answer, "NoText", record.message.error);
  std::string object = "{";
  writer.append_members(object, record.classifications[0], false);
  const Json members = Json::parse(object + "}");
  Json flat = Json::object();
  for (const auto& [name, value] : members.items()) {
    if (!value.is_structured()) flat[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  answer.body = json::compact(flat);
}

std::string sample(std::string_view text) {
  return R"({"Details":{"ContactData":{"Attributes":{},"Channel":"CHAT","ContactId":)"
         R"("4a573372-1f28-4e26-b97b-6b1f3f6f3a11","CustomerEndpoint":null,"CustomerId":null,"Description":null,)"
         R"("InitialContactId":"4a573372-1f28-4e26-b97b-6b1f3f6f3a11","InitiationMethod":"API","InstanceARN":)"
         R"("arn:aws:connect:us-east-1:123456789012:instance/9308c2a1-9bc6-4cea-8290-6c0b4a6d38fa","LanguageCode":)"
         R"("en-US","MediaStreams":{"Customer":{"Audio":null}},"Name":null,"PreviousContactId":)"
         R"("4a573372-1f28-4e26-b97b-6b1f3f6f3a11","Queue":null,"References":{},"SystemEndpoint":null},"Parameters":)" +
         text_object(text) + R"(},"Name":"ContactFlowEvent"})";
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::connect
