#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;
using Rows = std::vector<std::string>;

TEST_CASE("JSON Lines give the text and the label in its JSON spelling") {
  const Reading reading = read_bytes("a.jsonl",
                                     "{\"text\": \"a\", \"label\": \"b\"}\n"
                                     "{\"label\": 1.50, \"text\": \"order does not matter\"}\r\n"
                                     "\n"
                                     "  {\"id\": [1, {\"text\": \"inner\"}], \"label\": true , \"text\": \"outer\"}  \n"
                                     "{\"text\": \"\\u00e9\\n\\\"\\ud83d\\ude00\", \"label\": -3e5}\n"
                                     "{\"te\\u0078t\": \"escaped key\", \"label\": \" trimmed \"}\n"
                                     "{\"text\": \"first\", \"text\": \"second\", \"label\": \"z\"}\n"
                                     "{\"text\": 12, \"label\": 0}");
  CHECK(reading.rows == Rows{"1|b|a", "2|1.50|order does not matter", "4|true|outer",
                             "5|-3e5|\xC3\xA9\n\"\xF0\x9F\x98\x80", "6|trimmed|escaped key", "7|z|second", "8|0|12"});
  CHECK(reading.bad.empty());
  CHECK(reading.repaired == 0);
}

// As the events are read: the same row must not be trained on by one of them and served by the other.
TEST_CASE("Of a JSON key that repeats the last one counts, whole") {
  CorpusOptions options = skipping();
  options.text = "/a/text";
  options.label = "/a/label";
  const auto row = [&](std::string_view line) {
    const std::string first = R"({"a": {"text": "t", "label": "n"}})";  // by which the fields are recognised
    const Reading reading = read_bytes("a.jsonl", first + "\n" + std::string(line) + "\n", options);
    return reading.bad.empty() ? Rows{reading.rows.back()} : reading.bad;
  };
  CHECK(row(R"({"a": {"text": "x", "text": "y", "label": "l"}})") == Rows{"2|l|y"});
  CHECK(row(R"({"a": {"text": "x", "label": "l"}, "a": {"text": "y", "label": "m"}})") == Rows{"2|m|y"});
  CHECK(row(R"({"a": {"text": "x", "label": "l"}, "b": 1, "\u0061": {"text": "y", "label": "m"}})") == Rows{"2|m|y"});
  // The last has no text, or is no object: what stood before it is no part of the document.
  CHECK(row(R"({"a": {"text": "x", "label": "l"}, "a": {"label": "m"}})") == Rows{R"(2: no field "/a/text")"});
  CHECK(row(R"({"a": {"text": "x", "label": "l"}, "a": 5})") == Rows{R"(2: no field "/a/text")"});
  CHECK(row(R"({"a": {"text": "x", "text": null, "label": "l"}})") == Rows{R"(2: field "/a/text" is null)"});
  CHECK(row(R"({"a": 5, "a": {"text": "x", "label": "l"}})") == Rows{"2|l|x"});
}

