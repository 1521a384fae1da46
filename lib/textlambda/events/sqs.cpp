// Amazon SQS: messages of a queue; those that the answer names come again.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/batch_failures.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::sqs {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& record) { return json::string_or_empty(&record, "messageId"); }

void read(EventReader& reader) {
  const Json& records = reader.records();
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    const std::string* body = json::string_member(record, "body");
    reader.add(id_of(record), body == nullptr ? of_error("no string at body") : reader.messages().read(*body));
  }
}

std::string sample(std::string_view text) {
  return R"({"Records":[{"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d","receiptHandle":"AQEBwJnKyrHigUMZj6rYigCg",)"
         R"("body":)" +
         json_string(message_body(text)) +
         R"(,"attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1767357907000",)"
         R"("SenderId":"AIDAIENQZJOLO23YVJ4VO","ApproximateFirstReceiveTimestamp":"1767357907012"},)"
         R"("messageAttributes":{},"md5OfBody":"098f6bcd4621d373cade4e832627b4f6","eventSource":"aws:sqs",)"
         R"("eventSourceARN":"arn:aws:sqs:us-east-1:123456789012:messages","awsRegion":"us-east-1"}]})";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  report_each(listed_records(event), id_of, report);
  report_batch_failures(response, name_in, report);
}

}  // namespace

const SourceRow kRow = {.takes_batch_failures = true,
                        .forwarded = true,
                        .record_names = {"aws:sqs"},
                        .in_records = true,
                        .read = read,
                        .answer = write_batch_failures};
const ServiceSide kService = {sample, report, name_in};

}  // namespace textlambda::events::sqs
