#include "textlambda/events/service_side.h"

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

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
  // A pipe has the records' eventID back.
  CHECK(failed(Source::kinesis, R"([{"eventID":"s:1","sequenceNumber":"1"},{"eventID":"s:2","sequenceNumber":"2"}])",
               R"({"batchItemFailures":[{"itemIdentifier":"s:2"}]})", 2) == Places{1});
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
  const char* channel =
      R"({"info":{"operation":"PUBLISH"},"events":[{"id":"1","payload":"a"},{"id":"2","payload":"b"}]})";
  CHECK(failed(Source::appsync_events, channel, R"({"events":[{"id":"1","payload":{}},{"id":"2","error":"no text"}]})",
               2) == Places{1});
  CHECK(failed(Source::appsync_events, channel, R"({"events":[{"id":"9","error":"x"}]})", 3) == Places{2});
  CHECK(failed(Source::appsync_events, R"({"info":{"operation":"SUBSCRIBE"},"events":null})", "null", 1).empty());
  const char* agent = R"({"sessionId":"s"})";
  CHECK(failed(Source::bedrock_agent, agent, R"({"response":{"httpStatusCode":400}})", 1) == Places{0});
  CHECK(failed(Source::bedrock_agent, agent, R"({"response":{"httpStatusCode":200}})", 1).empty());
  CHECK(failed(Source::bedrock_agent, agent, R"({"response":{"functionResponse":{"responseState":"REPROMPT"}}})", 1) ==
        Places{0});
  CHECK(failed(Source::bedrock_agent, agent, R"({"response":{"functionResponse":{"responseBody":{}}}})", 1).empty());
  CHECK(failed(Source::direct, R"({"text":"a"})", R"({"label":"x"})", 1).empty());
  CHECK(failed(Source::rabbitmq, R"({"rmqMessagesByQueue":{"q::/":[{},{}]}})", "null", 2).empty());
  // What is of no shape at all is no crash.
  for (const char* odd : {"1", "[1]", "{}", R"({"Records":5})", R"({"Records":[1,null]})", R"({"records":[[]]})"}) {
    for (int i = 0; i < kSourceCount; ++i) {
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
  CHECK(reported_status(Source::api_gateway_websocket, json::parse(R"({"statusCode":200})")) == 200);
  CHECK(reported_status(Source::api_gateway_websocket, json::parse(R"({"label":"x"})")) == 502);
  CHECK(reported_status(Source::sqs, json::parse(R"({"statusCode":404})")) == 0);
}

}  // namespace
}  // namespace textlambda::events
