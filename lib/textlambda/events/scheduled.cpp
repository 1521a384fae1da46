// A schedule of EventBridge: an event without a text, answered with the model's health card.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/envelope.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::scheduled {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) { return is_eventbridge(event) && is_scheduled(event); }

void read(EventReader& reader) {
  reader.add(json::string_or_empty(&reader.document(), "id"), reader.messages().read_eventbridge(reader.document()));
}

void answer(Event& /*event*/, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  answer.body = writer.health_card();
}

std::string sample(std::string_view /*text*/) {
  return R"({"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"Scheduled Event",)"
         R"("source":"aws.events","account":"123456789012","time":"2026-01-02T12:45:07Z","region":"us-east-1",)"
         R"("resources":["arn:aws:events:us-east-1:123456789012:rule/nightly"],"detail":{}})";
}

}  // namespace

const SourceRow kRow = {
    .carries_text = false, .forwarded = true, .recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::scheduled
