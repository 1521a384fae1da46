// SNS and SQS.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/event_reader.h"
#include "textlambda/lambda/json_document.h"

namespace textlambda::lambda {
namespace {

using nlohmann::json;

std::string text_or_empty(const std::string* text) { return text == nullptr ? std::string() : *text; }

}  // namespace

void EventReader::read_notifications(const json& records) {
  if (!fits(records.size())) return;
  for (const json& record : records) {
    const json* sns = member(record, "Sns");
    const std::string* message = sns == nullptr ? nullptr : string_member(*sns, "Message");
    add(sns == nullptr ? std::string() : text_or_empty(string_member(*sns, "MessageId")),
        message == nullptr ? of_error("no string at Sns.Message") : messages_.read(*message));
  }
}

void EventReader::read_queue(const json& records) {
  if (!fits(records.size())) return;
  for (const json& record : records) {
    const std::string* body = string_member(record, "body");
    add(text_or_empty(string_member(record, "messageId")),
        body == nullptr ? of_error("no string at body") : messages_.read(*body));
  }
}

}  // namespace textlambda::lambda
