// Apache Kafka, of Amazon MSK or self-managed: lists of records by partition, which go on from the first that the
// answer names.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/batch_failures.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/record_lists.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::kafka {
namespace {

using Json = nlohmann::json;

// Kafka counts from 0 in 63 bits.
std::optional<std::int64_t> offset_in(const Json* offset) {
  if (offset == nullptr || !offset->is_number_integer()) return std::nullopt;
  if (offset->is_number_unsigned() && offset->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return std::nullopt;
  const auto value = offset->get<std::int64_t>();
  return value < 0 ? std::nullopt : std::optional(value);
}

// `partition` is the list that the record stands in, "orders-0"; a pipe's records have none and say it themselves.
std::optional<KafkaPosition> position_of(const Json& record, const std::string* partition) {
  KafkaPosition position;
  if (partition != nullptr) {
    position.partition = *partition;
  } else if (const Json* number = json::member(record, "partition"); number != nullptr && number->is_number_integer()) {
    position.partition = json::string_or_empty(&record, "topic") + "-" + number->dump();
  }
  const std::optional<std::int64_t> offset = offset_in(json::member(record, "offset"));
  if (!offset || position.partition.empty()) return std::nullopt;
  position.offset = *offset;
  return position;
}

std::string name_of(const KafkaPosition& position) {
  return position.partition + ":" + std::to_string(position.offset);
}

// The member is left out where a record has no value.
Message read_value(const Json* value, const EventReader& reader) {
  if (value == nullptr || value->is_null()) return of_skipped("a tombstone: it has no value");
  if (value->is_string() && value->get_ref<const std::string&>().empty()) return of_skipped("an empty value");
  std::string content;
  return reader.read_data(value, content);
}

void read_record(const Json& record, const std::string* partition, EventReader& reader) {
  // What is no object says neither what it is nor where.
  Message message = record.is_object() ? read_value(json::member(record, "value"), reader) : of_error("no object");
  Record& added = reader.add({}, std::move(message));
  std::optional<KafkaPosition> position = position_of(record, partition);
  if (!position) return;
  added.id = name_of(*position);
  added.position = std::move(position);
}

// A cluster of one's own is spelled in two ways.
constexpr std::array<std::string_view, 3> kNames = {"aws:kafka", "SelfManagedKafka", "aws:SelfManagedKafka"};

bool recognises(const Json& event) {
  return std::find(kNames.begin(), kNames.end(), record_name(event)) != kNames.end() && has_object(event, "records");
}

void read(EventReader& reader) {
  if (reader.event().array) {
    if (!reader.fits(reader.document().size())) return;
    for (const Json& record : reader.document()) read_record(record, nullptr, reader);
    return;
  }
  const Json& partitions = *json::member(reader.document(), "records");
  if (!reader.fits(count_listed(partitions))) return;
  for (const auto& [partition, records] : partitions.items()) {
    if (!records.is_array()) {
      reader.add({}, of_error("no array of records at partition " + partition));
      continue;
    }
    for (const Json& record : records) read_record(record, &partition, reader);
  }
}

std::string sample(std::string_view text) {
  return R"({"eventSource":"aws:kafka",)"
         R"("eventSourceArn":"arn:aws:kafka:us-east-1:123456789012:cluster/messages/751d2973-a626-431c-9d4e-d7975eb44dd7-2",)"
         R"("bootstrapServers":"b-1.messages.a1b2c3.c1.kafka.us-east-1.amazonaws.com:9092","records":{"messages-0":[{)"
         R"("topic":"messages","partition":0,"offset":15,"timestamp":1767357907000,"timestampType":"CREATE_TIME",)"
         R"("key":"Y3VzdG9tZXItNw==","value":")" +
         encoding::encode_base64(message_body(text)) + R"(","headers":[]}]}})";
}

std::string reported_id_of(const Json& record, const std::string* partition) {
  const std::optional<KafkaPosition> position = position_of(record, partition);
  return position ? name_of(*position) : std::string();
}

// What is no position is no record's name either, whatever it spells.
std::string identifier_name(const Json* identifier) {
  const std::string* partition = identifier == nullptr ? nullptr : json::string_member(*identifier, "partition");
  const std::optional<std::int64_t> offset =
      partition == nullptr ? std::nullopt : offset_in(json::member(*identifier, "offset"));
  if (offset) return name_of({*partition, *offset});
  return identifier == nullptr || name_in(identifier).empty() ? "" : json::compact(*identifier);
}

void report(const Json& event, const Json& response, RecordReport& report) {
  if (event.is_array()) {
    for (const Json& record : event) report.add(reported_id_of(record, nullptr));
  } else if (has_object(event, "records")) {
    for (const auto& [partition, records] : json::member(event, "records")->items()) {
      if (!records.is_array()) continue;
      for (const Json& record : records) report.add(reported_id_of(record, &partition));
    }
  }
  report_batch_failures(response, identifier_name, report);
}

}  // namespace

const SourceRow kRow = {.takes_batch_failures = true,
                        .forwarded = true,
                        .record_names = kNames,
                        .recognises = recognises,
                        .read = read,
                        .answer = write_batch_failures};
const ServiceSide kService = {sample, report, identifier_name};

}  // namespace textlambda::events::kafka
