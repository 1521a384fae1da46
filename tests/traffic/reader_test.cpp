// Texts of a function's traffic, from whatever holds them.
#include "textlambda/traffic/reader.h"

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda;

namespace {

constexpr const char* kQueue = R"({"Records":[{"messageId":"a","eventSource":"aws:sqs","body":"a good film"},)"
                               R"({"messageId":"b","eventSource":"aws:sqs","body":"a bad film"}]})";
constexpr const char* kTick = R"({"source":"aws.events","detail-type":"Scheduled Event","detail":{}})";

struct Traffic {
  std::vector<std::string> texts;
  traffic::EventCounts counts;
};

Traffic traffic_of(const std::vector<std::string>& paths) {
  Traffic result;
  result.counts = traffic::read(paths, traffic::without_labels({}),
                                {.corpus =
                                     [&](const corpus::Corpus& corpus) {
                                       for (std::size_t part = 0; part < corpus.partition_count(); ++part) {
                                         corpus.read(part, [&](const corpus::Example& row) {
                                           result.texts.emplace_back(row.text);
                                           return true;
                                         });
                                       }
                                     },
                                 .text = [&](std::string_view text) { result.texts.emplace_back(text); },
                                 .progress = nullptr});
  return result;
}

}  // namespace

TEST_CASE("texts and recorded events make one traffic, whatever they come in") {
  const TemporaryFolder folder;
  const std::string lines = folder.write("lines.txt", "a good film\na bad film\n\nno film\n");
  const std::string table = folder.write("table.csv", "text,label\na good film,x\n\"a bad\nfilm\",y\n");
  const std::string queue = folder.write("queue.json", kQueue);
  const std::string log =
      folder.write("log.jsonl", std::string(R"({"event":)") + kQueue + "}\n" + R"({"event":)" + kTick + "}\n");
  CHECK(traffic_of({table}).texts == std::vector<std::string>{"a good film", "a bad\nfilm"});
  CHECK(traffic_of({table}).counts.events == 0);
  CHECK(traffic_of({queue}).texts == std::vector<std::string>{"a good film", "a bad film"});
  const Traffic recorded = traffic_of({log});
  CHECK(recorded.texts.size() == 2);
  CHECK(recorded.counts.events == 2);
  CHECK(recorded.counts.without_text == 1);
  CHECK(recorded.counts.first_without == log + ":2: no text to classify");
  const Traffic all = traffic_of({lines, table, queue, log});
  CHECK(all.texts.size() == traffic_of({lines}).texts.size() + 2 + 2 + 2);
  CHECK(all.counts.events == 3);
}

TEST_CASE("a direct call is a row, one over several lines is an event, a deep one is no corpus") {
  const TemporaryFolder folder;
  CHECK(traffic_of({folder.write("rows.jsonl", "{\"text\":\"a good film\"}\n{\"text\":\"a bad film\"}\n")})
            .counts.events == 0);
  CHECK(traffic_of({folder.write("event.json", "{\n \"text\": \"a good film\"\n}\n")}).counts.events == 1);
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const Traffic traffic = traffic_of({folder.write("deep.json", deep)});
  CHECK(traffic.counts.events == 1);
  CHECK(traffic.counts.without_text == 1);
  CHECK_THROWS_AS(traffic_of({folder.path("none.json")}), io::Error);
}
