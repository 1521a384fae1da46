// Amazon Data Firehose: records to transform, each of which has to come back by its id. Kinesis Data Analytics hands
// over the same before it reads a stream.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"

namespace textlambda::events::firehose {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& record) { return json::string_or_empty(&record, "recordId"); }

bool has_id(const Json& record) { return has_string(record, "recordId"); }

// Samples of AWS's own misspell the stream's ARN; analytics names its application instead.
bool recognises(const Json& event) {
  if (!has_array(event, "records")) return false;
  if (has_string(event, "deliveryStreamArn") || has_string(event, "deliverySteamArn")) return true;
  const Json& records = *json::member(event, "records");
  return has_string(event, "invocationId") && std::any_of(records.begin(), records.end(), has_id);
}

constexpr const char* kKafkaValue = "kafkaRecordValue";

// Of a stream that reads from Kafka the data has another name, in the answer too.
bool is_of_kafka(const Json& record) {
  return json::member(record, kKafkaValue) != nullptr || json::member(record, "mskRecordMetadata") != nullptr;
}

const char* data_name(const Json& record) { return is_of_kafka(record) ? kKafkaValue : "data"; }

void read(EventReader& reader) {
  const Json& records = *json::member(reader.document(), "records");
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    std::string content;
    const Json* data = json::member(record, data_name(record));
    Message message = is_of_kafka(record) && (data == nullptr || data->is_null())
                          ? of_skipped("a tombstone: it has no value")
                          : reader.read_data(data, content);
    reader.add(id_of(record), std::move(message), &record).content = std::move(content);
  }
}

// A line of JSON: the record as it came, beside its classification.
void append_classified(std::string& out, std::string_view original, const Classification& classification,
                       const ClassificationWriter& writer) {
  out += "{\"record\":";
  out += original;
  out += ',';
  writer.append_members(out, classification, false);
  out += "}\n";
}

std::string as_json(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

std::string classified_lines(const Record& record, const ClassificationWriter& writer, const Limits& limits) {
  std::string lines;
  if (record.classifications.size() == 1 && !record.content.empty()) {
    Json read;
    const bool is_json = json::read(record.content, limits.json, read).empty();
    append_classified(lines, is_json ? json::minified(record.content) : as_json(record.content),
                      record.classifications[0], writer);
    return lines;
  }
  // Log events, or records of an aggregate: a line each.
  for (std::size_t i = 0; i < record.classifications.size(); ++i) {
    append_classified(lines, as_json(record.message.texts[i]), record.classifications[i], writer);
  }
  return lines;
}

std::string transformed(const Record& record, const ClassificationWriter& writer, const Limits& limits) {
  const char* const name = data_name(*record.item);
  std::string out = "{\"recordId\":";
  json::append_string(out, record.id);
  if (!record.has_failed() && record.message.skipped.empty()) {
    out += R"(,"result":"Ok",")" + std::string(name) + R"(":")" +
           encoding::encode_base64(classified_lines(record, writer, limits)) + "\"}";
    return out;
  }
  // As it came: Firehose files it with what failed.
  out += record.has_failed() ? R"(,"result":"ProcessingFailed",")" : R"(,"result":"Dropped",")";
  out += std::string(name) + "\":";
  const std::string* data = json::string_member(*record.item, name);
  json::append_string(out, data == nullptr ? std::string_view() : *data);
  out += '}';
  return out;
}

// Every record is answered, in order. One that no longer fits into Lambda's limit fails, and Firehose keeps it.
void answer(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  // Room for a failed record without its data, for each that is still to come.
  constexpr std::size_t kFailedBytes = 64;
  std::size_t ids_to_come = 0;
  for (const Record& record : event.records) {
    if (fail_if_unnamed(record, answer)) return;
    ids_to_come += kFailedBytes + 6 * record.id.size();
  }
  answer.body = "{\"records\":[";
  for (Record& record : event.records) {
    if (&record != &event.records.front()) answer.body += ',';
    ids_to_come -= kFailedBytes + 6 * record.id.size();
    std::string entry = transformed(record, writer, limits);
    if (answer.body.size() + entry.size() + ids_to_come + 2 > limits.answer_bytes) {
      record.message.error = "no room in the answer, which is limited to " + std::to_string(limits.answer_bytes) +
                             " bytes: let Firehose buffer less";
      entry = "{\"recordId\":";
      json::append_string(entry, record.id);
      entry += R"(,"result":"ProcessingFailed"})";
    }
    answer.body += entry;
  }
  answer.body += "]}";
}

std::string sample(std::string_view text) {
  return R"({"invocationId":"de4ed43a-8f3b-4b5a-9f3e-0d2a2f1e5c11",)"
         R"("deliveryStreamArn":"arn:aws:firehose:us-east-1:123456789012:deliverystream/messages","region":"us-east-1",)"
         R"("records":[{"recordId":"49546986683135544286507457936321625675700192471156785154",)"
         R"("approximateArrivalTimestamp":1767357907000,"data":")" +
         encoding::encode_base64(message_body(text)) + "\"}]}";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  report_each(json::member(event, "records"), id_of, report);
  const Json* list = json::member(response, "records");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& item : *list) {
    const std::string result = name_in(json::member(item, "result"));
    if (result == "Ok" || result == "Dropped") continue;
    report.fail(name_in(json::member(item, "recordId")), "answered with " + result);
  }
}

}  // namespace

const SourceRow kRow = {.forwarded = true, .recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::firehose
