#include "textlambda/recording/response_writer.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/recording/reader.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::recording {
namespace {

// Puts `response` into every event of the file but those at the lines of `skipped`.
std::uint64_t rewrite(const std::string& path, const std::string& response,
                      const std::vector<std::uint64_t>& skipped = {}) {
  ResponseWriter writer;
  Reader({path}, {}).read([&](Recording&& recording) {
    if (std::find(skipped.begin(), skipped.end(), recording.line) == skipped.end()) writer.put(recording, response);
    return true;
  });
  writer.finish();
  return writer.files();
}

TEST_CASE("Responses are replaced or added, everything else is kept byte for byte") {
  struct Case {
    std::string name;
    std::string before;
    std::string after;
  };
  const std::vector<Case> cases = {
      {"r.json", "{\n  \"response\": {\"old\": 1},\n  \"event\": {}\n}\n",
       "{\n  \"response\": {\"n\":1},\n  \"event\": {}\n}\n"},
      {"n.json", "{\n  \"event\": {},\n  \"label\": \"x\"\n}\n",
       "{\n  \"event\": {},\n  \"label\": \"x\",\"response\":{\"n\":1}\n}\n"},
      {"l.jsonl", "\xEF\xBB\xBF{\"event\":1 }\r\n\r\n{\"text\":\"a\"}\r\n{\"event\":2,\"response\":[]}",
       "\xEF\xBB\xBF{\"event\":1,\"response\":{\"n\":1} "
       "}\r\n\r\n{\"event\":{\"text\":\"a\"},\"response\":{\"n\":1}}\r\n"
       "{\"event\":2,\"response\":{\"n\":1}}"},
      {"bare", "{\"text\":\"a\"}\n", "{\"event\":{\"text\":\"a\"},\"response\":{\"n\":1}}\n"},
  };
  const TemporaryFolder folder;
  for (const Case& item : cases) {
    CAPTURE(item.name);
    const std::string path = folder.write(item.name, item.before);
    CHECK(rewrite(path, "{\"n\":1}") == 1);
    CHECK(folder.read(item.name) == item.after);
    CHECK(rewrite(path, "{\"n\":1}") == 1);  // a second time changes nothing
    CHECK(folder.read(item.name) == item.after);
  }
  CHECK(folder.file_count() == cases.size());
}

TEST_CASE("What is left out stays; a bare event's response stands beside it") {
  const TemporaryFolder folder;
  const std::string lines = folder.write("l.jsonl", "{\"event\":1}\n{\"event\":2}\n");
  CHECK(rewrite(lines, "3", {1}) == 1);
  CHECK(folder.read("l.jsonl") == "{\"event\":1}\n{\"event\":2,\"response\":3}\n");
  CHECK(rewrite(lines, "4", {1, 2}) == 0);
  const std::string bare = folder.write("e.json", "{\"text\":\"a\"}\n");
  CHECK(rewrite(bare, R"({"b":[1],"a":2})") == 1);
  CHECK(folder.read("e.json") == "{\"text\":\"a\"}\n");
  CHECK(folder.read("e.expected.json") == "{\n  \"b\": [\n    1\n  ],\n  \"a\": 2\n}\n");
}

TEST_CASE("What is no plain file is refused, and nothing half-written is left") {
  for (const Origin origin : {Origin::standard_input, Origin::compressed, Origin::remote, Origin::zip, Origin::log}) {
    Recording recording;
    recording.file = "x";
    recording.origin = origin;
    CHECK_FALSE(rewriting_fault(recording).empty());
    ResponseWriter writer;
    CHECK_THROWS_AS(writer.put(recording, "1"), io::Error);
  }
  const TemporaryFolder folder;
  const std::string path = folder.write("l.jsonl", "{\"event\":1}\n{\"event\":2}\n");
  {
    ResponseWriter writer;
    Reader({path}, {}).read([&](Recording&& recording) {
      writer.put(recording, "3");
      return false;
    });
  }
  CHECK(folder.read("l.jsonl") == "{\"event\":1}\n{\"event\":2}\n");
  CHECK(folder.file_count() == 1);
}

// Puts a response into each event of the file and changes it before the writer finishes.
std::string updated_while(const std::string& path, const std::function<void()>& change) {
  try {
    ResponseWriter writer;
    Reader({path}, {}).read([&](Recording&& recording) {
      writer.put(recording, "3");
      return true;
    });
    change();
    writer.finish();
  } catch (const io::Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("A file that changes while it is replayed is left as it is then") {
  const TemporaryFolder folder;
  const std::string before = "{\"event\":1}\n{\"event\":2}\n";
  const std::string path = folder.write("l.jsonl", before);
  const std::string refused = path + ": changed while it was replayed: it is left as it is";
  CHECK(updated_while(path, [&] { folder.write("l.jsonl", before + "{\"event\":3}\n"); }) == refused);
  CHECK(folder.read("l.jsonl") == before + "{\"event\":3}\n");
  folder.write("new", before);
  CHECK(updated_while(path, [&] { std::filesystem::rename(folder.path("new"), path); }) == refused);
  CHECK(folder.read("l.jsonl") == before);
  CHECK(updated_while(path, [&] { std::filesystem::remove(path); }) == refused);
  CHECK(folder.file_count() == 0);
}

TEST_CASE("An event that stands elsewhere by now is not rewritten") {
  const TemporaryFolder folder;
  const std::string path = folder.write("l.jsonl", "{\"event\":1}\n{\"event\":2}\n");
  std::vector<Recording> read;
  Reader({path}, {}).read([&](Recording&& recording) {
    read.push_back(std::move(recording));
    return true;
  });
  for (const char* now : {"{\"event\":7}\n{\"event\":2}\n", " {\"event\":1}\n{\"event\":2}\n", "{}\n"}) {
    folder.write("l.jsonl", now);
    ResponseWriter writer;
    CHECK_THROWS_WITH(writer.put(read[0], "3"), Catch::Contains("changed while it was replayed"));
    CHECK(folder.read("l.jsonl") == now);
  }
}

TEST_CASE("Two runs do not update one file at a time") {
  const TemporaryFolder folder;
  const std::string path = folder.write("l.jsonl", "{\"event\":1}\n");
  CHECK(updated_while(path, [&] { CHECK(updated_while(path, [] {}) == path + ": is locked by another run"); }) == "");
  CHECK(folder.read("l.jsonl") == "{\"event\":1,\"response\":3}\n");
}

}  // namespace
}  // namespace textlambda::recording
