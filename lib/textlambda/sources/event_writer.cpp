#include "textlambda/sources/event_writer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/md5.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"
#include "textlambda/sources/sqs_queue.h"
#include "textlambda/sources/stream.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::sources {
namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 0xFU];
  }
  return text;
}

// A receipt is good for one receive of one message. AWS's are some 150 characters long.
std::string receipt_handle(const Message& message, std::uint32_t receive) {
  const std::string digest = encoding::md5(message.id + '#' + std::to_string(receive));
  std::string bytes;
  for (int i = 0; i < 6; ++i) bytes += digest;
  return "AQEB" + encoding::encode_base64(bytes);
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += '"';
  out += name;
  out += "\":";
  json::append_string(out, value);
}

// A length in four bytes, the highest first, and what it is the length of.
void append_counted(std::string& bytes, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xFFU);
  bytes += text;
}

std::string seconds_with_milliseconds(std::int64_t time_ms) {
  return fmt::format("{}.{:03}", time_ms / 1000, time_ms % 1000);
}

}  // namespace

std::string md5_hex(std::string_view bytes) { return hex(encoding::md5(bytes)); }

std::string uuid_of(std::string_view text) {
  std::string digest = encoding::md5(text);
  digest[6] = static_cast<char>((digest[6] & 0x0F) | 0x40);
  digest[8] = static_cast<char>((digest[8] & 0x3F) | 0x80);
  std::string id = hex(digest);
  for (const std::size_t place : {20U, 16U, 12U, 8U}) id.insert(place, 1, '-');
  return id;
}

std::string shard_name(std::uint32_t shard) { return fmt::format("shardId-{:012}", shard); }

std::string md5_of_attributes(std::string_view attributes) {
  nlohmann::json document;
  if (!json::parse(attributes, 10, document) || !document.is_object()) return "";
  std::string bytes;
  for (const auto& [name, attribute] : document.items()) {  // sorted by name
    const std::string* type = json::string_member(attribute, "dataType");
    const std::string* text = json::string_member(attribute, "stringValue");
    const std::string* binary = json::string_member(attribute, "binaryValue");
    if (type == nullptr || (text == nullptr && binary == nullptr)) return "";
    append_counted(bytes, name);
    append_counted(bytes, *type);
    bytes += text != nullptr ? '\1' : '\2';
    std::string decoded;
    if (text == nullptr && !encoding::decode_base64(*binary, decoded).empty()) return "";
    append_counted(bytes, text != nullptr ? *text : decoded);
  }
  return bytes.empty() ? "" : md5_hex(bytes);
}

SqsEventWriter::SqsEventWriter(const SqsOptions& options, std::string& out)
    : options_(options), out_(out), arn_(options.arn()) {
  out_ += R"({"Records":[)";
}

void SqsEventWriter::add(const Message& message, const SqsRecord& record) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += '{';
  append_member(out_, "messageId", message.id);
  out_ += ',';
  append_member(out_, "receiptHandle", receipt_handle(message, record.receive));
  out_ += ',';
  append_member(out_, "body", message.body);
  out_ += R"(,"attributes":{"ApproximateReceiveCount":")" + std::to_string(record.receive);
  out_ += R"(","SentTimestamp":")" + std::to_string(record.sent_ms) + '"';
  if (options_.fifo) {
    out_ += fmt::format(R"(,"SequenceNumber":"1888495797{:010}")", record.place);
  }
  if (!message.key.empty()) {
    out_ += ',';
    append_member(out_, "MessageGroupId", message.key);
  }
  out_ += R"(,"SenderId":"AIDAIENQZJOLO23YVJ4VO")";
  if (options_.fifo) {
    out_ += ',';
    append_member(out_, "MessageDeduplicationId", encoding::sha256_hex(message.body));
  }
  out_ += R"(,"ApproximateFirstReceiveTimestamp":")" + std::to_string(record.first_received_ms);
  out_ += R"("},"messageAttributes":)";
  out_ += message.attributes.empty() ? "{}" : message.attributes;
  if (!message.attributes.empty()) {
    if (const std::string digest = md5_of_attributes(message.attributes); !digest.empty()) {
      out_ += ',';
      append_member(out_, "md5OfMessageAttributes", digest);
    }
  }
  out_ += R"(,"md5OfBody":")";
  out_ += record.md5_of_body;
  out_ += '"';
  out_ += R"(,"eventSource":"aws:sqs",)";
  append_member(out_, "eventSourceARN", arn_);
  out_ += ',';
  append_member(out_, "awsRegion", options_.account.region);
  out_ += '}';
}

void SqsEventWriter::finish() { out_ += "]}"; }

