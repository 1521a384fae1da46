// A direct call, of an SDK, Step Functions, IoT: a payload of the caller's own making - a text, an object with a text
// in it, an array of either.
#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/envelope.h"
#include "textlambda/events/source_row.h"

namespace textlambda::events::direct {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& /*event*/) { return true; }

void read(EventReader& reader) {
  const Json& document = reader.document();
  Event& event = reader.event();
  if (!event.array || is_s3_pointer(document)) {
    event.array = false;
    Message message = reader.read_payload(document);
    event.recognised = message.error.empty();
    reader.add_texts(std::move(message));
    return;
  }
  if (!reader.fits(document.size())) return;
  for (std::size_t i = 0; i < document.size(); ++i) {
    reader.add(std::to_string(i), only_text(reader.read_payload(document[i])));
  }
  if (event.records.empty() || !all_failed(event.records)) return;
  event.recognised = false;
  reader.fail("NoText", none_has_text(event.records));
}

void answer(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  if (event.array) return append_array(answer.body, event, writer, true);
  if (event.records[0].has_failed()) return fail(answer, "NoText", event.records[0].message.error);
  append_record(answer.body, event.records[0], writer, false, true);
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .recognises_array = recognises, .read = read, .answer = answer};
const ServiceSide kService = {text_object, report_unnamed};

}  // namespace textlambda::events::direct
