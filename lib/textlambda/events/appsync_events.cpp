// AWS AppSync Events: what was published to a channel, which goes on to its subscribers as the answer has it; or a
// question whether somebody may subscribe.
#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"

namespace textlambda::events::appsync_events {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& published) { return json::string_or_empty(&published, "id"); }

bool recognises(const Json& event) {
  const Json* info = json::member(event, "info");
  return info != nullptr && has_object(*info, "channelNamespace") && has_string(*info, "operation");
}

bool is_subscription(const Json& event) {
  return json::string_or_empty(json::member(event, "info"), "operation") == "SUBSCRIBE";
}

void read(EventReader& reader) {
  const Json& document = reader.document();
  if (is_subscription(document)) {
    reader.add({}, of_skipped("a question for a subscription"));
    return;
  }
  if (!has_array(document, "events")) return reader.fail("NoText", "no list at events");
  const Json& events = *json::member(document, "events");
  if (!reader.fits(events.size())) return;
  for (const Json& published : events) {
    const Json* payload = json::member(published, "payload");
    Message message = payload == nullptr ? of_error("no payload") : only_text(reader.read_payload(*payload));
    reader.add(id_of(published), std::move(message), payload);
  }
}

// An event goes on as it came, with its classification beside it; one that failed goes nowhere, and its publisher is
// told why.
void append_event(std::string& out, const Record& record, const ClassificationWriter& writer) {
  out += "{\"id\":";
  json::append_string(out, record.id);
  if (record.has_failed()) {
    out += ",\"error\":";
    json::append_string(out, record.message.error);
  } else {
    out += R"(,"payload":{"record":)" + json::compact(*record.item) + ",";
    writer.append_members(out, record.classifications[0], false);
    out += '}';
  }
  out += '}';
}

void answer(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  if (is_subscription(*event.document)) {
    answer.body = "null";  // nothing against it
    return;
  }
  answer.body = "{\"events\":[";
  for (const Record& record : event.records) {
    if (fail_if_unnamed(record, answer)) return;
    if (&record != &event.records.front()) answer.body += ',';
    append_event(answer.body, record, writer);
  }
  answer.body += "]}";
}

std::string sample(std::string_view text) {
  return R"({"identity":null,"result":null,"request":{"headers":{"content-type":"application/json",)"
         R"("host":"example1234567890000.appsync-api.us-east-1.amazonaws.com"},"domainName":null},"info":{)"
         R"("channel":{"path":"/messages/support","segments":["messages","support"]},)"
         R"("channelNamespace":{"name":"messages"},"operation":"PUBLISH"},"error":null,"prev":null,"stash":{},)"
         R"("outErrors":[],"events":[{"id":"5f7dfbd1-b8ff-4c20-924e-23b42db467a0","payload":)" +
         text_object(text) + "}]}";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  const Json* events = json::member(event, "events");
  if (is_subscription(event) || events == nullptr || !events->is_array()) return report.add({});
  report_each(events, id_of, report);
  const Json* answered = json::member(response, "events");
  if (answered == nullptr || !answered->is_array()) return;
  for (const Json& item : *answered) {
    const Json* error = json::member(item, "error");
    if (error == nullptr || error->is_null()) continue;
    report.fail(name_in(json::member(item, "id")), "answered with an error: " + name_in(error));
  }
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::appsync_events
