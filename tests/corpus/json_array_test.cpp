#include <algorithm>

#include "textlambda/corpus/formats/json_elements.h"
#include "textlambda/corpus/stream_start.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;

TEST_CASE("Elements of a JSON array end where their brackets and strings do") {
  struct Case {
    std::string_view value;
    std::size_t length;
  };
  constexpr std::size_t kOpen = std::string_view::npos;
  const std::vector<Case> cases = {
      {"{}", 2},
      {"{\"a\":1} ,", 7},
      {"{\"a\":{\"b\":[1,{}]}}]", 18},
      {"{\"a\":\"}\"},", 9},
      {"{\"a\":\"\\\"}\"},", 11},  // an escaped quote
      {"{\"a\":\"\\\\\"}}", 10},   // an escaped backslash before the closing quote
      {"[1,[2,3]],", 9},
      {"\"a, b\",", 6},
      {"\"\"", 2},
      {"12.5e3]", 6},
      {"null\n", 4},
      {"true", 4},
      {",", 0},
      {"]", 0},
      {"", 0},
      {"{\"a\":1", kOpen},
      {"{\"a\":\"}]", kOpen},
      {"\"a\\\"", kOpen},
  };
  for (const Case& item : cases) {
    CAPTURE(item.value);
    CHECK(json_value_end(item.value, 0) == item.length);
  }
}

TEST_CASE("A JSON array is read element by element, with the lines they start in") {
  const Reading reading =
      read_bytes("a.json",
                 "[\n"
                 "  {\"text\": \"one\", \"label\": \"x\"}, {\"label\": \"y\", \"text\": \"two, [2]\"},\n"
                 "  {\n"
                 "    \"id\": {\"deep\": [1, \"]\"]},\n"
                 "    \"text\": \"caf\xE9 \\ud800\",\n"
                 "    \"label\": 3\n"
                 "  }\n"
                 "  , {\"text\": \"four\", \"label\": \"x\"}\n"
                 "]\r\n\n",
                 repairing());
  CHECK(reading.rows ==
        std::vector<std::string>{"2|x|one", "2|y|two, [2]", "3|3|caf\xEF\xBF\xBD \xEF\xBF\xBD", "8|x|four"});
  CHECK(reading.bad.empty());
  CHECK(reading.repaired == 1);
}

TEST_CASE("A broken element of a JSON array costs its row alone") {
  const Reading reading = read_bytes("a.json",
                                     "[{\"text\":\"one\",\"label\":\"x\"},\n"
                                     "{\"text\":\"no label\"},\n"
                                     "{\"text\":\"broken\",\n \"label\" \"y\"}, 5, null,\n"
                                     "[\"a\"],\n"
                                     "{\"text\":\"last\",\"label\":\"x\"}]");
  CHECK(reading.rows == std::vector<std::string>{"1|x|one", "6|x|last"});
  CHECK(reading.bad == std::vector<std::string>{
                           "2: no field \"label\"",
                           "3: not valid JSON: a syntax error at byte 30, near \"\\\"}\"",
                           "4: a JSON number, expected an object",
                           "4: a JSON null, expected an object",
                           "5: a JSON array, expected an object",
                       });
}

TEST_CASE("A JSON array that is broken itself is refused, with the line") {
  struct Case {
    std::string_view bytes;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {"[{\"text\":\"a\",\"label\":\"b\"},\n{\"text\":\"a\",\"lab",
       "a.json:2: this element of the JSON array does not end"},
      {"[{\"text\":\"a\",\"label\":\"b\"}\n\n", "a.json:1: the JSON array does not end: ']' is missing"},
      {"[{\"text\":\"a\",\"label\":\"b\"},\n", "a.json:2: the JSON array does not end: ']' is missing"},
      {"[{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"a\",\"label\":\"b\"}]",
       "a.json:2: expected ',' or ']' after an element of the JSON array"},
      {"[{\"text\":\"a\",\"label\":\"b\"},\n]", "a.json:2: expected an element of the JSON array"},
      {"[{\"text\":\"a\",\"label\":\"b\"},\n\n,{}]", "a.json:3: expected an element of the JSON array"},
      {"[{\"text\":\"a\",\"label\":\"b\"}]\n[]", "a.json:2: text after the end of the JSON array"},
  };
  for (const Case& item : cases) {
    CHECK(error_of("a.json", item.bytes) == item.message);
    CHECK(error_of("a.json", item.bytes, skipping()) == item.message);
  }
  CorpusOptions options;
  options.format = "json";
  CHECK(error_of("a", " [ ]\n", options) == "a: is an empty JSON array");
  CHECK(error_of("a", "{}\n", options) == "a: is no JSON array: expected one array of objects");
  options.format = "jsonl";
  CHECK(error_of("a", "[{\"text\":\"a\"}]\n", options) ==
        "a: is a JSON array, expected JSON Lines: one object a line, without brackets and commas around them");
}

TEST_CASE("A JSON array has the rows of the same JSON Lines, in partitions of the same size whatever its lines") {
  std::string lines;
  std::string in_one_line = "[";
  for (int row = 0; lines.size() < (std::size_t{600} << 10); ++row) {
    const std::string object = "{\"text\":\"row \\\"" + std::to_string(row) + "\\\" ]}\",\"label\":\"" +
                               (row % 2 == 0 ? "even" : "odd") + "\"}";
    lines += object + '\n';
    in_one_line += (row == 0 ? "" : ",") + object;
  }
  in_one_line += ']';
  const Corpus expected = Corpus::over(lines, "a.jsonl", {});
  const Corpus array = Corpus::over(in_one_line, "a.json", {});
  REQUIRE(array.partition_count() >= 4);
  CHECK(array.partition_count() == expected.partition_count());
  std::vector<std::string> texts;
  for (std::size_t partition = 0; partition < array.partition_count(); ++partition) {
    array.read(partition, [&](const Example& example) {
      texts.emplace_back(example.text);
      const RowId id = array.identify(partition, example.row);
      if (id.ordinal + 1 != texts.size() || array.locate(partition, example.line).line != 1) texts.clear();
      return true;
    });
  }
  std::size_t row = 0;
  for (std::size_t partition = 0; partition < expected.partition_count(); ++partition) {
    expected.read(partition, [&](const Example& example) {
      if (row >= texts.size() || texts[row] != example.text) return false;
      ++row;
      return true;
    });
  }
  CHECK(row == texts.size());
  CHECK(row > 10000);
}

TEST_CASE("Of a stream that may become a JSON array all is read before its rows are told") {
  CorpusOptions options;
  options.need_label = false;
  options.prefer_lines = true;
  const auto may_stream = [&](std::string_view start) {
    return StreamStart(options, "standard input").look(start, false) == StreamStart::Answer::rows;
  };
  CHECK_FALSE(may_stream("[\n"));
  CHECK_FALSE(may_stream("[\n  {\n"));
  CHECK_FALSE(may_stream("[{\"text\":\"a\"},\n"));
  CHECK(may_stream("[1] is a reference\n"));
  CHECK(may_stream("{\"text\":\"a\"}\n"));
  CHECK(may_stream("plain, prose\n"));
}
