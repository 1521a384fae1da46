#include "textlambda/sources/message_file.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/json/span.h"
#include "textlambda/json/write.h"
#include "textlambda/recording/reader.h"
#include "textlambda/sources/event_writer.h"
#include "textlambda/sources/partition.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/text/utf8.h"

namespace textlambda::sources {
namespace {

using Json = nlohmann::json;

// A line of a file, for messages about it.
struct Line {
  const std::string& file;
  std::uint64_t number = 0;

  [[noreturn]] void refuse(std::string_view why) const { io::throw_input(why, file, number); }
};

using ReadLine = std::function<void(std::string_view text, const Line& line)>;

std::string_view without_space(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

void for_each_line(const std::string& path, const ReadLine& read) {
  const archive::InputBytes bytes = archive::InputBytes::open(path);
  std::string_view rest = text::without_byte_order_mark(bytes.view());
  Line line{bytes.name()};
  while (!rest.empty()) {
    ++line.number;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view text = without_space(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (!text.empty()) read(text, line);
  }
}

// False where the line is text. One that begins as an object does is refused if it is none; what people write may well
// begin with a quotation mark or a bracket.
bool read_json_line(std::string_view text, const Line& line, Json& document) {
  if (text.front() != '{' && text.front() != '[' && text.front() != '"') return false;
  const std::string fault = json::read(text, {}, document);
  if (!fault.empty() && text.front() == '{') line.refuse(fault);
  return fault.empty();
}

// What a member holds as it is sent: a string as what it says, other JSON as it stands.
std::string sent_text(const Json& value) { return value.is_string() ? value.get<std::string>() : json::compact(value); }

std::string string_or(const Json& object, const char* name, const Line& line, std::string otherwise = {}) {
  const Json* value = json::member(object, name);
  if (value == nullptr || value->is_null()) return otherwise;
  if (!value->is_string()) line.refuse(fmt::format("\"{}\" is no string", name));
  return value->get<std::string>();
}

// An object or array beside the body, as JSON; empty where there is none.
std::string structure_or_none(const Json& object, const char* name, Json::value_t type, const Line& line) {
  const Json* value = json::member(object, name);
  if (value == nullptr || value->is_null() || value->empty()) return {};
  if (value->type() != type) line.refuse(fmt::format("\"{}\" is no {}", name, Json(type).type_name()));
  return json::compact(*value);
}

std::string decoded(const Json& object, const char* name, const Line& line) {
  std::string bytes;
  const std::string fault = encoding::decode_base64(string_or(object, name, line), bytes);
  if (!fault.empty()) line.refuse(fmt::format("\"{}\": {}", name, fault));
  return bytes;
}

std::optional<std::int64_t> whole_member(const Json& object, const char* name, const Line& line) {
  const Json* value = json::member(object, name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_number_integer() || value->get<std::int64_t>() < 0) {
    line.refuse(fmt::format("\"{}\" is no whole number from 0 on", name));
  }
  return value->get<std::int64_t>();
}

// The records of a whole event; null where it is none.
const Json* records_of(const Json& document, const Line& line) {
  const Json* records = json::member(document, "Records");
  if (records != nullptr && !records->is_array()) line.refuse("\"Records\" is no list");
  return records;
}

// The event of a recording, where the value is one.
const Json& unwrapped(const Json& document) {
  const Json* event = json::member(document, "event");
  return event != nullptr && event->is_object() && event->contains("Records") ? *event : document;
}

void check_origin(const Json& record, std::string_view wanted, const Line& line) {
  const std::string origin = string_or(record, "eventSource", line);
  if (!origin.empty() && origin != wanted) {
    line.refuse(fmt::format("is a record of {}, expected {}", origin, wanted));
  }
}

Message queue_message(const Json& record, const Line& line) {
  check_origin(record, "aws:sqs", line);
  Message message;
  const Json* body = json::member(record, "body");
  if (body == nullptr) line.refuse("has no \"body\"");
  message.body = sent_text(*body);
  message.id = string_or(record, "messageId", line);
  message.attributes = structure_or_none(record, "messageAttributes", Json::value_t::object, line);
  message.key = string_or(record, "group", line);
  if (const Json* attributes = json::member(record, "attributes"); attributes != nullptr) {
    if (!attributes->is_object()) line.refuse("\"attributes\" is no object");
    message.key = string_or(*attributes, "MessageGroupId", line, std::move(message.key));
  }
  return message;
}

void read_queue_line(std::string_view text, const Line& line, Messages& messages) {
  Json parsed;
  if (!read_json_line(text, line, parsed)) {
    messages.push_back({.id = {}, .key = {}, .body = std::string(text), .attributes = {}});
    return;
  }
  const Json& document = unwrapped(parsed);
  if (const Json* records = records_of(document, line); records != nullptr) {
    for (const Json& record : *records) messages.push_back(queue_message(record, line));
  } else if (document.is_object() && (document.contains("body") || document.contains("messageId"))) {
    messages.push_back(queue_message(document, line));
  } else {
    Message& message = messages.emplace_back();
    message.body = document.is_string() ? document.get<std::string>() : std::string(text);
  }
}

Message kinesis_record(const Json& record, const Line& line) {
  check_origin(record, "aws:kinesis", line);
  Message message;
  if (const Json* envelope = json::member(record, "kinesis"); envelope != nullptr) {
    message.id = string_or(*envelope, "sequenceNumber", line);
    message.key = string_or(*envelope, "partitionKey", line);
    message.body = decoded(*envelope, "data", line);
    const Json* time = json::member(*envelope, "approximateArrivalTimestamp");
    if (time != nullptr && time->is_number()) message.time_ms = static_cast<std::int64_t>(time->get<double>() * 1000);
    return message;
  }
  const Json* data = json::member(record, "data");
  if (data == nullptr) line.refuse("has no \"data\"");
  message.body = sent_text(*data);
  message.key = string_or(record, "partitionKey", line);
  return message;
}

void read_kinesis_line(std::string_view text, const Line& line, Messages& messages) {
  Json parsed;
  if (!read_json_line(text, line, parsed)) {
    messages.emplace_back().body = text;
    return;
  }
  const Json& document = unwrapped(parsed);
  if (const Json* records = records_of(document, line); records != nullptr) {
    for (const Json& record : *records) messages.push_back(kinesis_record(record, line));
  } else if (document.is_object() && (document.contains("kinesis") || document.contains("data"))) {
    messages.push_back(kinesis_record(document, line));
  } else {
    messages.emplace_back().body = document.is_string() ? document.get<std::string>() : std::string(text);
  }
}

// Plain JSON as DynamoDB types it.
Json typed(const Json& value) {
  if (value.is_string()) return {{"S", value}};
  if (value.is_boolean()) return {{"BOOL", value}};
  if (value.is_number()) return {{"N", value.dump()}};
  if (value.is_null()) return {{"NULL", true}};
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) list.push_back(typed(element));
    return {{"L", std::move(list)}};
  }
  Json map = Json::object();
  for (const auto& [name, member] : value.items()) map[name] = typed(member);
  return {{"M", std::move(map)}};
}

void add_change(Json change, std::string event_name, Messages& messages, const Line& line) {
  Message& message = messages.emplace_back();
  message.id = string_or(change, "SequenceNumber", line);
  change.erase("SequenceNumber");
  const Json* time = json::member(change, "ApproximateCreationDateTime");
  if (time != nullptr && time->is_number()) message.time_ms = static_cast<std::int64_t>(time->get<double>() * 1000);
  const Json* keys = json::member(change, "Keys");
  message.key = keys == nullptr ? "" : json::compact(*keys);
  message.body = json::compact(change);
  message.attributes = json::compact(event_name);
}

void add_dynamodb_record(const Json& record, const Line& line, Messages& messages) {
  check_origin(record, "aws:dynamodb", line);
  const Json* change = json::member(record, "dynamodb");
  if (change == nullptr || !change->is_object()) line.refuse("has no object \"dynamodb\"");
  add_change(*change, string_or(record, "eventName", line, "INSERT"), messages, line);
}

void read_dynamodb_line(std::string_view text, const Line& line, Messages& messages) {
  Json parsed;
  if (!read_json_line(text, line, parsed)) parsed = Json{{"text", std::string(text)}};
  const Json& document = unwrapped(parsed);
  if (const Json* records = records_of(document, line); records != nullptr) {
    for (const Json& record : *records) add_dynamodb_record(record, line, messages);
    return;
  }
  if (document.is_object() && document.contains("dynamodb")) return add_dynamodb_record(document, line, messages);
  Json item = document.is_object() ? document : Json{{"text", document}};
  // An item has a key, if only its place.
  if (!item.contains("id")) item["id"] = std::to_string(messages.size() + 1);
  Json change = {{"Keys", {{"id", typed(item["id"])}}}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}};
  Json& image = change["NewImage"];
  for (const auto& [name, value] : item.items()) image[name] = typed(value);
  change["SizeBytes"] = json::compact(item).size();
  add_change(std::move(change), "INSERT", messages, line);
}

// A record as Lambda has it: base64, and where it stands.
Message kafka_record(const Json& record, const Line& line) {
  Message message;
  message.topic = string_or(record, "topic", line);
  message.key = decoded(record, "key", line);
  message.body = decoded(record, "value", line);
  message.attributes = structure_or_none(record, "headers", Json::value_t::array, line);
  const std::optional<std::int64_t> partition = whole_member(record, "partition", line);
  if (partition) message.partition = static_cast<std::uint32_t>(*partition);
  message.time_ms = whole_member(record, "timestamp", line);
  return message;
}

// A record as people write it.
Message plain_kafka_record(const Json& record, const Line& line) {
  Message message;
  message.body = sent_text(record["value"]);
  message.key = string_or(record, "key", line);
  message.topic = string_or(record, "topic", line, "messages");
  message.attributes = structure_or_none(record, "headers", Json::value_t::array, line);
  const std::optional<std::int64_t> partition = whole_member(record, "partition", line);
  if (partition) message.partition = static_cast<std::uint32_t>(*partition);
  return message;
}

void read_kafka_line(std::string_view text, const Line& line, Messages& messages) {
  Json document;
  if (!read_json_line(text, line, document)) {
    Message& message = messages.emplace_back();
    message.body = text;
    message.topic = "messages";
    return;
  }
  const Json* event = json::member(document, "event");
  const Json& value = event != nullptr && event->is_object() && event->contains("records") ? *event : document;
  if (const Json* records = json::member(value, "records"); records != nullptr && records->is_object()) {
    for (const auto& [partition, list] : records->items()) {
      if (!list.is_array()) line.refuse(fmt::format("\"records\": \"{}\" is no list", partition));
      for (const Json& record : list) messages.push_back(kafka_record(record, line));
    }
  } else if (value.is_object() && value.contains("offset") && value.contains("value")) {
    messages.push_back(kafka_record(value, line));
  } else if (value.is_object() && value.contains("value")) {
    messages.push_back(plain_kafka_record(value, line));
  } else {
    Message& message = messages.emplace_back();
    message.body = value.is_string() ? value.get<std::string>() : std::string(text);
    message.topic = "messages";
  }
}

void expect_some(const Messages& messages, const std::string& path) {
  if (messages.empty()) io::throw_input("holds no message", path);
}

// Those that have none, or one that another has already, get one of their own.
void name_messages(Messages& messages, const std::function<std::string(std::size_t place)>& name) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].id.empty() || !names.insert(messages[i].id).second) {
      messages[i].id = name(i);
      names.insert(messages[i].id);
    }
  }
}

