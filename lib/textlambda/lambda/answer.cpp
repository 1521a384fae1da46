#include "textlambda/lambda/answer.h"

#include <utility>

#include "textlambda/json/write.h"

namespace textlambda::lambda {
namespace {

void append_outcomes(const Event& event, const ClassificationWriter& writer, std::vector<RecordOutcome>& outcomes) {
  outcomes.reserve(event.records.size());
  for (const Record& record : event.records) {
    RecordOutcome outcome;
    outcome.id = record.id;
    outcome.ok = !has_failed(record);
    outcome.error = record.message.error;
    outcome.skipped = !record.message.skipped.empty();
    outcome.note = record.message.skipped;
    if (!outcome.ok || record.classifications.empty()) {
      outcomes.push_back(std::move(outcome));
      continue;
    }
    for (const Classification& classification : record.classifications) {
      outcome.label = writer.label(classification.label_index);
      outcome.confidence = classification.confidence;
      outcome.abstained = classification.abstained;
      outcomes.push_back(outcome);
    }
  }
}

void write_body(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  switch (event.source) {
    case Source::sqs:
    case Source::kinesis:
    case Source::dynamodb:
    case Source::kafka:
      return write_batch_failures(event, writer, answer);
    case Source::firehose:
      return write_firehose(event, writer, limits, answer);
    case Source::s3_batch:
      return write_object_tasks(event, answer);
    case Source::sns:
    case Source::s3:
    case Source::cloudwatch_logs:
    case Source::eventbridge:
    case Source::activemq:
    case Source::rabbitmq:
    case Source::documentdb:
      return write_list(event, writer, limits, answer);
    case Source::ses:  // a mail is never held up
      answer.body = R"({"disposition":"CONTINUE"})";
      return;
    case Source::scheduled:
      answer.body = writer.health_card();
      return;
    case Source::api_gateway_rest:
    case Source::http_api:
    case Source::function_url:
    case Source::alb:
      return write_http(event, writer, limits, answer);
    case Source::lex:
      return write_lex(event, writer, answer);
    case Source::appsync:
      return write_appsync(event, writer, answer);
    case Source::cognito:
      return write_cognito(event, answer);
    case Source::direct:
      return write_direct(event, writer, answer);
  }
}

}  // namespace

void write_answer(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  answer.ok = true;
  if (event.error.empty()) {
    write_body(event, writer, limits, answer);
  } else {
    fail(answer, event.error_type, event.error);
  }
  if (answer.body.size() > limits.answer_bytes) {
    fail(answer, "AnswerTooLarge",
         "the answer has " + std::to_string(answer.body.size()) + " bytes, at most " +
             std::to_string(limits.answer_bytes) + " are allowed: send fewer texts at once");
  }
  append_outcomes(event, writer, answer.records);
}

void append_record(std::string& json, const Record& record, const ClassificationWriter& writer, bool with_id,
                   bool with_status) {
  std::string head = "{";
  if (with_id && !record.id.empty()) {
    head += "\"id\":";
    json::append_string(head, record.id);
    head += ',';
  }
  if (record.classifications.empty() || has_failed(record)) {
    json += head;
    json += has_failed(record) ? "\"error\":" : "\"skipped\":";
    json::append_string(json, has_failed(record) ? record.message.error : record.message.skipped);
    json += '}';
    return;
  }
  const char* separator = "";
  for (const Classification& classification : record.classifications) {
    json += separator;
    json += head;
    writer.append_members(json, classification, with_status);
    json += '}';
    separator = ",";
  }
}

bool has_failed(const Record& record) { return !record.message.error.empty(); }

void fail(Answer& answer, std::string type, std::string message) {
  answer.ok = false;
  answer.status_code = 0;
  answer.body = "{\"errorMessage\":";
  json::append_string(answer.body, message);
  answer.body += ",\"errorType\":";
  json::append_string(answer.body, type);
  answer.body += ",\"stackTrace\":[]}";
  answer.error_type = std::move(type);
  answer.error_message = std::move(message);
}

void fail_internally(Answer& answer) {
  answer.records.clear();
  fail(answer, "InternalError", "internal error");
  if (!is_http(answer.source)) return;
  answer.ok = true;
  answer.status_code = 500;
  answer.records.emplace_back().error = "internal error";
  answer.body = R"({"statusCode":500,"headers":{"content-type":"application/json"},)";
  if (answer.source == Source::alb) answer.body += R"("statusDescription":"500 Internal Server Error",)";
  answer.body += R"("body":"{\"error\":\"internal error\"}","isBase64Encoded":false})";
}

}  // namespace textlambda::lambda
