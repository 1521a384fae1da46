// A subscription of CloudWatch Logs: lines of a log, base64 and gzip; the answer is ignored.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/events/envelope.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/record_list.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"

namespace textlambda::events::cloudwatch_logs {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) { return has_object(event, "awslogs"); }

// What is neither a batch of log events nor any other JSON counts as one message.
void read(EventReader& reader) {
  std::string content;
  const std::string reason = reader.decode(json::member(*json::member(reader.document(), "awslogs"), "data"), content);
  if (!reason.empty()) return reader.fail("InvalidEvent", "awslogs.data: " + reason);
  Json batch;
  const bool is_batch = json::read(content, reader.limits().json, batch).empty() && is_log_batch(batch);
  if (!is_batch || is_control_message(batch)) {
    reader.add({}, reader.messages().read(content));
    return;
  }
  const Json& events = *json::member(batch, "logEvents");
  if (!reader.fits(events.size())) return;
  for (const Json& event : events) {
    const std::string* line = json::string_member(event, "message");
    Message message = line == nullptr         ? of_error("no string at message")
                      : text::is_blank(*line) ? of_skipped("a blank line")
                                              : reader.messages().read(*line);
    reader.add(json::string_or_empty(&event, "id"), std::move(message));
  }
}

std::string sample(std::string_view text) {
  const std::string batch =
      R"({"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"messages","logStream":"contact-form",)"
      R"("subscriptionFilters":["classify"],"logEvents":[{)"
      R"("id":"39443218654913472958362913749374192732819273921739213945","timestamp":1767357907000,"message":)" +
      json_string(message_body(text)) + "}]}";
  return R"({"awslogs":{"data":")" + encoding::encode_base64(encoding::pack_gzip(batch)) + "\"}}";
}

}  // namespace

const SourceRow kRow = {.forwarded = true, .recognises = recognises, .read = read, .answer = write_record_list};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::cloudwatch_logs
