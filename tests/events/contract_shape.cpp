#include "tests/events/contract_shape.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace textlambda::events {
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
  const std::string data = record.contains("kafkaRecordValue") ? "kafkaRecordValue" : "data";
  if (!has_members(record, {"recordId", "result"}, {data}) || !record["recordId"].is_string()) return false;
  if (!kResults.contains(record["result"].get<std::string>())) return false;
  return record["result"] != "Ok" || (record[data].is_string() && record[data].get<std::string>().size() % 4 == 0);
}

bool is_object_result(const json& result) {
  return has_members(result, {"taskId", "resultCode", "resultString"}, {}) && result["taskId"].is_string() &&
         result["resultCode"] == "PermanentFailure";
}

bool is_proxy_object(const json& body, const Answer& answer) {
  std::set<std::string> required = {"statusCode", "body", "isBase64Encoded"};
  const std::set<Source> describing = {Source::alb, Source::vpc_lattice_v1, Source::vpc_lattice_v2};
  if (describing.contains(answer.source)) required.insert("statusDescription");
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

bool is_channel_event(const json& value) {
  if (!value.is_object() || !value.contains("id") || !value["id"].is_string()) return false;
  if (value.contains("error")) return has_members(value, {"id", "error"}, {}) && value["error"].is_string();
  return has_members(value, {"id", "payload"}, {}) && value["payload"].is_object() &&
         value["payload"].contains("record") && value["payload"]["label"].is_string();
}

bool is_agent_answer(const json& body) {
  if (!has_members(body, {"messageVersion", "response"}, {"sessionAttributes", "promptSessionAttributes"}))
    return false;
  const json& response = body["response"];
  if (response.contains("apiPath")) {
    return has_members(response, {"actionGroup", "apiPath", "httpStatusCode", "responseBody"},
                       {"httpMethod", "function"}) &&
           response["responseBody"]["application/json"]["body"].is_string();
  }
  return has_members(response, {"actionGroup", "function", "functionResponse"}, {"httpMethod"}) &&
         has_members(response["functionResponse"], {"responseBody"}, {"responseState"}) &&
         response["functionResponse"]["responseBody"]["TEXT"]["body"].is_string();
}

bool is_flat(const json& body) {
  return has_members(body, {"label", "confidence", "abstained", "model", "training_loss", "training_accuracy"}, {}) &&
         std::all_of(body.begin(), body.end(), [](const json& value) { return value.is_string(); });
}

bool is_array_of(const json& value, bool (*is_element)(const json&)) {
  return value.is_array() && std::all_of(value.begin(), value.end(), is_element);
}

bool is_entry_list(const json& body, const Answer& /*answer*/) {
  return has_members(body, {"records"}, {"status", "omitted"}) && is_array_of(body["records"], is_entry);
}

using Shape = bool (*)(const json& body, const Answer& answer);

// Of every source.
const std::map<Source, Shape>& shapes() {
  static const std::map<Source, Shape> kShapes = {
      {Source::sqs, are_batch_failures},
      {Source::kinesis, are_batch_failures},
      {Source::dynamodb, are_batch_failures},
      {Source::kafka, are_batch_failures},
      {Source::sns, is_entry_list},
      {Source::s3, is_entry_list},
      {Source::cloudwatch_logs, is_entry_list},
      {Source::eventbridge, is_entry_list},
      {Source::activemq, is_entry_list},
      {Source::rabbitmq, is_entry_list},
      {Source::documentdb, is_entry_list},
      {Source::api_gateway_rest, is_proxy_object},
      {Source::http_api, is_proxy_object},
      {Source::function_url, is_proxy_object},
      {Source::alb, is_proxy_object},
      {Source::api_gateway_websocket, is_proxy_object},
      {Source::vpc_lattice_v1, is_proxy_object},
      {Source::vpc_lattice_v2, is_proxy_object},
      {Source::firehose,
       [](const json& body, const Answer& answer) {
         return has_members(body, {"records"}, {}) && is_array_of(body["records"], is_firehose_record) &&
                body["records"].size() <= answer.records.size();
       }},
      {Source::s3_batch,
       [](const json& body, const Answer& /*answer*/) {
         return has_members(body, {"invocationSchemaVersion", "treatMissingKeysAs", "invocationId", "results"}, {}) &&
                is_array_of(body["results"], is_object_result);
       }},
      {Source::ses,
       [](const json& body, const Answer& /*answer*/) {
         return body == json{{"disposition", "CONTINUE"}};
       }},
      {Source::scheduled,
       [](const json& body, const Answer& /*answer*/) {
         return has_members(body, {"id", "labels", "training_loss", "training_accuracy"}, {"features"});
       }},
      {Source::lex, [](const json& body, const Answer& /*answer*/) { return is_dialogue(body); }},
      {Source::bedrock_agent, [](const json& body, const Answer& /*answer*/) { return is_agent_answer(body); }},
      {Source::connect, [](const json& body, const Answer& /*answer*/) { return is_flat(body); }},
      {Source::warmup,
       [](const json& body, const Answer& /*answer*/) {
         return has_members(body, {"skipped"}, {}) ||
                is_array_of(body, [](const json& value) { return has_members(value, {"skipped"}, {}); });
       }},
      {Source::cognito,
       [](const json& body, const Answer& /*answer*/) {
         return body.is_object() && body.contains("response") && body["response"].is_object();
       }},
      {Source::appsync,
       [](const json& body, const Answer& /*answer*/) {
         return is_classification(body) ||
                is_array_of(body, [](const json& value) { return value.is_null() || is_classification(value); });
       }},
      {Source::appsync_events,
       [](const json& body, const Answer& answer) {
         if (body.is_null()) return answer.records.size() == 1 && answer.records[0].skipped;
         return has_members(body, {"events"}, {}) && is_array_of(body["events"], is_channel_event) &&
                body["events"].size() == answer.records.size();
       }},
      {Source::direct,
       [](const json& body, const Answer& /*answer*/) {
         return is_classification(body) || has_members(body, {"skipped"}, {}) || is_array_of(body, is_entry);
       }},
  };
  return kShapes;
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
  if (!shapes().at(answer.source)(body, answer))
    return std::string(source_name(answer.source)) + " does not want " + answer.body;
  for (const RecordOutcome& record : answer.records) {
    if (record.ok == !record.error.empty()) return "an outcome that is both: " + record.error;
    if (record.ok && record.skipped == !record.label.empty()) return "a label, or skipped, not both";
  }
  return "";
}

}  // namespace textlambda::events
