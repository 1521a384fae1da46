// What the sources write as events of their own, without a model: recognised, read back, answered, and the answer read.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/events/answer.h"
#include "textlambda/events/event.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/service_side.h"
#include "textlambda/events/text_pointers.h"

#include "tests/catch.h"
#include "tests/events/contract_shape.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

const std::vector<std::string>& texts() {
  static const std::vector<std::string> kTexts = {"I was charged twice",
                                                  "  white space\n\tall around \n",
                                                  R"({"said": "a text that looks like JSON"})",
                                                  R"("quoted" and \ escaped)",
                                                  "[1, 2]",
                                                  "真的很好吃 \xF0\x9F\x98\x80",
                                                  "100% + a=b&c",
                                                  "5"};
  return kTexts;
}

// Two labels; every text is one of the first.
class Function {
 public:
  Answer operator()(const json& document) const {
    Event event = read_event(document, pointers_, limits_);
    for (Record& record : event.records) {
      Classification first;
      first.confidence = 0.75F;
      record.classifications.resize(record.message.texts.size(), first);
    }
    Answer answer;
    answer.source = event.source;
    answer.recognised = event.recognised;
    write_answer(event, writer_, limits_, answer);
    return answer;
  }

  std::vector<std::string> texts_of(const json& document) const {
    std::vector<std::string> found;
    for (const Record& record : read_event(document, pointers_, limits_).records) {
      found.insert(found.end(), record.message.texts.begin(), record.message.texts.end());
    }
    return found;
  }

 private:
  Limits limits_;
  TextPointers pointers_{{"/text", "/message", "/body", "/content"}};
  ClassificationWriter writer_{ModelFacts{.id = "0123456789abcdef", .labels = {"first", "second"}, .features = 2}};
};

TEST_CASE("a sample event of each source comes from it, has the text, and gets an answer in order") {
  const Function function;
  for (int i = 0; i < kSourceCount; ++i) {
    const auto source = static_cast<Source>(i);
    for (const std::string& text : texts()) {
      const std::string event = sample_event(source, text);
      INFO(event);
      const json document = json::parse(event);
      CHECK(source_name(recognise(document).source) == source_name(source));
      CHECK(function.texts_of(document) ==
            (carries_text(source) ? std::vector<std::string>{text} : std::vector<std::string>{}));
      const Answer answer = function(document);
      CHECK(answer.ok);
      CHECK(shape_flaw(answer) == "");
      REQUIRE(answer.records.size() == 1);
      CHECK(answer.records[0].ok);
      CHECK(answer.records[0].label == (carries_text(source) ? "first" : ""));
      if (is_http(source)) CHECK(answer.status_code == 200);
    }
  }
}

TEST_CASE("what a source answers is read back as it was meant") {
  const Function function;
  for (int i = 0; i < kSourceCount; ++i) {
    const auto source = static_cast<Source>(i);
    const json document = json::parse(sample_event(source, "good"));
    const Answer answer = function(document);
    const json response = json::parse(answer.body);
    INFO(source_name(source) << ": " << answer.body);
    const std::vector<RecordOutcome> reported = reported_records(source, document, response);
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].ok == (source != Source::s3_batch));  // whose objects are never fetched
    CHECK(reported_status(source, response) == answer.status_code);
  }
}

// Of a source whose answer names records: one that fails is the one that the answer is read to have failed.
TEST_CASE("a failed record is read back by the name that the answer gave it") {
  const Function function;
  for (int i = 0; i < kSourceCount; ++i) {
    const auto source = static_cast<Source>(i);
    if (!takes_batch_failures(source) && source != Source::firehose) continue;
    json document = json::parse(sample_event(source, " "));
    // An item without a text is none that has failed; one without an image is.
    if (source == Source::dynamodb) document["Records"][0]["dynamodb"].erase("NewImage");
    const Answer answer = function(document);
    INFO(source_name(source) << ": " << answer.body);
    REQUIRE(answer.records.size() == 1);
    CHECK_FALSE(answer.records[0].ok);
    const std::vector<RecordOutcome> reported = reported_records(source, document, json::parse(answer.body));
    REQUIRE(reported.size() == 1);
    CHECK_FALSE(reported[0].ok);
    CHECK(reported[0].id == answer.records[0].id);
  }
}

}  // namespace
}  // namespace textlambda::events
