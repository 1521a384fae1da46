// What the services' pages say of answers to batches:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
#include "textlambda/sources/batch_answer.h"

#include <string>
#include <vector>

#include "textlambda/sources/asynchronous_events.h"
#include "textlambda/sources/sqs_queue.h"
#include "textlambda/sources/stream.h"

#include "tests/catch.h"
#include "tests/sources/hand_run.h"

namespace textlambda::sources {
namespace {

using Kind = Verdict::Kind;

struct AnswerRow {
  const char* body;
  Kind kind;
  std::vector<std::uint32_t> failed;
  const char* reason;
};

Batch batch_of(std::size_t count) {
  Batch batch;
  for (std::size_t i = 0; i < count; ++i) batch.deliveries.push_back({static_cast<Item>(i), 1});
  return batch;
}

void check_answers(const EventSource& source, std::size_t count, const std::vector<AnswerRow>& rows) {
  for (const AnswerRow& row : rows) {
    INFO(row.body);
    Reply reply;
    reply.body = row.body;
    Verdict verdict;
    read_answer(source, batch_of(count), reply, verdict);
    CHECK(verdict.kind == row.kind);
    CHECK(verdict.failed == row.failed);
    CHECK(verdict.reason == row.reason);
    CHECK_FALSE(verdict.function_error);
  }
}

TEST_CASE("answers to a batch of a queue") {
  const Messages messages = letters(3);
  SqsQueue queue({}, messages);
  check_answers(
      queue, 3,
      {
          // A success of all of it.
          {"", Kind::answered, {}, ""},
          {"null", Kind::answered, {}, ""},
          {"{}", Kind::answered, {}, ""},
          {R"({"batchItemFailures":[]})", Kind::answered, {}, ""},
          {R"( { "batchItemFailures" : [ ] } )", Kind::answered, {}, ""},
          {R"({"batchItemFailures":null})", Kind::answered, {}, ""},
          {R"({"statusCode":200})", Kind::answered, {}, ""},
          // Some failed.
          {R"({"batchItemFailures":[{"itemIdentifier":"b"}]})", Kind::answered, {1}, ""},
          {R"({"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"},{"itemIdentifier":"c"}]})",
           Kind::answered,
           {0, 2},
           ""},
          {R"({"batchItemFailures":[{"itemIdentifier":"b","reason":"x"}],"more":1})", Kind::answered, {1}, ""},
          // All of it failed.
          {R"({"batchItemFailures":[{"itemIdentifier":""}]})", Kind::failed, {}, "an itemIdentifier is empty"},
          {R"({"batchItemFailures":[{"itemIdentifier":null}]})", Kind::failed, {}, "an itemIdentifier is null"},
          {R"({"batchItemFailures":[{"ItemIdentifier":"b"}]})",
           Kind::failed,
           {},
           "an item of batchItemFailures has no itemIdentifier"},
          {R"({"batchItemFailures":["b"]})", Kind::failed, {}, "an item of batchItemFailures has no itemIdentifier"},
          {R"({"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"z"}]})",
           Kind::failed,
           {},
           "the answer names \"z\", which is no record of the batch"},
          {R"({"batchItemFailures":[{"itemIdentifier":7}]})",
           Kind::failed,
           {},
           "the answer names \"7\", which is no record of the batch"},
          {R"({"batchItemFailures":{}})", Kind::failed, {}, "batchItemFailures is no list"},
          {R"({"batchItemFailures":[)", Kind::failed, {}, "the answer is not valid JSON"},
          {"done", Kind::failed, {}, "the answer is not valid JSON"},
          {R"("done")", Kind::failed, {}, "the answer is no object"},
          {"[]", Kind::failed, {}, "the answer is no object"},
      });
}

TEST_CASE("answers to a batch of Kafka name partition and offset") {
  Messages messages(2);
  messages[0].id = "orders-0:15";
  messages[1].id = "orders-0:16";
  for (Message& message : messages) message.topic = "orders";
  StreamOptions options;
  options.kind = StreamKind::kafka;
  Stream stream(options, messages);
  check_answers(stream, 2,
                {
                    {R"({"batchItemFailures":[{"itemIdentifier":{"partition":"orders-0","offset":16}}]})",
                     Kind::answered,
                     {1},
                     ""},
                    {R"({"batchItemFailures":[{"itemIdentifier":{"partition":"orders-0","offset":17}}]})",
                     Kind::failed,
                     {},
                     "the answer names \"orders-0:17\", which is no record of the batch"},
                    {R"({"batchItemFailures":[{"itemIdentifier":"orders-0:16"}]})",
                     Kind::failed,
                     {},
                     "the answer names \"\"orders-0:16\"\", which is no record of the batch"},
                    {R"({"batchItemFailures":[{"itemIdentifier":{"partition":"orders-0"}}]})",
                     Kind::failed,
                     {},
                     "the answer names \"{\"partition\":\"orders-0\"}\", which is no record of the batch"},
                });
}

TEST_CASE("names are found in large batches too") {
  Messages messages(100);
  for (std::size_t i = 0; i < messages.size(); ++i) messages[i].id = "m" + std::to_string(i);
  Stream stream({}, messages);
  check_answers(
      stream, 100,
      {{R"({"batchItemFailures":[{"itemIdentifier":"m99"},{"itemIdentifier":"m7"}]})", Kind::answered, {7, 99}, ""}});
}

TEST_CASE("errors, throttles, and answers that nobody reads") {
  const Messages messages = letters(1);
  SqsQueue queue({}, messages);
  Verdict verdict;
  Reply error;
  error.function_error = true;
  error.body = R"({"errorType":"Sandbox.Timedout","errorMessage":"Task timed out after 3.00 seconds"})";
  read_answer(queue, batch_of(1), error, verdict);
  CHECK(verdict.kind == Kind::failed);
  CHECK(verdict.function_error);
  CHECK(verdict.reason == "Sandbox.Timedout: Task timed out after 3.00 seconds");
  Reply throttled;
  throttled.throttled = true;
  read_answer(queue, batch_of(1), throttled, verdict);
  CHECK(verdict.kind == Kind::throttled);
  CHECK_FALSE(verdict.function_error);

  // Without ReportBatchItemFailures, and for events that nobody waits for.
  SqsOptions options;
  options.report_failures = false;
  SqsQueue silent(options, messages);
  check_answers(silent, 1,
                {{R"({"batchItemFailures":[{"itemIdentifier":"a"}]})", Kind::answered, {}, ""},
                 {"no JSON", Kind::answered, {}, ""}});
  AsynchronousEvents list({}, messages);
  check_answers(list, 1, {{R"({"batchItemFailures":[{"itemIdentifier":"a"}]})", Kind::answered, {}, ""}});
}

TEST_CASE("a list of failures under another name is told") {
  for (const char* const body : {R"({"BatchItemFailures":[{"ItemIdentifier":"a"}]})", R"({"batch_item_failures":[]})",
                                 R"({"batchItemFailure":[]})", R"({"failed":1,"batchItemsFailures":[]})"}) {
    INFO(body);
    CHECK_THAT(misspelt_failures(body), Catch::Contains("counts as a success of the whole batch"));
  }
  for (const char* const body : {"", "null", "{}", "[]", "done", R"({"batchItemFailures":[]})", R"({"statusCode":200})",
                                 R"({"batchItemFailures":[],"BatchItemFailures":[]})"}) {
    INFO(body);
    CHECK(misspelt_failures(body) == "");
  }
}

}  // namespace
}  // namespace textlambda::sources
