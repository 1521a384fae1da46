#include "textlambda/sagemaker/inference_request.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace textlambda::sagemaker {
namespace {

struct Text {
  std::string text;
  std::size_t k = 0;
  bool blazing = false;
  bool operator==(const Text&) const = default;
};

std::vector<Text> texts_of(const InferenceRequest& request) {
  std::vector<Text> texts;
  for (const AskedText& asked : request.texts) texts.push_back({asked.text, asked.k, asked.blazing});
  return texts;
}

TEST_CASE("requests of each media type") {
  struct Row {
    Media media;
    std::string body;
    Form form;
    std::vector<Text> texts;
  };
  const Row rows[] = {
      {Media::csv, "one\ntwo\n", Form::several, {{"one"}, {"two"}}},
      {Media::csv, "one", Form::several, {{"one"}}},
      {Media::csv, "\"a, \"\"b\"\"\nc\"\r\nd\r\n", Form::several, {{"a, \"b\"\nc"}, {"d"}}},
      {Media::csv, "\xEF\xBB\xBFone\n\ntwo", Form::several, {{"one"}, {""}, {"two"}}},  // an answer a row
      {Media::lines, "one, two\r\n\nthree", Form::each_line, {{"one, two"}, {""}, {"three"}}},
      {Media::json, R"("hello")", Form::one, {{"hello"}}},
      {Media::json, R"({"text": "hello", "k": 2})", Form::one, {{"hello", 2}}},
      {Media::json, R"(["a", {"text": "b"}])", Form::several, {{"a"}, {"b"}}},
      {Media::json, R"({"texts": ["a", "b"], "k": 3})", Form::several, {{"a", 3}, {"b", 3}}},
      {Media::json, R"({"instances": [{"text": "a"}, {"text": "b", "k": 1}]})", Form::several, {{"a"}, {"b", 1}}},
      {Media::json, R"({"instances": ["a", "b"]})", Form::blazing, {{"a", 0, true}, {"b", 0, true}}},
      {Media::json, R"({"instances": ["a"], "configuration": {"k": 2}})", Form::blazing, {{"a", 2, true}}},
      {Media::json, R"({"source": "a", "k": 2})", Form::blazing, {{"a", 2, true}}},
      {Media::json_lines,
       "{\"source\": \"a\"}\n\n{\"text\": \"b\", \"k\": 2}\r\n\"c\"",
       Form::each_line,
       {{"a", 0, true}, {"b", 2}, {"c"}}},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    const InferenceRequest request = read_inference(row.body, row.media);
    CHECK(texts_of(request) == row.texts);
    CHECK(request.form == row.form);
  }
}

TEST_CASE("what cannot be answered says where it is wrong") {
  struct Row {
    Media media;
    std::string body;
    std::string message;
  };
  const Row rows[] = {
      {Media::csv, "", "no text found, expected at least one"},
      {Media::csv, "a\nb,c\n", "row 2: 2 columns found, expected one: a text with commas stands in quotes"},
      {Media::csv, "\"a\n", "row 1: a quote that does not close"},
      {Media::json, "[]", "no text found, expected at least one"},
      {Media::json, "{\"instances\": []}", "no text found, expected at least one"},
      {Media::json, "{}", "the body: expected a string, or an object with a string \"text\""},
      {Media::json, "{\"text\": 1}", "the body: expected a string, or an object with a string \"text\""},
      {Media::json, "{\"texts\": [\"a\", 2]}", "texts[1]: expected a string, or an object with a string \"text\""},
      {Media::json, R"({"text": "a", "k": 0})", "k: 0 given, expected a number of labels from 1"},
      {Media::json, R"({"text": "a", "k": -1})", "k: -1 given, expected a number of labels from 1"},
      {Media::json, R"({"text": "a", "k": 1.5})", "k: 1.5 given, expected a number of labels from 1"},
      {Media::json, R"({"text": "a", "k": "2"})", "k: \"2\" given, expected a number of labels from 1"},
      {Media::json, R"({"text": "a", "k": 18446744073709551615})",
       "k: 18446744073709551615 given, expected a number of labels from 1"},
      {Media::json_lines, "\"a\"\n{\"x\": 1}\n", "line 2: expected a string, or an object with a string \"text\""},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    try {
      read_inference(row.body, row.media);
      FAIL("taken");
    } catch (const BadRequest& bad) {
      CHECK(bad.status == 400);
      CHECK(bad.message == row.message);
    }
  }
  CHECK_THROWS_AS(read_inference(std::string(1000, '['), Media::json), BadRequest);
  CHECK_THROWS_AS(read_inference("\"a\"\n{\n", Media::json_lines), BadRequest);
}

TEST_CASE("media types as clients spell them") {
  CHECK(read_content_type("text/csv") == Media::csv);
  CHECK(read_content_type(" Text/CSV ; charset=UTF-8; header=absent") == Media::csv);
  CHECK(read_content_type("application/jsonlines") == Media::json_lines);
  CHECK(read_content_type("text/plain") == Media::lines);
  for (const char* header : {"", "application/octet-stream", "text", "text/csv; charset=iso-8859-1"}) {
    try {
      read_content_type(header);
      FAIL("taken: " << header);
    } catch (const BadRequest& bad) {
      CHECK(bad.status == 415);
    }
  }
  struct Row {
    const char* header;
    Media asked;
    Media answered;
  };
  const Row rows[] = {
      {"", Media::csv, Media::csv},
      {"*/*", Media::json, Media::json},
      {"", Media::lines, Media::json_lines},
      {"text/csv", Media::json, Media::csv},
      {"image/png, application/json;q=0.5", Media::csv, Media::json},
      {"application/*", Media::csv, Media::json},
      {"text/*", Media::json, Media::csv},
  };
  for (const Row& row : rows) CHECK(read_accept(row.header, row.asked) == row.answered);
  try {
    read_accept("image/png", Media::csv);
    FAIL("taken");
  } catch (const BadRequest& bad) {
    CHECK(bad.status == 406);
  }
}

}  // namespace
}  // namespace textlambda::sagemaker
