#include "textlambda/json/span.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace textlambda::json {
namespace {

TEST_CASE("The end of a value") {
  struct Case {
    std::string_view text;
    int end;  // -1: cut off or no value
  };
  const std::vector<Case> cases = {
      {"{}", 2},        {"{} {}", 2},        {"[1, [2]] x", 8}, {R"({"a": "}"})", 10}, {R"({"a": "\"}"})", 12},
      {R"("\\" ,)", 4}, {R"("\\\"" ,)", 6},  {"-1.5e+3,", 7},   {"true}", 4},          {"", -1},
      {"{", -1},        {"{\"a\": [1}", -1}, {"\"abc", -1},     {"\"abc\\\"", -1},     {"}", -1},
      {",", -1},        {"[\"\xFF\"]", 5},  // broken UTF-8 is none of its business
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    const auto end = value_end(item.text, 0);
    CHECK((end ? static_cast<int>(*end) : -1) == item.end);
  }
}

TEST_CASE("A million brackets are no recursion") {
  const std::string opened(1'000'000, '[');
  const std::string closed(1'000'000, ']');
  CHECK_FALSE(value_end(opened, 0));
  CHECK(value_end(opened + closed, 0) == 2'000'000U);
}

std::string members_of(std::string_view text) {
  std::string all;
  const bool whole = visit_members(text, [&](const Member& member) {
    all += std::string(member.key) + "=" + std::string(member.value.of(text)) + ";";
    return true;
  });
  return whole ? all : "not an object";
}

TEST_CASE("Members are visited with their bytes as they stand") {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"{}", ""},
      {" { } ", ""},
      {R"({"a":1,"b" : [ 1 , 2 ]})", "a=1;b=[ 1 , 2 ];"},
      {"{\n  \"a\": \"x\\ty\"\n}\n", "a=\"x\\ty\";"},
      {R"({"a":1,})", "not an object"},
      {R"({"a" 1})", "not an object"},
      {R"({"a":1 "b":2})", "not an object"},
      {R"({a:1})", "not an object"},
      {R"({"a":})", "not an object"},
      {R"({"a":1)", "not an object"},
      {R"({"a":1} x)", "not an object"},
      {R"([1])", "not an object"},
      {"", "not an object"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(members_of(text) == expected);
  }
}

}  // namespace
}  // namespace textlambda::json