StreamEventWriter::StreamEventWriter(const StreamOptions& options, std::string& out)
    : options_(options), out_(out), arn_(options.arn()) {
  if (options_.kind != StreamKind::kafka) {
    out_ += R"({"Records":[)";
    return;
  }
  out_ += R"({"eventSource":"aws:kafka",)";
  append_member(out_, "eventSourceArn", arn_);
  out_ += ',';
  append_member(out_, "bootstrapServers", bootstrap_servers(options_));
  out_ += R"(,"records":{)";
}

void StreamEventWriter::add(const Message& message, std::uint32_t shard, std::int64_t arrival_ms) {
  switch (options_.kind) {
    case StreamKind::kinesis:
      add_kinesis(message, shard, arrival_ms);
      break;
    case StreamKind::dynamodb:
      add_dynamodb(message);
      break;
    case StreamKind::kafka:
      add_kafka(message, shard, arrival_ms);
      break;
  }
  first_ = false;
}

void StreamEventWriter::add_kinesis(const Message& message, std::uint32_t shard, std::int64_t arrival_ms) {
  out_ += first_ ? "" : ",";
  out_ += R"({"kinesis":{"kinesisSchemaVersion":"1.0",)";
  append_member(out_, "partitionKey", message.key);
  out_ += ',';
  append_member(out_, "sequenceNumber", message.id);
  out_ += R"(,"data":")" + encoding::encode_base64(message.body) + R"(","approximateArrivalTimestamp":)";
  out_ += seconds_with_milliseconds(arrival_ms);
  out_ += R"(},"eventSource":"aws:kinesis","eventVersion":"1.0",)";
  append_member(out_, "eventID", shard_name(shard) + ":" + message.id);
  out_ += R"(,"eventName":"aws:kinesis:record",)";
  append_member(out_, "invokeIdentityArn",
                "arn:aws:iam::" + options_.account.id + ":role/" + options_.account.function);
  out_ += ',';
  append_member(out_, "awsRegion", options_.account.region);
  out_ += ',';
  append_member(out_, "eventSourceARN", arn_);
  out_ += '}';
}

void StreamEventWriter::add_dynamodb(const Message& message) {
  out_ += first_ ? "" : ",";
  out_ += '{';
  append_member(out_, "eventID", md5_hex(message.id));
  out_ += R"(,"eventName":)" + (message.attributes.empty() ? "\"INSERT\"" : message.attributes);
  out_ += R"(,"eventVersion":"1.1","eventSource":"aws:dynamodb",)";
  append_member(out_, "awsRegion", options_.account.region);
  out_ += R"(,"dynamodb":)";
  // An object, without the white space around it.
  out_.append(message.body, 0, message.body.size() - 1);
  if (message.body.size() > 2) out_ += ',';
  append_member(out_, "SequenceNumber", message.id);
  out_ += "},";
  append_member(out_, "eventSourceARN", arn_);
  out_ += '}';
}

void StreamEventWriter::add_kafka(const Message& message, std::uint32_t partition, std::int64_t arrival_ms) {
  const std::string list = fmt::format("{}-{}", message.topic, partition);
  if (list != list_) {
    out_ += first_ ? "" : "],";
    json::append_string(out_, list);
    out_ += ":[";
    list_ = list;
  } else {
    out_ += ',';
  }
  out_ += '{';
  append_member(out_, "topic", message.topic);
  out_ += fmt::format(R"(,"partition":{},"offset":{},"timestamp":{},"timestampType":"CREATE_TIME")", partition,
                      message.offset, arrival_ms);
  if (!message.key.empty()) out_ += R"(,"key":")" + encoding::encode_base64(message.key) + '"';
  out_ += R"(,"value":")" + encoding::encode_base64(message.body) + R"(","headers":)";
  out_ += message.attributes.empty() ? "[]" : message.attributes;
  out_ += '}';
}

void StreamEventWriter::finish() {
  if (options_.kind != StreamKind::kafka) {
    out_ += "]}";
  } else {
    out_ += first_ ? "}}" : "]}}";
  }
}

std::string scheduled_event(const std::string& rule_arn, const std::string& region, const std::string& account,
                            std::int64_t time_ms) {
  const std::string time = text::rfc3339_seconds(time_ms);
  std::string event = R"({"version":"0",)";
  append_member(event, "id", uuid_of(rule_arn + time));
  event += R"(,"detail-type":"Scheduled Event","source":"aws.events",)";
  append_member(event, "account", account);
  event += ',';
  append_member(event, "time", time);
  event += ',';
  append_member(event, "region", region);
  event += R"(,"resources":[)";
  json::append_string(event, rule_arn);
  return event + R"(],"detail":{}})";
}

}  // namespace textlambda::sources
