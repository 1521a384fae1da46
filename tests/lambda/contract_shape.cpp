#include "tests/lambda/contract_shape.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace textlambda::lambda {
namespace {

using nlohmann::json;

bool has_members(const json& value, const std::set<std::string>& required, const std::set<std::string>& allowed) {
  if (!value.is_object()) return false;
  for (const std::string& name : required) {
    if (!value.contains(name)) return false;
  }
  return std::all_of(value.items().begin(), value.items().end(),
                     [&](const auto& item) { return required.contains(item.key()) || allowed.contains(item.key()); });
}

bool is_named(const json& identifier, Source source) {
  if (source == Source::kafka) {
    return has_members(identifier, {"partition", "offset"}, {}) && identifier["partition"].is_string() &&
           identifier["offset"].is_number_unsigned();
  }
  return identifier.is_string() && !identifier.get<std::string>().empty();
}

bool are_batch_failures(const json& body, const Answer& answer) {
  if (!has_members(body, {"batchItemFailures"}, {"state"}) || !body["batchItemFailures"].is_array()) return false;
  if (body.contains("state") && !has_members(body["state"], {"records", "abstained", "labels"}, {})) return false;
  const auto failed = std::count_if(answer.records.begin(), answer.records.end(),
                                    [](const RecordOutcome& record) { return !record.ok; });
  return std::all_of(body["batchItemFailures"].begin(), body["batchItemFailures"].end(),
                     [&](const json& failure) {
                       return has_members(failure, {"itemIdentifier"}, {}) &&
                              is_named(failure["itemIdentifier"], answer.source);
                     }) &&
         body["batchItemFailures"].size() == static_cast<std::size_t>(failed);
}

bool is_firehose_record(const json& record) {
  static const std::set<std::string> kResults = {"Ok", "Dropped", "ProcessingFailed"};
  if (!has_members(record, {"recordId", "result"}, {"data"}) || !record["recordId"].is_string()) return false;
  if (!kResults.contains(record["result"].get<std::string>())) return false;
  return record["result"] != "Ok" || (record["data"].is_string() && record["data"].get<std::string>().size() % 4 == 0);
}

bool is_object_result(const json& result) {
  return has_members(result, {"taskId", "resultCode", "resultString"}, {}) && result["taskId"].is_string() &&
         result["resultCode"] == "PermanentFailure";
}

bool is_proxy_object(const json& body, const Answer& answer) {
  std::set<std::string> required = {"statusCode", "body", "isBase64Encoded"};
  if (answer.source == Source::alb) required.insert("statusDescription");
  if (!has_members(body, required, {"headers", "multiValueHeaders"})) return false;
  if (!body.contains("headers") && !body.contains("multiValueHeaders")) return false;
  const int status = body["statusCode"];
  const auto text = body["body"].get<std::string>();
  const bool failed =
      std::any_of(answer.records.begin(), answer.records.end(), [](const RecordOutcome& record) { return !record.ok; });
  if (status == 500 || status != answer.status_code || (status >= 400 && !failed)) return false;
  return text.empty() || json::accept(text);
}

bool is_dialogue(const json& body) {
  if (body.contains("dialogAction")) {
    return has_members(body, {"sessionAttributes", "dialogAction"}, {}) &&
           has_members(body["dialogAction"], {"type", "fulfillmentState", "message"}, {}) &&
           has_members(body["dialogAction"]["message"], {"contentType", "content"}, {});
  }
  return has_members(body, {"sessionState", "messages"}, {}) &&
         has_members(body["sessionState"], {"sessionAttributes", "dialogAction", "intent"}, {}) &&
         body["messages"].is_array() && body["messages"].size() == 1;
}

bool is_classification(const json& value) {
  return has_members(value, {"label", "confidence", "abstained", "model", "training_loss", "training_accuracy"},
                     {"id", "status", "scores"});
}

bool is_entry(const json& value) {
  return is_classification(value) || has_members(value, {"error"}, {"id"}) || has_members(value, {"skipped"}, {"id"});
}

bool is_array_of(const json& value, bool (*is_element)(const json&)) {
  return value.is_array() && std::all_of(value.begin(), value.end(), is_element);
}

bool is_shaped(const json& body, const Answer& answer) {
  switch (answer.source) {
    case Source::sqs:
    case Source::kinesis:
    case Source::dynamodb:
    case Source::kafka:
      return are_batch_failures(body, answer);
    case Source::firehose:
      return has_members(body, {"records"}, {}) && is_array_of(body["records"], is_firehose_record) &&
             body["records"].size() <= answer.records.size();
    case Source::s3_batch:
      return has_members(body, {"invocationSchemaVersion", "treatMissingKeysAs", "invocationId", "results"}, {}) &&
             is_array_of(body["results"], is_object_result);
    case Source::ses:
      return body == json{{"disposition", "CONTINUE"}};
    case Source::scheduled:
      return has_members(body, {"id", "labels", "training_loss", "training_accuracy"}, {"features"});
    case Source::api_gateway_rest:
    case Source::http_api:
    case Source::function_url:
    case Source::alb:
      return is_proxy_object(body, answer);
    case Source::lex:
      return is_dialogue(body);
    case Source::cognito:
      return body.contains("response") && body["response"].is_object();
    case Source::appsync:
      return is_classification(body) ||
             is_array_of(body, [](const json& value) { return value.is_null() || is_classification(value); });
    case Source::direct:
      return is_classification(body) || is_array_of(body, is_entry);
    default:
      return has_members(body, {"records"}, {"status", "omitted"}) && is_array_of(body["records"], is_entry);
  }
}

}  // namespace

std::string shape_flaw(const Answer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  if (body.is_discarded()) return "not valid JSON: " + answer.body;
  if (!answer.ok) {
    const bool shaped = has_members(body, {"errorMessage", "errorType", "stackTrace"}, {}) &&
                        body["errorMessage"] == answer.error_message && body["errorType"] == answer.error_type &&
                        body["stackTrace"] == json::array() && !answer.error_message.empty();
    if (!shaped) return "no error: " + answer.body;
    return answer.error_type == "InternalError" ? "an internal error" : "";
  }
  if (!answer.recognised) return "a success though not recognised: " + answer.body;
  if (!is_shaped(body, answer)) return std::string(source_name(answer.source)) + " does not want " + answer.body;
  for (const RecordOutcome& record : answer.records) {
    if (record.ok == !record.error.empty()) return "an outcome that is both: " + record.error;
    if (record.ok && record.skipped == !record.label.empty()) return "a label, or skipped, not both";
  }
  return "";
}

}  // namespace textlambda::lambda
