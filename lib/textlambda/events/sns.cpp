// Amazon SNS: a notification, whose answer the service ignores.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/record_list.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::sns {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& record) { return json::string_or_empty(json::member(record, "Sns"), "MessageId"); }

void read(EventReader& reader) {
  const Json& records = reader.records();
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    const Json* sns = json::member(record, "Sns");
    const std::string* message = sns == nullptr ? nullptr : json::string_member(*sns, "Message");
    reader.add(id_of(record),
               message == nullptr ? of_error("no string at Sns.Message") : reader.messages().read(*message));
  }
}

std::string sample(std::string_view text) {
  return R"({"Records":[{"EventSource":"aws:sns","EventVersion":"1.0",)"
         R"("EventSubscriptionArn":"arn:aws:sns:us-east-1:123456789012:messages:21be56ed-a058-49f5-8c98-aedd2564c486",)"
         R"("Sns":{"Type":"Notification","MessageId":"95df01b4-ee98-5cb9-9903-4c221d41eb5e",)"
         R"("TopicArn":"arn:aws:sns:us-east-1:123456789012:messages","Subject":null,"Message":)" +
         json_string(message_body(text)) +
         R"(,"Timestamp":"2026-01-02T12:45:07.000Z","SignatureVersion":"1","Signature":"EXAMPLE",)"
         R"("SigningCertUrl":"EXAMPLE","UnsubscribeUrl":"EXAMPLE","MessageAttributes":{}}}]})";
}

void report(const Json& event, const Json& /*response*/, RecordReport& report) {
  report_each(listed_records(event), id_of, report);
}

}  // namespace

const SourceRow kRow = {
    .forwarded = true, .record_names = {"aws:sns"}, .in_records = true, .read = read, .answer = write_status_list};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::sns