TEST_CASE("Bad JSON rows are told with line and reason") {
  struct Case {
    std::string_view row;
    std::string_view reason;
  };
  const std::vector<Case> cases = {
      {"{\"text\":\"a\"}", "no field \"label\""},
      {"{\"label\":\"b\"}", "no field \"text\""},
      {"{}", "no field \"text\""},
      {"{\"text\":\"\",\"label\":\"b\"}", "empty text"},
      {"{\"text\":\" \\u3000\\u00a0\\n\",\"label\":\"b\"}", "empty text"},
      {"{\"text\":\"a\",\"label\":\" \"}", "empty label"},
      {"{\"text\":\"a\",\"label\":null}", "field \"label\" is null"},
      {"{\"text\":null,\"label\":\"b\"}", "field \"text\" is null"},
      {"{\"text\":[\"a\"],\"label\":\"b\"}", "field \"text\" is an array, expected a string, a number, true or false"},
      {"{\"text\":\"a\",\"label\":{\"x\":1}}",
       "field \"label\" is an object, expected a string, a number, true or false"},
      {"{\"text\":\"a\",\"label\":\"b\"", "not valid JSON: cut off at byte 23"},
      {"{\"text\":\"a\" \"label\":\"b\"}", "not valid JSON: a syntax error at byte 19, near \"\\\":\\\"b\\\"}\""},
      {"{\"text\":\"a\",\"label\":tru}", "not valid JSON: a syntax error at byte 24, near \"}\""},
      {"{\"text\":\"a\",\"label\":01}", "not valid JSON: a syntax error at byte 22, near \"1}\""},
      {"{\"text\":\"a\",\"label\":\"b\"} x", "not valid JSON: a syntax error at byte 26, near \"x\""},
      {"{\"text\":\"a\",\"label\":\"b\"}{}", "not valid JSON: a syntax error at byte 25, near \"{}\""},
      {"{\"text\":\"a\x01\",\"label\":\"b\"}",
       "not valid JSON: a syntax error at byte 11, near \"\\u0001\\\",\\\"label\\\":\\\"b\\\"}\""},
      {"{\"text\":\"\\x\",\"label\":\"b\"}",
       "not valid JSON: a syntax error at byte 11, near \"x\\\",\\\"label\\\":\\\"b\\\"}\""},
      {"[1]", "a JSON array, expected an object"},
      {"17", "a JSON number, expected an object"},
      {"hello", "not valid JSON: a syntax error at byte 1, near \"hello\""},
  };
  constexpr std::string_view kGood = "{\"text\":\"a\",\"label\":\"b\"}\n";
  for (const Case& item : cases) {
    CAPTURE(item.row);
    const std::string bytes = std::string(kGood) + std::string(item.row) + "\n" + std::string(kGood);
    const Reading reading = read_bytes("a.jsonl", bytes);
    CHECK(reading.rows == Rows{"1|b|a", "3|b|a"});
    CHECK(reading.bad == Rows{"2: " + std::string(item.reason)});
    CHECK(error_of("a.jsonl", bytes) == "a.jsonl:2: " + std::string(item.reason));
  }
}

TEST_CASE("Broken UTF-8 and lone surrogates in JSON are repaired and counted") {
  const Reading reading = read_bytes("a.jsonl",
                                     "{\"text\":\"a\",\"label\":\"b\"}\n"
                                     "{\"text\":\"broken \xFF\xFE utf8\",\"label\":\"b\"}\n"
                                     "{\"text\":\"lone \\ud800 \\uDC00\",\"label\":\"b\"}\n"
                                     "{\"text\":\"\\ud83d\\ud83d\\ude00\",\"label\":\"b\"}\n"
                                     "{\"text\":\"no escape \\\\ud800\",\"label\":\"b\"}\n"
                                     "{\"text\":\"cut \xC3\",\"label\":\"b\"}",
                                     repairing());
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(reading.rows == Rows{"1|b|a", "2|b|broken " + mark + mark + " utf8", "3|b|lone " + mark + " " + mark,
                             "4|b|" + mark + "\xF0\x9F\x98\x80", "5|b|no escape \\ud800", "6|b|cut " + mark});
  CHECK(reading.bad.empty());
  CHECK(reading.repaired == 4);
}

TEST_CASE("Fields are named plainly or by JSON Pointer") {
  CorpusOptions options = skipping();
  options.text = "/event/body";
  options.label = "/labels/1";
  options.columns = {"/a~1b", "/a~1b/x~0y", "plain", "none"};
  CHECK(read_bytes("a.jsonl",
                   "{\"labels\":[\"p\",\"q\",\"r\"],\"plain\":null,\"event\":{\"id\":1,\"body\":\"hi\"},"
                   "\"a/b\":{\"x~y\":2}}\n"
                   "{\"plain\":false,\"event\":{\"body\":\"ho\"},\"labels\":[\"p\",7]}\n",
                   options)
            .rows == Rows{"1|q|hi|{\"x~y\":2}|||", "2|7|ho|||false|"});
  options.label = "/a~2";
  CHECK(error_of("a.jsonl", "{\"event\":{\"body\":\"x\"}}\n", options) ==
        "field \"/a~2\" is no JSON Pointer: \"~\" has to be followed by 0 or 1");
}

TEST_CASE("Without the need for a label, rows without one are delivered") {
  CorpusOptions options = skipping();
  options.need_label = false;
  CHECK(read_bytes("a.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\",\"label\":\"x\"}\n{\"text\":\"c\",\"label\":[]}\n",
                   options)
            .rows == Rows{"1||a", "2|x|b", "3||c"});
}
