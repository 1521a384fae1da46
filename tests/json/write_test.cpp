#include "textlambda/json/write.h"

#include <limits>
#include <string>

#include "tests/catch.h"

namespace textlambda::json {
namespace {

TEST_CASE("JSON on one line keeps its numbers, its order and its strings") {
  CHECK(minified("{ \"b\" : 1.0e5,\r\n\t\"a b\" : \"x \\\" \\\\\" , \"b\": [ 12345678901234567890123 ] }\n") ==
        R"({"b":1.0e5,"a b":"x \" \\","b":[12345678901234567890123]})");
  CHECK(minified("\xEF\xBB\xBF \"\xFF\"") == "\"\xEF\xBF\xBD\"");
  CHECK(minified("7") == "7");
}

TEST_CASE("JSON strings and numbers as they are written") {
  const auto quoted = [](std::string_view text) {
    std::string json;
    append_string(json, text);
    return json;
  };
  CHECK(quoted("a\"b\\c\n\t/") == R"("a\"b\\c\n\u0009/")");
  CHECK(quoted(std::string("\0\x1F\x7F", 3)) == "\"\\u0000\\u001f\x7F\"");
  CHECK(quoted("\xC3\xA9 \xFF") == "\"\xC3\xA9 \xEF\xBF\xBD\"");
  const auto number = [](auto value) {
    std::string json;
    append_number(json, value);
    return json;
  };
  CHECK(number(0.1F) == "0.1");
  CHECK(number(0.125) == "0.125");
  CHECK(number(1.0F) == "1");
  CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(number(std::numeric_limits<float>::infinity()) == "null");
}

}  // namespace
}  // namespace textlambda::json
