// Amazon S3: notices of objects, which the text is in; the answer is ignored.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/envelope.h"
#include "textlambda/events/record_list.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::s3 {
namespace {

using Json = nlohmann::json;

const Json* object_of(const Json& record) {
  const Json* s3 = json::member(record, "s3");
  return s3 == nullptr ? nullptr : json::member(*s3, "object");
}

std::string id_of(const Json& record) { return json::string_or_empty(object_of(record), "key"); }

void read(EventReader& reader) {
  const Json& records = reader.records();
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    reader.add(id_of(record),
               object_of(record) == nullptr ? of_error("no object at s3.object") : of_object(s3_record_note(record)));
  }
}

std::string sample(std::string_view /*text*/) {
  return R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",)"
         R"("eventTime":"2026-01-02T12:45:07.000Z","eventName":"ObjectCreated:Put",)"
         R"("userIdentity":{"principalId":"AWS:AIDAINPONIXQXHT3IKHL2"},"requestParameters":{"sourceIPAddress":"205.255.255.255"},)"
         R"("responseElements":{"x-amz-request-id":"D82B88E5F771F645"},"s3":{"s3SchemaVersion":"1.0",)"
         R"("configurationId":"messages","bucket":{"name":"messages","ownerIdentity":{"principalId":"A3I5XTEXAMAI3E"},)"
         R"("arn":"arn:aws:s3:::messages"},"object":{"key":"2026/message.txt","size":26,)"
         R"("eTag":"d41d8cd98f00b204e9800998ecf8427e","sequencer":"0055AED6DCD90281E5"}}}]})";
}

void report(const Json& event, const Json& /*response*/, RecordReport& report) {
  report_each(listed_records(event), id_of, report);
}

}  // namespace

const SourceRow kRow = {.carries_text = false,
                        .forwarded = true,
                        .record_names = {"aws:s3"},
                        .in_records = true,
                        .read = read,
                        .answer = write_record_list};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::s3
