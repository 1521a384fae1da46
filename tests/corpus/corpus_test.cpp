#include "textlambda/corpus/corpus.h"

#include <algorithm>

#include "textlambda/corpus/formats/line_chunks.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;

namespace {

std::string many_json_rows(std::size_t bytes) {
  std::string json;
  for (std::size_t row = 0; json.size() < bytes; ++row) {
    json += "{\"text\":\"row " + std::to_string(row) + "\",\"label\":\"" + (row % 2 == 0 ? "even" : "odd") + "\"}\n";
  }
  return json;
}

}  // namespace

TEST_CASE("Several inputs are recognised each by itself and read in order") {
  const TemporaryFolder files;
  const std::string first = files.write("a.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n");
  const std::string second = files.write("b.csv", "category,review\r\ny,b\r\nz,c\r\n");
  const std::string third = files.write("c.txt", "__label__x d\n");
  const Corpus corpus = Corpus::open({first, second, third}, {});
  REQUIRE(corpus.partition_count() == 3);
  CHECK(read_all(corpus).rows == std::vector<std::string>{"1|x|a", "2|y|b", "3|z|c", "1|x|d"});
  REQUIRE(corpus.inputs().size() == 3);
  CHECK(corpus.inputs()[1].name == second);
  CHECK(corpus.inputs()[1].text == "review");
  CHECK(corpus.inputs()[1].label == "category");
  CHECK(corpus.inputs()[1].header);
  CHECK(corpus.inputs()[1].bytes == 27);
  CHECK(corpus.bytes() == 25 + 27 + 13);
  CHECK(corpus.locate(1, 2).file == second);
  // sha256sum of the three files concatenated
  CHECK(corpus.sha256() == "10d2c4e9d44ca99817fb973dc7f4dd8fa63ad16546b70b82b3b26c7f54000c12");
}

TEST_CASE("Rows are located in their file, in chunks beyond the first too") {
  std::string json = many_json_rows(4 * kChunkBytes);
  const std::size_t lines = static_cast<std::size_t>(std::count(json.begin(), json.end(), '\n'));
  json += "{\"text\":\"a\"}\n";
  const TemporaryFolder files;
  const std::string path = files.write("a.jsonl", json);
  const Corpus corpus = Corpus::open({path}, {});
  CHECK(corpus.partition_count() >= 4);
  const std::string expected = path + ":" + std::to_string(lines + 1) + ": no field \"label\"";
  CHECK_THROWS_WITH(read_all(corpus), expected);
  corpus.release(0);
  std::uint64_t rows = 0;
  corpus.read(0, [&](const Example& example) {
    CHECK(example.text == "row " + std::to_string(rows));
    ++rows;
    return rows < 3;
  });
  CHECK(rows == 3);
}

TEST_CASE("Ten bad rows of a chunk are kept, all are counted") {
  std::string json = "{\"text\":\"a\",\"label\":\"b\"}\n";
  for (int row = 0; row < 25; ++row) json += "{\"text\":\"a\"}\n";
  const TemporaryFolder files;
  const Corpus corpus = Corpus::open({files.write("a.jsonl", json)}, skipping());
  const PartitionSummary summary = corpus.read(0, [](const Example&) { return true; });
  CHECK(summary.rows == 1);
  CHECK(summary.bad_row_count == 25);
  REQUIRE(summary.bad_rows.size() == 10);
  CHECK(summary.bad_rows.back().line == 11);
}

TEST_CASE("Options that make no sense are the user's error") {
  CHECK_THROWS_WITH(Corpus::open({}, {}), "no corpus given");
  CHECK_THROWS_WITH(Corpus::open({"-", "-"}, {}), "standard input can be read only once");
  CorpusOptions options;
  options.format = "fasttext";
  options.columns = {"lang"};
  CHECK_THROWS_WITH(Corpus::open({"a"}, options), "fastText lines have no columns to choose");
}

TEST_CASE("A row longer than the limit is bad, not fatal") {
  std::string json = "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"";
  json.append(std::size_t{17} << 20, 'x');
  json += "\",\"label\":\"b\"}\n{\"text\":\"c\",\"label\":\"d\"}\n";
  const Reading reading = read_bytes("a.jsonl", json);
  CHECK(reading.rows == std::vector<std::string>{"1|b|a", "3|d|c"});
  CHECK(reading.bad == std::vector<std::string>{"2: a row longer than 16 MiB"});
}
