#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/replay/excerpt.h"
#include "textlambda/replay/invocation_context.h"
#include "textlambda/replay/reported_records.h"
#include "textlambda/replay/true_labels.h"
#include "textlambda/replay/verdict.h"

#include "tests/catch.h"

namespace textlambda::replay {
namespace {

using lambda::Source;
using nlohmann::json;

lambda::RecordOutcome failed_record(const char* id, const char* error) {
  lambda::RecordOutcome record;
  record.id = id;
  record.error = error;
  return record;
}

TEST_CASE("Why an answer counts as failed") {
  lambda::Answer answer;
  answer.ok = true;
  answer.recognised = true;
  CHECK(failure(answer).empty());
  answer.status_code = 200;
  answer.records.resize(3);
  for (lambda::RecordOutcome& record : answer.records) record.ok = true;
  CHECK(failure(answer).empty());
  answer.status_code = 400;
  CHECK(failure(answer) == "status 400");
  answer.records[1] = failed_record("m2", "body is not valid base64 (byte 118)");
  CHECK(failure(answer) == "status 400: record 2 (m2): body is not valid base64 (byte 118)");
  answer.status_code = 0;
  answer.records[2] = failed_record("", "empty");
  CHECK(failure(answer) == "record 2 (m2): body is not valid base64 (byte 118); 2 of 3 records failed");
  answer.records.clear();
  answer.recognised = false;
  CHECK(failure(answer).find("not recognised") == 0);
  answer.ok = false;
  CHECK(failure(answer) == "the function failed");
  answer.error_type = "NoText";
  CHECK(failure(answer) == "NoText");
  answer.error_message = "no text";
  CHECK(failure(answer) == "NoText: no text");
}

// The failed records' places, from 0.
std::vector<std::size_t> failed(Source source, const char* event, const char* response, std::size_t expected_records) {
  const auto records = reported_records(source, json::parse(event), json::parse(response));
  CHECK(records.size() == expected_records);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!records[i].ok) places.push_back(i);
  }
  return places;
}

TEST_CASE("Records that an answer over the wire reports as failed") {
  using Places = std::vector<std::size_t>;
  const char* sqs = R"({"Records":[{"messageId":"a"},{"messageId":"b"},{"messageId":"c"}]})";
  CHECK(failed(Source::sqs, sqs, R"({"batchItemFailures":[{"itemIdentifier":"b"}]})", 3) == Places{1});
  CHECK(failed(Source::sqs, sqs, R"({"batchItemFailures":[]})", 3).empty());
  CHECK(failed(Source::sqs, sqs, "null", 3).empty());
  // An unknown id fails the whole batch, by the contract.
  CHECK(failed(Source::sqs, sqs, R"({"batchItemFailures":[{"itemIdentifier":"z"}]})", 4) == Places{3});
  CHECK(failed(Source::sqs, sqs, R"({"batchItemFailures":[{"itemIdentifier":""}]})", 4) == Places{3});
  CHECK(failed(Source::sqs, R"([{"messageId":"a"},{"messageId":"b"}])",
               R"({"batchItemFailures":[{"itemIdentifier":"a"}]})", 2) == Places{0});
  CHECK(failed(Source::kinesis,
               R"({"Records":[{"kinesis":{"sequenceNumber":"1"}},{"kinesis":{"sequenceNumber":"2"}}]})",
               R"({"batchItemFailures":[{"itemIdentifier":"2"}]})", 2) == Places{1});
  CHECK(failed(Source::dynamodb, R"({"Records":[{"dynamodb":{"SequenceNumber":"7"}}]})",
               R"({"batchItemFailures":[{"itemIdentifier":"7"}]})", 1) == Places{0});
  CHECK(
      failed(Source::kafka,
             R"({"records":{"t-0":[{"topic":"t","partition":0,"offset":15},{"topic":"t","partition":0,"offset":16}]}})",
             R"({"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":16}}]})", 2) == Places{1});
  CHECK(failed(Source::firehose, R"({"records":[{"recordId":"1"},{"recordId":"2"},{"recordId":"3"}]})",
               R"({"records":[{"recordId":"1","result":"Ok"},{"recordId":"2","result":"ProcessingFailed"},
                              {"recordId":"3","result":"Dropped"}]})",
               3) == Places{1});
  CHECK(failed(Source::s3_batch, R"({"tasks":[{"taskId":"1"}]})",
               R"({"results":[{"taskId":"1","resultCode":"PermanentFailure"}]})", 1) == Places{0});
  CHECK(failed(Source::direct, R"({"text":"a"})", R"({"label":"x"})", 1).empty());
  CHECK(failed(Source::rabbitmq, R"({"rmqMessagesByQueue":{"q::/":[{},{}]}})", "null", 2).empty());
  // What is of no shape at all is no crash.
  for (const char* odd : {"1", "[1]", "{}", R"({"Records":5})", R"({"Records":[1,null]})", R"({"records":[[]]})"}) {
    for (int i = 0; i < lambda::kSourceCount; ++i) {
      for (const char* response :
           {"1", "[]", R"({"batchItemFailures":[1,{}]})", R"({"records":[1]})", R"({"results":7})"}) {
        reported_records(static_cast<Source>(i), json::parse(odd), json::parse(response));
      }
    }
  }
}

