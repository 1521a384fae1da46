#include "textlambda/json/pointer.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::json {
namespace {

// The document of RFC 6901, section 5; its keys with a quote or a backslash are written with escapes.
constexpr std::string_view kDocument = R"({
  "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8
})";

TEST_CASE("A JSON Pointer is followed, in a document and in its text") {
  struct Case {
    std::string_view pointer;
    std::string_view value;  // "none" where there is none
    bool in_text = true;     // false: the key is written with an escape
  };
  const std::vector<Case> cases = {
      {"/foo", R"(["bar","baz"])"},
      {"/foo/0", R"("bar")"},
      {"/foo/1", R"("baz")"},
      {"/", "0"},
      {"/a~1b", "1"},
      {"/c%d", "2"},
      {"/e^f", "3"},
      {"/g|h", "4"},
      {"/i\\j", "5", false},
      {"/k\"l", "6", false},
      {"/ ", "7"},
      {"/m~0n", "8"},
      {"/foo/2", "none"},
      {"/foo/x", "none"},
      {"/foo/-", "none"},
      {"/foo/00", "none"},
      {"/foo/01", "none"},
      {"/foo/+1", "none"},
      {"/foo/", "none"},
      {"/foo/99999999999999999999", "none"},
      {"/nope", "none"},
      {"/a~1b/c", "none"},
      {"/foo/0/0", "none"},
  };
  const nlohmann::json document = nlohmann::json::parse(kDocument);
  for (const Case& item : cases) {
    CAPTURE(item.pointer);
    REQUIRE(pointer_fault(item.pointer) == "");
    const Pointer pointer = parse_pointer(item.pointer);
    CHECK(spelled(pointer) == item.pointer);
    const nlohmann::json* value = find(document, pointer);
    CHECK((value == nullptr ? "none" : value->dump()) == item.value);
    const auto span = find(kDocument, pointer);
    const std::string text = span ? nlohmann::json::parse(span->of(kDocument)).dump() : "none";
    CHECK(text == (item.in_text ? item.value : "none"));
  }
  CHECK(find(document, Pointer{}) == &document);
  CHECK(find(kDocument, Pointer{})->of(kDocument) == kDocument);
  CHECK_FALSE(find(std::string_view("[1"), Pointer{}));
}

TEST_CASE("Of a key that repeats the last one counts, parsed or not") {
  const std::string_view repeating = R"({"a": {"b": 1, "b": 2}, "c": 0, "a": {"b": 3, "b": [4]}, "a": {"d": 5}})";
  const nlohmann::json document = nlohmann::json::parse(repeating);
  for (const auto& [pointer, value] : std::vector<std::pair<Pointer, std::string>>{
           {{"a"}, R"({"d": 5})"}, {{"a", "d"}, "5"}, {{"a", "b"}, ""}, {{"c"}, "0"}}) {
    const nlohmann::json* parsed = find(document, pointer);
    CHECK((parsed == nullptr ? nlohmann::json() : *parsed) ==
          (value.empty() ? nlohmann::json() : nlohmann::json::parse(value)));
    const auto span = find(repeating, pointer);
    CHECK((span ? span->of(repeating) : std::string_view()) == value);
  }
}

TEST_CASE("Tokens are unescaped once") {
  const std::vector<std::pair<std::string_view, Pointer>> cases = {
      {"", {}},
      {"/", {""}},
      {"//", {"", ""}},
      {"/a/b", {"a", "b"}},
      {"/~01", {"~1"}},
      {"/~1~0", {"/~"}},
      {"/a~1b/~0~0", {"a/b", "~~"}},
  };
  for (const auto& [spelling, pointer] : cases) {
    CAPTURE(spelling);
    CHECK(parse_pointer(spelling) == pointer);
    CHECK(spelled(pointer) == spelling);
  }
}

TEST_CASE("What is no JSON Pointer is told") {
  CHECK(pointer_fault("a") == R"(is no JSON Pointer: it has to start with "/")");
  for (const std::string_view spelling : {"/~", "/a~", "/a~2", "/~/0", "/~0~x"}) {
    CAPTURE(spelling);
    CHECK(pointer_fault(spelling) == R"(is no JSON Pointer: "~" has to be followed by 0 or 1)");
  }
}

}  // namespace
}  // namespace textlambda::json
