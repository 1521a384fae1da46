// An event of EventBridge; the answer is ignored.
#include <string>

#include "textlambda/events/envelope.h"
#include "textlambda/events/record_list.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::eventbridge {
namespace {

void read(EventReader& reader) {
  reader.add(json::string_or_empty(&reader.document(), "id"), reader.messages().read_eventbridge(reader.document()));
}

std::string sample(std::string_view text) {
  return R"({"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"Message received",)"
         R"("source":"com.example.contact","account":"123456789012","time":"2026-01-02T12:45:07Z","region":"us-east-1",)"
         R"("resources":[],"detail":)" +
         text_object(text) + "}";
}

}  // namespace

const SourceRow kRow = {.forwarded = true, .recognises = is_eventbridge, .read = read, .answer = write_record_list};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::eventbridge
