// Events that carry their message as it is: SNS, SQS, SES, EventBridge.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"
#include "textlambda/text/blank.h"

namespace textlambda::lambda {

using Json = nlohmann::json;

void EventReader::read_notifications(const Json& records) {
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    const Json* sns = json::member(record, "Sns");
    const std::string* message = sns == nullptr ? nullptr : json::string_member(*sns, "Message");
    add(string_or_empty(sns, "MessageId"),
        message == nullptr ? of_error("no string at Sns.Message") : messages_.read(*message));
  }
}

void EventReader::read_queue(const Json& records) {
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    const std::string* body = json::string_member(record, "body");
    add(string_or_empty(&record, "messageId"), body == nullptr ? of_error("no string at body") : messages_.read(*body));
  }
}

// Of a mail, the event has the headers alone.
void EventReader::read_mail(const Json& records) {
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    const Json* ses = json::member(record, "ses");
    const Json* mail = ses == nullptr ? nullptr : json::member(*ses, "mail");
    const Json* headers = mail == nullptr ? nullptr : json::member(*mail, "commonHeaders");
    const std::string subject = string_or_empty(headers, "subject");
    if (headers == nullptr) {
      add(string_or_empty(mail, "messageId"), of_error("no object at ses.mail.commonHeaders"));
    } else if (text::is_blank(subject)) {
      add(string_or_empty(mail, "messageId"), of_skipped("a mail without a subject"));
    } else {
      add(string_or_empty(mail, "messageId"), of_text(subject, limits_));
    }
  }
}

void EventReader::read_bus() { add(string_or_empty(&document_, "id"), messages_.read_eventbridge(document_)); }

}  // namespace textlambda::lambda
