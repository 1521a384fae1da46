// Events that carry their data in base64: Kinesis, Firehose, Kafka, MQ brokers, CloudWatch Logs.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"
#include "textlambda/text/blank.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

// The records of {"orders-0": [...], "orders-1": [...]}.
std::size_t listed(const Json& lists) {
  std::size_t count = 0;
  for (const Json& list : lists) count += list.is_array() ? list.size() : 1;
  return count;
}

// Kafka counts from 0 in 63 bits.
std::optional<std::int64_t> offset_of(const Json& record) {
  const Json* offset = json::member(record, "offset");
  if (offset == nullptr || !offset->is_number_integer()) return std::nullopt;
  if (offset->is_number_unsigned() && offset->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return std::nullopt;
  const auto value = offset->get<std::int64_t>();
  return value < 0 ? std::nullopt : std::optional(value);
}

}  // namespace

// A pipe hands the members of `kinesis` over without their envelope, and wants the eventID back.
void EventReader::read_kinesis(const Json& records) {
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    const Json* kinesis = json::member(record, "kinesis");
    const Json& payload = kinesis == nullptr ? record : *kinesis;
    std::string id = event_.array ? string_or_empty(&record, "eventID") : std::string();
    if (id.empty()) id = string_or_empty(&payload, "sequenceNumber");
    std::string content;
    Message message = read_data(json::member(payload, "data"), content);
    add(std::move(id), std::move(message));
  }
}

void EventReader::read_firehose() {
  const Json& records = *json::member(document_, "records");
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    std::string content;
    Message message = read_data(json::member(record, "data"), content);
    add(string_or_empty(&record, "recordId"), std::move(message), &record).content = std::move(content);
  }
}

void EventReader::read_kafka() {
  if (event_.array) {
    if (!fits(document_.size())) return;
    for (const Json& record : document_) read_kafka_record(record, nullptr);
    return;
  }
  const Json& partitions = *json::member(document_, "records");
  if (!fits(listed(partitions))) return;
  for (const auto& [partition, records] : partitions.items()) {
    if (!records.is_array()) {
      add({}, of_error("no array of records at partition " + partition));
      continue;
    }
    for (const Json& record : records) read_kafka_record(record, &partition);
  }
}

void EventReader::read_kafka_record(const Json& record, const std::string* partition) {
  KafkaPosition position;
  if (partition != nullptr) {
    position.partition = *partition;
  } else if (const Json* number = json::member(record, "partition"); number != nullptr && number->is_number_integer()) {
    position.partition = string_or_empty(&record, "topic") + "-" + number->dump();
  }
  const Json* value = json::member(record, "value");
  std::string content;
  Message message =
      value != nullptr && value->is_null() ? of_skipped("a tombstone: its value is null") : read_data(value, content);
  Record& added = add({}, std::move(message));
  const std::optional<std::int64_t> offset = offset_of(record);
  if (!offset || position.partition.empty()) return;
  position.offset = *offset;
  added.id = position.partition + ":" + std::to_string(position.offset);
  added.position = std::move(position);
}

void EventReader::read_activemq() {
  const Json& messages = event_.array ? document_ : *json::member(document_, "messages");
  if (!fits(messages.size())) return;
  for (const Json& each : messages) {
    std::string content;
    Message message = read_data(json::member(each, "data"), content);
    add(string_or_empty(&each, "messageID"), std::move(message));
  }
}

void EventReader::read_rabbitmq() {
  if (event_.array) {
    if (fits(document_.size())) read_rabbitmq_messages(document_);
    return;
  }
  const Json& queues = *json::member(document_, "rmqMessagesByQueue");
  if (!fits(listed(queues))) return;
  for (const auto& [queue, messages] : queues.items()) {
    if (messages.is_array()) {
      read_rabbitmq_messages(messages);
    } else {
      add({}, of_error("no array of messages at queue " + queue));
    }
  }
}

void EventReader::read_rabbitmq_messages(const Json& messages) {
  for (const Json& each : messages) {
    std::string content;
    Message message = read_data(json::member(each, "data"), content);
    add(string_or_empty(json::member(each, "basicProperties"), "messageId"), std::move(message));
  }
}

// What is neither a batch of log events nor any other JSON counts as one message.
void EventReader::read_logs() {
  std::string content;
  std::string reason = decode(json::member(*json::member(document_, "awslogs"), "data"), content);
  if (!reason.empty()) return fail("InvalidEvent", "awslogs.data: " + reason);
  Json batch;
  const bool is_batch = json::read(content, limits_.json, batch).empty() && is_log_batch(batch);
  if (!is_batch || is_control_message(batch)) {
    add({}, messages_.read(content));
    return;
  }
  const Json& events = *json::member(batch, "logEvents");
  if (!fits(events.size())) return;
  for (const Json& event : events) {
    const std::string* line = json::string_member(event, "message");
    Message message = line == nullptr         ? of_error("no string at message")
                      : text::is_blank(*line) ? of_skipped("a blank line")
                                              : messages_.read(*line);
    add(string_or_empty(&event, "id"), std::move(message));
  }
}

}  // namespace textlambda::lambda
