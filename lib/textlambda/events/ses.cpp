// Amazon SES: mails that came in, of which the event has the headers alone. None is ever held up.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"

namespace textlambda::events::ses {
namespace {

using Json = nlohmann::json;

const Json* mail_of(const Json& record) {
  const Json* ses = json::member(record, "ses");
  return ses == nullptr ? nullptr : json::member(*ses, "mail");
}

std::string id_of(const Json& record) { return json::string_or_empty(mail_of(record), "messageId"); }

void read(EventReader& reader) {
  const Json& records = reader.records();
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    const Json* mail = mail_of(record);
    const Json* headers = mail == nullptr ? nullptr : json::member(*mail, "commonHeaders");
    const std::string subject = json::string_or_empty(headers, "subject");
    if (headers == nullptr) {
      reader.add(id_of(record), of_error("no object at ses.mail.commonHeaders"));
    } else if (text::is_blank(subject)) {
      reader.add(id_of(record), of_skipped("a mail without a subject"));
    } else {
      reader.add(id_of(record), of_text(subject, reader.limits()));
    }
  }
}

void answer(Event& /*event*/, const ClassificationWriter& /*writer*/, const Limits& /*limits*/, Answer& answer) {
  answer.body = R"({"disposition":"CONTINUE"})";
}

std::string sample(std::string_view text) {
  return R"({"Records":[{"eventSource":"aws:ses","eventVersion":"1.0","ses":{"mail":{)"
         R"("timestamp":"2026-01-02T12:45:07.000Z","source":"jane@example.com","messageId":"o3vrnil0e2ic28tr",)"
         R"("destination":["support@example.com"],"headersTruncated":false,"headers":[],"commonHeaders":{)"
         R"("returnPath":"jane@example.com","from":["Jane <jane@example.com>"],"date":"Fri, 2 Jan 2026 12:45:07 +0000",)"
         R"("to":["support@example.com"],"messageId":"<0123456789example.com>","subject":)" +
         json_string(text) +
         R"(}},"receipt":{"timestamp":"2026-01-02T12:45:07.000Z","processingTimeMillis":574,)"
         R"("recipients":["support@example.com"],"spamVerdict":{"status":"PASS"},"virusVerdict":{"status":"PASS"},)"
         R"("action":{"type":"Lambda","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:classify",)"
         R"("invocationType":"RequestResponse"}}}}]})";
}

void report(const Json& event, const Json& /*response*/, RecordReport& report) {
  report_each(listed_records(event), id_of, report);
}

}  // namespace

const SourceRow kRow = {
    .forwarded = true, .record_names = {"aws:ses"}, .in_records = true, .read = read, .answer = answer};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::ses
