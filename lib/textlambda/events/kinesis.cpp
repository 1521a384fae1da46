// Kinesis Data Streams: records in base64; the stream goes on from the first that the answer names.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/batch_failures.h"
#include "textlambda/events/source_row.h"
#include "textlambda/events/stream_window.h"
#include "textlambda/json/document.h"

namespace textlambda::events::kinesis {
namespace {

using Json = nlohmann::json;

// A pipe hands the members of `kinesis` over without their envelope.
const Json& payload_of(const Json& record) {
  const Json* kinesis = json::member(record, "kinesis");
  return kinesis == nullptr ? record : *kinesis;
}

std::string id_of(const Json& record) { return json::string_or_empty(&payload_of(record), "sequenceNumber"); }

// A pipe wants the eventID back.
std::string piped_id_of(const Json& record) {
  std::string id = json::string_or_empty(&record, "eventID");
  return id.empty() ? id_of(record) : id;
}

bool recognises(const Json& event) { return is_window_of(event, ":kinesis:"); }

void read(EventReader& reader) {
  const Json& records = reader.records();
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    std::string content;
    Message message = reader.read_data(json::member(payload_of(record), "data"), content);
    reader.add(reader.event().array ? piped_id_of(record) : id_of(record), std::move(message));
  }
}

std::string sample(std::string_view text) {
  return R"({"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"1",)"
         R"("sequenceNumber":"49590338271490256608559692538361571095921575989136588898","data":")" +
         encoding::encode_base64(message_body(text)) +
         R"(","approximateArrivalTimestamp":1767357907.123},"eventSource":"aws:kinesis","eventVersion":"1.0",)"
         R"("eventID":"shardId-000000000006:49590338271490256608559692538361571095921575989136588898",)"
         R"("eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda",)"
         R"("awsRegion":"us-east-1","eventSourceARN":"arn:aws:kinesis:us-east-1:123456789012:stream/messages"}]})";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  report_each(listed_records(event), event.is_array() ? piped_id_of : id_of, report);
  report_batch_failures(response, name_in, report);
}

}  // namespace

const SourceRow kRow = {.takes_batch_failures = true,
                        .forwarded = true,
                        .record_names = {"aws:kinesis"},
                        .in_records = true,
                        .recognises = recognises,
                        .read = read,
                        .answer = write_batch_failures};
const ServiceSide kService = {sample, report, name_in};

}  // namespace textlambda::events::kinesis
