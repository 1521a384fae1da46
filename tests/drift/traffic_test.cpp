// Texts of a function's traffic, from whatever holds them.
#include "textlambda/drift/traffic.h"

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

using namespace textlambda;

namespace {

constexpr const char* kQueue = R"({"Records":[{"messageId":"a","eventSource":"aws:sqs","body":"a good film"},)"
                               R"({"messageId":"b","eventSource":"aws:sqs","body":"a bad film"}]})";
constexpr const char* kTick = R"({"source":"aws.events","detail-type":"Scheduled Event","detail":{}})";

drift::Traffic traffic_of(const std::vector<std::string>& paths) {
  const model::Classifier classifier = model::Classifier::load(in_source_folder("data/events/support.tlm"));
  corpus::CorpusOptions reading;
  reading.need_label = false;
  reading.need_text = false;
  reading.prefer_lines = true;
  return drift::read_traffic(classifier, paths, reading, io::Executor(2), nullptr);
}

std::uint64_t texts_of(const drift::Traffic& traffic) { return traffic.sketch.documents; }

}  // namespace

TEST_CASE("texts and recorded events make one traffic, whatever they come in") {
  const TemporaryFolder folder;
  const std::string lines = folder.write("lines.txt", "a good film\na bad film\n\nno film\n");
  const std::string table = folder.write("table.csv", "text,label\na good film,x\n\"a bad\nfilm\",y\n");
  const std::string queue = folder.write("queue.json", kQueue);
  const std::string log =
      folder.write("log.jsonl", std::string(R"({"event":)") + kQueue + "}\n" + R"({"event":)" + kTick + "}\n");
  CHECK(texts_of(traffic_of({table})) == 2);
  CHECK(traffic_of({table}).events == 0);
  CHECK(texts_of(traffic_of({queue})) == 2);
  const drift::Traffic recorded = traffic_of({log});
  CHECK(texts_of(recorded) == 2);
  CHECK(recorded.events == 2);
  CHECK(recorded.events_without_text == 1);
  CHECK(recorded.first_without == log + ":2: no text to classify");
  const drift::Traffic all = traffic_of({lines, table, queue, log});
  CHECK(texts_of(all) == texts_of(traffic_of({lines})) + 2 + 2 + 2);
  CHECK(all.events == 3);
}

TEST_CASE("a direct call is a row, one over several lines is an event, a deep one is no corpus") {
  const TemporaryFolder folder;
  CHECK(traffic_of({folder.write("rows.jsonl", "{\"text\":\"a good film\"}\n{\"text\":\"a bad film\"}\n")}).events ==
        0);
  CHECK(traffic_of({folder.write("event.json", "{\n \"text\": \"a good film\"\n}\n")}).events == 1);
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const drift::Traffic traffic = traffic_of({folder.write("deep.json", deep)});
  CHECK(traffic.events == 1);
  CHECK(traffic.events_without_text == 1);
  CHECK_THROWS_AS(traffic_of({folder.path("none.json")}), io::Error);
}