// As long as AWS's, and rising.
std::string sequence_number(StreamKind kind, std::size_t place) {
  if (kind == StreamKind::dynamodb) return fmt::format("44215845000000000{:011}", place);
  return fmt::format("49590338271490256608559692538361571095921575{:012}", place);
}

void place_in_partitions(Messages& messages, std::uint32_t partitions) {
  std::map<std::pair<std::string, std::uint32_t>, std::int64_t> next;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    Message& message = messages[i];
    if (!message.partition) {
      message.partition =
          message.key.empty() ? static_cast<std::uint32_t>(i % partitions) : kafka_partition(message.key, partitions);
    }
    message.offset = next[{message.topic, *message.partition}]++;
    message.id = fmt::format("{}-{}:{}", message.topic, *message.partition, message.offset);
  }
}

}  // namespace

Messages read_queue(const std::string& path) {
  Messages messages = read_queue_so_far(path);
  expect_some(messages, path);
  return messages;
}

Messages read_queue_so_far(const std::string& path) {
  Messages messages;
  for_each_line(path, [&](std::string_view text, const Line& line) { read_queue_line(text, line, messages); });
  name_messages(messages, [&](std::size_t i) { return uuid_of(fmt::format("{}#{}", i, messages[i].body)); });
  return messages;
}

