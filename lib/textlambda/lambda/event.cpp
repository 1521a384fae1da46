#include "textlambda/lambda/event.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/io/invalid.h"
#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"
#include "textlambda/lambda/recognition.h"

namespace textlambda::lambda {

using Json = nlohmann::json;

EventReader::EventReader(const Json& document, const MessageReader& messages, const Limits& limits, Event& event)
    : document_(document), messages_(messages), limits_(limits), event_(event), inflated_left_(limits.inflated_bytes) {}

void EventReader::read() {
  const Json* records = event_.array ? &document_ : json::member(document_, "Records");
  switch (event_.source) {
    case Source::sns:
      return read_notifications(*records);
    case Source::sqs:
      return read_queue(*records);
    case Source::kinesis:
      return read_kinesis(*records);
    case Source::dynamodb:
      return read_dynamodb(*records);
    case Source::s3:
      return read_objects(*records);
    case Source::s3_batch:
      return read_object_tasks();
    case Source::ses:
      return read_mail(*records);
    case Source::cloudwatch_logs:
      return read_logs();
    case Source::eventbridge:
    case Source::scheduled:
      return read_bus();
    case Source::firehose:
      return read_firehose();
    case Source::kafka:
      return read_kafka();
    case Source::activemq:
      return read_activemq();
    case Source::rabbitmq:
      return read_rabbitmq();
    case Source::documentdb:
      return read_documentdb();
    case Source::api_gateway_rest:
    case Source::http_api:
    case Source::function_url:
    case Source::alb:
      return read_http();
    case Source::lex:
      return read_lex();
    case Source::appsync:
      return read_appsync();
    case Source::cognito:
      return read_cognito();
    case Source::direct:
      return read_direct();
  }
}

Record& EventReader::add(std::string id, Message message, const Json* item) {
  Record& record = event_.records.emplace_back();
  record.id = std::move(id);
  record.message = std::move(message);
  record.item = item;
  return record;
}

bool EventReader::fits(std::size_t record_count) {
  if (record_count <= limits_.records) {
    event_.records.reserve(record_count);
    return true;
  }
  fail("TooManyRecords", std::to_string(record_count) + " records, at most " + std::to_string(limits_.records) +
                             " of one event are taken");
  return false;
}

void EventReader::fail(const char* type, std::string reason) {
  event_.error_type = type;
  event_.error = std::move(reason);
}

encoding::Gunzipped EventReader::unpack(std::string& content) {
  if (!encoding::is_gzip(content)) return {};
  std::string unpacked;
  encoding::Gunzipped result = encoding::gunzip(content, inflated_left_, unpacked);
  if (result.too_large) {
    result.error =
        io::not_valid("gzip within the limits", "unpacks to more than the " + std::to_string(limits_.inflated_bytes) +
                                                    " bytes that one event's compressed parts may have together");
  } else if (result.error.empty()) {
    inflated_left_ -= unpacked.size();
    content = std::move(unpacked);
  }
  return result;
}

std::string EventReader::decode(const Json* data, std::string& content) {
  if (data == nullptr || !data->is_string()) return "no string where the base64 data should be";
  std::string reason = encoding::decode_base64(data->get_ref<const std::string&>(), content);
  if (reason.empty()) reason = unpack(content).error;
  return reason;
}

Message EventReader::read_data(const Json* data, std::string& content) {
  std::string reason = decode(data, content);
  return reason.empty() ? messages_.read(content) : of_error(std::move(reason));
}

bool all_failed(const std::vector<Record>& records) {
  return std::all_of(records.begin(), records.end(),
                     [](const Record& record) { return !record.message.error.empty(); });
}

std::string none_has_text(const std::vector<Record>& records) {
  return "none of the array's " + std::to_string(records.size()) +
         " elements is a text or has one; the first: " + records.front().message.error;
}

std::string string_or_empty(const Json* object, const char* name) {
  const std::string* text = object == nullptr ? nullptr : json::string_member(*object, name);
  return text == nullptr ? std::string() : *text;
}

Event read_event(const Json& document, const MessageReader& messages, const Limits& limits) {
  const Recognition recognition = recognise(document);
  Event event;
  event.source = recognition.source;
  event.array = recognition.array;
  event.document = &document;
  EventReader(document, messages, limits, event).read();
  return event;
}

}  // namespace textlambda::lambda
