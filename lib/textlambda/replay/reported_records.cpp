#include "textlambda/replay/reported_records.h"

#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace textlambda::replay {
namespace {

using Json = nlohmann::json;
using lambda::RecordOutcome;
using lambda::Source;

const Json* member(const Json* object, const char* name) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(name);
  return found == object->end() ? nullptr : &*found;
}

std::string text_of(const Json* value) {
  if (value == nullptr) return "";
  return value->is_string() ? value->get<std::string>() : value->dump(-1, ' ', false, Json::error_handler_t::replace);
}

// How batchItemFailures or the answer's own list names a record of this source.
std::string record_id(Source source, const Json& record) {
  switch (source) {
    case Source::sqs:
      return text_of(member(&record, "messageId"));
    case Source::kinesis:
      return text_of(member(member(&record, "kinesis"), "sequenceNumber"));
    case Source::dynamodb:
      return text_of(member(member(&record, "dynamodb"), "SequenceNumber"));
    case Source::firehose:
      return text_of(member(&record, "recordId"));
    case Source::s3_batch:
      return text_of(member(&record, "taskId"));
    case Source::kafka:
      return Json{{"offset", record.value("offset", Json())},
                  {"partition", text_of(member(&record, "topic")) + "-" + text_of(member(&record, "partition"))}}
          .dump(-1, ' ', false, Json::error_handler_t::replace);
    default:
      return "";
  }
}

void add(Source source, const Json* list, std::vector<RecordOutcome>& records) {
  if (list == nullptr || !list->is_array()) return;
  for (const Json& item : *list) {
    RecordOutcome record;
    record.ok = true;
    if (item.is_object()) record.id = record_id(source, item);
    records.push_back(std::move(record));
  }
}

// "topic-0": [ … ]
void add_lists(Source source, const Json* map, std::vector<RecordOutcome>& records) {
  if (map == nullptr || !map->is_object()) return;
  for (const Json& list : *map) add(source, &list, records);
}

std::vector<RecordOutcome> records_of(Source source, const Json& event) {
  std::vector<RecordOutcome> records;
  if (event.is_array()) {
    add(source, &event, records);
    return records;
  }
  switch (source) {
    case Source::sns:
    case Source::sqs:
    case Source::kinesis:
    case Source::dynamodb:
    case Source::s3:
    case Source::ses:
      add(source, member(&event, "Records"), records);
      return records;
    case Source::firehose:
      add(source, member(&event, "records"), records);
      return records;
    case Source::kafka:
      add_lists(source, member(&event, "records"), records);
      return records;
    case Source::activemq:
      add(source, member(&event, "messages"), records);
      return records;
    case Source::rabbitmq:
      add_lists(source, member(&event, "rmqMessagesByQueue"), records);
      return records;
    case Source::documentdb:
      add(source, member(&event, "events"), records);
      return records;
    case Source::s3_batch:
      add(source, member(&event, "tasks"), records);
      return records;
    default:
      records.emplace_back();
      records.back().ok = true;
      return records;
  }
}

void fail(const std::string& id, std::string error, std::vector<RecordOutcome>& records) {
  for (RecordOutcome& record : records) {
    if (record.id != id || id.empty()) continue;
    record.ok = false;
    record.error = std::move(error);
    return;
  }
  RecordOutcome unknown;
  unknown.error = fmt::format("the answer names \"{}\", which is no record of the event: the whole batch fails", id);
  records.push_back(std::move(unknown));
}

void fail_listed(Source source, const Json& response, std::vector<RecordOutcome>& records) {
  if (source == Source::firehose || source == Source::s3_batch) {
    const bool firehose = source == Source::firehose;
    const Json* list = member(&response, firehose ? "records" : "results");
    if (list == nullptr || !list->is_array()) return;
    for (const Json& item : *list) {
      const std::string result = text_of(member(&item, firehose ? "result" : "resultCode"));
      if (result == "Ok" || result == "Dropped" || result == "Succeeded") continue;
      fail(text_of(member(&item, firehose ? "recordId" : "taskId")), "answered with " + result, records);
    }
    return;
  }
  const Json* list = member(&response, "batchItemFailures");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& item : *list) {
    fail(text_of(member(&item, "itemIdentifier")), "answered as a batch item failure", records);
  }
}

}  // namespace

std::vector<RecordOutcome> reported_records(Source source, const Json& event, const Json& response) {
  std::vector<RecordOutcome> records = records_of(source, event);
  fail_listed(source, response, records);
  return records;
}

int reported_status(Source source, const Json& response) {
  if (!lambda::is_http(source)) return 0;
  const Json* status = member(&response, "statusCode");
  if (status != nullptr && status->is_number_integer()) return status->get<int>();
  const bool bare_is_fine = source == Source::http_api || source == Source::function_url;
  return bare_is_fine ? 200 : 502;  // what API Gateway and a load balancer make of a malformed answer
}

}  // namespace textlambda::replay