TEST_CASE("The status of an answer over HTTP") {
  CHECK(reported_status(Source::alb, json::parse(R"({"statusCode":404})")) == 404);
  CHECK(reported_status(Source::http_api, json::parse(R"({"label":"x"})")) == 200);
  CHECK(reported_status(Source::api_gateway_rest, json::parse(R"({"label":"x"})")) == 502);
  CHECK(reported_status(Source::sqs, json::parse(R"({"statusCode":404})")) == 0);
}

TEST_CASE("Labels: one for all records, or one for each") {
  CHECK(read_labels("\"x\"").for_all == "x");
  CHECK(*read_labels("\"x\"").of(5) == "x");
  CHECK(read_labels("3").for_all == "3");
  CHECK(read_labels("true").for_all == "true");
  const TrueLabels each = read_labels(R"(["a", null, "c"])");
  CHECK(*each.of(0) == "a");
  CHECK(each.of(1) == nullptr);
  CHECK(*each.of(2) == "c");
  CHECK(each.of(3) == nullptr);
  CHECK_FALSE(read_labels("null").known());
  for (const char* bad : {"{}", "[[\"a\"]]", "[{}]", "oops", "[\"a\"", "[\"a\", {}]"}) {
    CHECK_FALSE(read_labels(bad).fault.empty());
  }
  CHECK(read_labels("{}").fault ==
        "\"label\" is {}, expected a string, or an array of a string or null for each record");
}

TEST_CASE("The context of a recording becomes the invocation's") {
  recording::Recording recording;
  recording.event = "{}";
  CHECK(invocation_of(recording).request_id.empty());
  recording.context = R"({"request_id":"r","function_arn":"arn","trace_id":"t","client_context":{"a":1},"other":2})";
  const lambda::Invocation invocation = invocation_of(recording);
  CHECK(invocation.event == "{}");
  CHECK(invocation.request_id == "r");
  CHECK(invocation.function_arn == "arn");
  CHECK(invocation.trace_id == "t");
  CHECK(invocation.client_context == R"({"a":1})");
  CHECK(invocation.deadline_ms == 0);
  CHECK(context_fault(recording).empty());
  recording.context = "[]";
  CHECK_FALSE(context_fault(recording).empty());
  CHECK(context_fault(recording) == "\"context\" is [], expected an object");
  recording.context = "{oops}";
  CHECK_FALSE(context_fault(recording).empty());
}

TEST_CASE("What is shown of a value is one short line") {
  CHECK(excerpt("[1, 2]") == "[1, 2]");
  CHECK(excerpt("{\n\t\"a\x7F\": \xFF}") == "{  \"a \": \xEF\xBF\xBD}");
  CHECK(excerpt(std::string(60, 'x')) == std::string(60, 'x'));
  CHECK(excerpt(std::string(61, 'x')) == std::string(60, 'x') + "…");
  CHECK(excerpt(std::string(59, 'x') + "é") == std::string(59, 'x') + "…");
}

}  // namespace
}  // namespace textlambda::replay
