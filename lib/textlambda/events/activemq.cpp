// Amazon MQ with ActiveMQ: messages in base64; the answer is ignored.
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/record_list.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::activemq {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& message) { return json::string_or_empty(&message, "messageID"); }

const Json* messages_of(const Json& event) { return event.is_array() ? &event : json::member(event, "messages"); }

bool recognises(const Json& event) {
  const std::string_view name = record_name(event);
  return (name == "aws:mq" || name == "aws:amq") && has_array(event, "messages");
}

void read(EventReader& reader) {
  const Json& messages = *messages_of(reader.document());
  if (!reader.fits(messages.size())) return;
  for (const Json& each : messages) {
    std::string content;
    Message message = reader.read_data(json::member(each, "data"), content);
    reader.add(id_of(each), std::move(message));
  }
}

std::string sample(std::string_view text) {
  return R"({"eventSource":"aws:mq",)"
         R"("eventSourceArn":"arn:aws:mq:us-east-1:123456789012:broker:messages:b-9bcfa592-423a-4942-879d-eb284b418fc8",)"
         R"("messages":[{"messageID":"ID:b-9bcfa592-423a-4942-879d-eb284b418fc8-1.mq.us-east-1.amazonaws.com-37557-1:1",)"
         R"("messageType":"jms/text-message","deliveryMode":1,"replyTo":null,"type":null,"expiration":"60000",)"
         R"("priority":1,"correlationId":"myJMSCoID","redelivered":false,"destination":{"physicalName":"messages"},"data":")" +
         encoding::encode_base64(message_body(text)) +
         R"(","timestamp":1767357907000,"brokerInTime":1767357907001,"brokerOutTime":1767357907002,"properties":{}}]})";
}

void report(const Json& event, const Json& /*response*/, RecordReport& report) {
  report_each(messages_of(event), id_of, report);
}

}  // namespace

const SourceRow kRow = {.forwarded = true,
                        .record_names = {"aws:mq", "aws:amq"},
                        .recognises = recognises,
                        .read = read,
                        .answer = write_record_list};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::activemq
