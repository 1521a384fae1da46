#include "textlambda/json/document.h"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::json {
namespace {

using Json = nlohmann::json;

TEST_CASE("JSON is read within limits, and repaired where a string is no text") {
  struct Case {
    std::string_view bytes;
    std::string_view reason;
    std::string_view document;  // as it is written again; where there is no reason
  };
  const std::vector<Case> cases = {
      {R"({"b": 1, "a": [true, null, 2.5]})", "", R"({"a":[true,null,2.5],"b":1})"},
      {R"({"a": 1, "a": 2})", "", R"({"a":2})"},
      {"\"\xFF\"", "", "\"\xEF\xBF\xBD\""},
      {R"("\ud83d!")", "", "\"\xEF\xBF\xBD!\""},
      {R"("\\ud83d")", "", R"("\\ud83d")"},
      {"[[[1]]]", "", "[[[1]]]"},
      {"[[[[1]]]]", "not valid JSON within the limits: nested 4 deep, at most 3 are taken", ""},
      {R"(["[[[[", "\"[[[["])", "", R"(["[[[[","\"[[[["])"},
      {"[1,2,3,4,5,6,7,8]", "", "[1,2,3,4,5,6,7,8]"},
      {"[1,2,3,4,5,6,7,8,9]", "not valid JSON within the limits: about 10 values, at most 9 are taken", ""},
      {"", "not valid JSON: empty", ""},
      {"{\"a\": tru}", "not valid JSON: a syntax error at byte 10", ""},
      {"[1,", "not valid JSON: cut off at byte 3", ""},
      {"{} x", "not valid JSON: a syntax error at byte 4", ""},
      {"1e999", "not valid JSON within the limits: a number beyond what 64 bits hold", ""},
  };
  for (const Case& item : cases) {
    CAPTURE(item.bytes);
    Json document;
    CHECK(read(item.bytes, {3, 9}, document) == item.reason);
    if (item.reason.empty()) CHECK(document.dump() == item.document);
  }
}

TEST_CASE("JSON is parsed as it stands, down to a depth") {
  Json document;
  CHECK(parse("[[1]]", 2, document));
  CHECK(document.dump() == "[[1]]");
  CHECK_FALSE(parse("[[1]]", 1, document));
  CHECK_FALSE(parse("[1", 9, document));
  CHECK_FALSE(parse("\"\xFF\"", 9, document));
  CHECK_FALSE(parse("", 9, document));
}

TEST_CASE("A member is there, is a string, or is none") {
  const Json object = Json::parse(R"({"text": "good", "number": 7, "null": null})");
  CHECK(*string_member(object, "text") == "good");
  CHECK(*member(object, "number") == 7);
  CHECK(member(object, "null")->is_null());
  CHECK(string_member(object, "number") == nullptr);
  CHECK(member(object, "none") == nullptr);
  CHECK(*member(&object, "number") == 7);
  CHECK(member(member(&object, "none"), "text") == nullptr);
  CHECK(member(Json::array({1}), "text") == nullptr);
  CHECK(string_member(Json("text"), "text") == nullptr);
}

TEST_CASE("a value on one line, and what a string in JSON means") {
  CHECK(compact(Json::parse(R"({"b": [1, 2.5, null], "a": "é\n"})")) == "{\"a\":\"é\\n\",\"b\":[1,2.5,null]}");
  CHECK(compact(Json("\xFF")) == "\"\xEF\xBF\xBD\"");
  CHECK(string_content(R"("a\n\u00e9")") == "a\né");
  CHECK(string_content("\"\"") == "");
  for (const std::string_view none : {"", "5", "null", "[\"a\"]", "\"a", "\"a\" \"b\""})
    CHECK_FALSE(string_content(none));
}

}  // namespace
}  // namespace textlambda::json
