#include "textlambda/loop/trigger.h"

#include <nlohmann/json.hpp>

#include "textlambda/events/http_request.h"
#include "textlambda/json/document.h"

namespace textlambda::loop {
namespace {

using events::Source;
using Json = nlohmann::json;

// S3 gives its notices no id; an object's every change has a sequencer, which its redelivery has too.
std::string object_change(const Json& record) {
  const Json* const s3 = json::member(record, "s3");
  const Json* const object = s3 == nullptr ? nullptr : json::member(*s3, "object");
  const Json* const bucket = s3 == nullptr ? nullptr : json::member(*s3, "bucket");
  if (object == nullptr || bucket == nullptr) return {};
  const std::string* const key = json::string_member(*object, "key");
  const std::string* const name = json::string_member(*bucket, "name");
  if (key == nullptr || name == nullptr) return {};
  std::string change = "s3://" + *name + "/" + *key;
  for (const char* member : {"sequencer", "versionId", "eTag"}) {
    if (const std::string* const value = json::string_member(*object, member)) return change + "#" + *value;
  }
  return change;
}

std::string source_id(const events::Record& record) {
  if (!record.position) return record.id;
  return record.position->partition + "@" + std::to_string(record.position->offset);
}

std::string content_name(const std::string& text, const std::string& label) { return "content:" + label + '\0' + text; }

}  // namespace

bool is_taken(Source source) {
  switch (source) {
    case Source::sns:
    case Source::sqs:
    case Source::kinesis:
    case Source::dynamodb:
    case Source::s3:
    case Source::alb:
    case Source::function_url:
    case Source::http_api:
    case Source::api_gateway_rest:
    case Source::vpc_lattice_v2:
    case Source::vpc_lattice_v1:
    case Source::scheduled:
    case Source::eventbridge:
    case Source::kafka:
    case Source::activemq:
    case Source::rabbitmq:
    case Source::documentdb:
    case Source::warmup:
    case Source::direct:
      return true;
    case Source::ses:
    case Source::api_gateway_websocket:
    case Source::cloudwatch_logs:
    case Source::firehose:
    case Source::s3_batch:
    case Source::lex:
    case Source::bedrock_agent:
    case Source::connect:
    case Source::appsync:
    case Source::appsync_events:
    case Source::cognito:
      return false;
  }
  return false;
}

bool asks_for_round(const events::Event& event, const events::Record& record) {
  if (event.source == Source::scheduled) return true;
  if (events::is_http(event.source)) return false;
  if (record.message.notice == events::Notice::object) return true;
  if (record.message.notice == events::Notice::none) return false;
  return event.source == Source::sns || event.source == Source::eventbridge ||
         (event.source == Source::direct && event.document->is_object());
}

std::string round_name(const events::Event& event, std::size_t index, const lambda::Invocation& invocation) {
  std::string name = source_id(event.records[index]);
  if (event.source == Source::direct) name = json::string_or_empty(*event.document, "id");
  if (event.source == Source::s3) {
    const Json* const list = event.array ? event.document : json::member(*event.document, "Records");
    name = list != nullptr && index < list->size() ? object_change((*list)[index]) : std::string();
  }
  return name.empty() ? invocation.request_id : name;
}

std::vector<store::FeedbackRow> rows_of(const events::Event& event, std::size_t index,
                                        const lambda::Invocation& invocation) {
  const events::Record& record = event.records[index];
  std::string id = source_id(record);
  if (events::is_http(event.source)) {
    id = events::request_header(*event.document, "idempotency-key");
    if (!id.empty()) id += "#" + std::to_string(index);
  } else if (event.source == Source::direct) {
    id = json::string_or_empty(*event.document, "id");
    // A call that Lambda tries again keeps its id.
    if (id.empty()) id = "request " + invocation.request_id;
    id += "#" + std::to_string(index);
  }
  const std::string source(events::source_name(event.source));
  std::vector<store::FeedbackRow> rows;
  for (std::size_t i = 0; i < record.message.texts.size(); ++i) {
    const std::string& text = record.message.texts[i];
    const std::string& label = record.message.labels[i];
    std::string name = id.empty() ? content_name(text, label) : source + ":" + id;
    if (!id.empty() && i > 0) name += "." + std::to_string(i);
    // What is handed over again says the same. A topic that was made anew, or two clients that count from 1, do not.
    if (!id.empty()) name.append("\0", 1).append(label).append("\0", 1).append(text);
    rows.push_back({std::move(name), text, label, source});
  }
  return rows;
}

}  // namespace textlambda::loop
