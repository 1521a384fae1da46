// Amazon MQ with RabbitMQ: lists of messages by queue, in base64; the answer is ignored.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/record_list.h"
#include "textlambda/events/record_lists.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::rabbitmq {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& message) {
  return json::string_or_empty(json::member(message, "basicProperties"), "messageId");
}

bool recognises(const Json& event) {
  return record_name(event) == "aws:rmq" && has_object(event, "rmqMessagesByQueue");
}

void read_messages(const Json& messages, EventReader& reader) {
  for (const Json& each : messages) {
    std::string content;
    Message message = reader.read_data(json::member(each, "data"), content);
    reader.add(id_of(each), std::move(message));
  }
}

void read(EventReader& reader) {
  if (reader.event().array) {
    if (reader.fits(reader.document().size())) read_messages(reader.document(), reader);
    return;
  }
  const Json& queues = *json::member(reader.document(), "rmqMessagesByQueue");
  if (!reader.fits(count_listed(queues))) return;
  for (const auto& [queue, messages] : queues.items()) {
    if (messages.is_array()) {
      read_messages(messages, reader);
    } else {
      reader.add({}, of_error("no array of messages at queue " + queue));
    }
  }
}

std::string sample(std::string_view text) {
  return R"({"eventSource":"aws:rmq",)"
         R"("eventSourceArn":"arn:aws:mq:us-east-1:123456789012:broker:messages:b-9bcfa592-423a-4942-879d-eb284b418fc8",)"
         R"("rmqMessagesByQueue":{"messages::/":[{"basicProperties":{"contentType":"text/plain","contentEncoding":null,)"
         R"("headers":{},"deliveryMode":1,"priority":34,"correlationId":null,"replyTo":null,"expiration":"60000",)"
         R"("messageId":"8f1c2c3e-51e5-4a9b-8a0c-55d0e4e3a0a7","timestamp":"Jan 2, 2026, 12:45:07 PM","type":null,)"
         R"("userId":"AIDACKCEVSQ6C2EXAMPLE","appId":null,"clusterId":null,"bodySize":80},"redelivered":false,"data":")" +
         encoding::encode_base64(message_body(text)) + R"("}]}})";
}

void report(const Json& event, const Json& /*response*/, RecordReport& report) {
  report_each(event.is_array() ? &event : nullptr, id_of, report);
  if (!has_object(event, "rmqMessagesByQueue")) return;
  for (const Json& messages : *json::member(event, "rmqMessagesByQueue")) report_each(&messages, id_of, report);
}

}  // namespace

const SourceRow kRow = {.forwarded = true,
                        .record_names = {"aws:rmq"},
                        .recognises = recognises,
                        .read = read,
                        .answer = write_record_list};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::rabbitmq