Messages read_stream(StreamKind kind, const std::string& path, std::uint32_t shards) {
  Messages messages;
  for_each_line(path, [&](std::string_view text, const Line& line) {
    switch (kind) {
      case StreamKind::kinesis:
        return read_kinesis_line(text, line, messages);
      case StreamKind::dynamodb:
        return read_dynamodb_line(text, line, messages);
      case StreamKind::kafka:
        return read_kafka_line(text, line, messages);
    }
  });
  expect_some(messages, path);
  if (kind == StreamKind::kafka) {
    place_in_partitions(messages, shards);
    return messages;
  }
  name_messages(messages, [&](std::size_t i) { return sequence_number(kind, i); });
  for (std::size_t i = 0; i < messages.size(); ++i) {
    // Kinesis wants a partition key.
    if (messages[i].key.empty()) messages[i].key = std::to_string(i + 1);
  }
  return messages;
}

Messages read_events(const std::string& path) {
  Messages messages;
  const recording::Reader reader({path}, {});
  reader.read([&](recording::Recording&& recording) {
    if (!recording.bad_reason.empty()) io::throw_input(recording.bad_reason, recording.file, recording.line);
    Message& message = messages.emplace_back();
    message.id = recording.line == 0 ? recording.file : fmt::format("{}:{}", recording.file, recording.line);
    message.body = std::move(recording.event);
    if (recording.time) {
      const std::optional<std::string> time = json::string_content(*recording.time);
      if (time) message.time_ms = text::parse_rfc3339(*time);
    }
    return true;
  });
  expect_some(messages, path);
  name_messages(messages, [&](std::size_t i) { return fmt::format("event {}", i + 1); });
  return messages;
}

}  // namespace textlambda::sources
