#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/replay/excerpt.h"
#include "textlambda/replay/invocation_context.h"
#include "textlambda/replay/true_labels.h"
#include "textlambda/replay/verdict.h"

#include "tests/catch.h"

namespace textlambda::replay {
namespace {

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
