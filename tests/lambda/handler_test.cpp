#include "textlambda/lambda/handler.h"

#include "tests/catch.h"
#include "tests/lambda/sample_handler.h"

using namespace textlambda;
using namespace textlambda::lambda;
using nlohmann::json;

TEST_CASE("a direct call is answered with the classification") {
  const SampleHandler handle;
  const json response = handle.respond(R"({"text": "good film"})");
  CHECK(response["label"] == "good");
  CHECK(response["status"] == "good");
  CHECK(response["abstained"] == false);
  CHECK(response["model"] == handle.classifier().file().id());
  CHECK(response["training_loss"] == 0.125);
  CHECK(response["training_accuracy"] == 0.96875);
}

TEST_CASE("only the bad messages of a queue fail") {
  const SampleHandler handle;
  const Answer answer = handle(
      R"({"Records": [{"messageId": "a", "body": "good", "eventSource": "aws:sqs"},
                      {"messageId": "b", "body": " ", "eventSource": "aws:sqs"}]})");
  CHECK(answer.source == Source::sqs);
  CHECK(answer.ok);
  CHECK(answer.body == R"({"batchItemFailures":[{"itemIdentifier":"b"}]})");
  REQUIRE(answer.records.size() == 2);
  CHECK(answer.records[0].label == "good");
  CHECK_FALSE(answer.records[1].ok);
}
