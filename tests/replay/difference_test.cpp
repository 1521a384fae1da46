#include "textlambda/replay/difference.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::replay {
namespace {

using Strings = std::vector<std::string>;

// "path expected actual" of each difference.
Strings compare(std::string_view expected, std::string_view actual, const ComparisonOptions& options = {}) {
  Strings found;
  for (const Difference& difference : Comparison(options).differences(expected, actual)) {
    found.push_back(difference.path + " " + difference.expected + " " + difference.actual);
  }
  return found;
}

TEST_CASE("Differences are named by JSON Pointers, with both values") {
  struct Case {
    std::string expected;
    std::string actual;
    Strings found;
  };
  const std::vector<Case> cases = {
      {R"({"a":1,"b":[2]})", R"({ "b" : [2], "a" : 1 })", {}},
      {R"({"label":"billing"})", R"({"label":"refunds"})", {R"(/label "billing" "refunds")"}},
      {R"({"a":1})", R"({"a":1,"b":null})", {"/b  null"}},
      {R"({"a":1,"b":null})", R"({"a":1})", {"/b null "}},
      {"[1,2,3]", "[1,5]", {"/1 2 5", "/2 3 "}},
      {"[1]", "[1,2]", {"/1  2"}},
      {"[]", "{}", {" [] {}"}},
      {"1", "1.0", {}},
      {"1", "\"1\"", {" 1 \"1\""}},
      {"null", "false", {" null false"}},
      {R"({"a/b":{"m~n":1}})", R"({"a/b":{"m~n":2}})", {"/a~1b/m~0n 1 2"}},
      {"9007199254740993", "9007199254740992", {" 9007199254740993 9007199254740992"}},
      {"not json", "1", {" \"not json\" 1"}},
      {"1", "", {" 1 \"\""}},
      {R"(["\u00e9"])", "[\"\xC3\xA9\"]", {}},
  };
  for (const Case& item : cases) {
    CAPTURE(item.expected, item.actual);
    CHECK(compare(item.expected, item.actual) == item.found);
  }
}

TEST_CASE("JSON within strings is compared as JSON, plain and in Base64") {
  // The Base64 was written by Python's base64.b64encode.
  struct Case {
    std::string expected;
    std::string actual;
    Strings found;
  };
  const std::vector<Case> cases = {
      {R"({"body":"{\"label\":\"billing\",\"n\":1}"})",
       R"({"body":"{ \"n\": 1, \"label\": \"refunds\" }"})",
       {R"(/body/label "billing" "refunds")"}},
      {R"({"body":"{\"n\":1}"})", R"({"body":"{\"n\" : 1}\n"})", {}},
      {R"({"body":"{\"n\":1}"})", R"({"body":"oops"})", {R"(/body "{\"n\":1}" "oops")"}},
      {R"({"body":"1"})", R"({"body":"1.0"})", {R"(/body "1" "1.0")"}},  // a text, not a number
      // {"label":"billing"} and {"label": "refunds"} with a line's end
      {R"({"records":[{"data":"eyJsYWJlbCI6ImJpbGxpbmcifQ=="}]})",
       R"({"records":[{"data":"eyJsYWJlbCI6ICJyZWZ1bmRzIn0K"}]})",
       {R"(/records/0/data/label "billing" "refunds")"}},
      {R"(["eyJsYWJlbCI6ImJpbGxpbmcifQ=="])", R"(["eyJsYWJlbCI6ImJpbGxpbmcifQo="])", {}},
  };
  for (const Case& item : cases) {
    CAPTURE(item.expected, item.actual);
    CHECK(compare(item.expected, item.actual) == item.found);
  }
}

TEST_CASE("Numbers may be within the tolerance") {
  ComparisonOptions options;
  options.tolerance = 0.02;
  CHECK(compare("[0.51]", "[0.53]", options).empty());
  CHECK(compare("[0.53]", "[0.51]", options).empty());
  CHECK(compare("[0.51]", "[0.5301]", options) == Strings{"/0 0.51 0.5301"});
  CHECK(compare("[1]", "[1.01]", options).empty());
  CHECK(compare("[0.51]", "[0.5100001]") == Strings{"/0 0.51 0.5100001"});
  CHECK(compare(R"({"body":"{\"c\":0.5}"})", R"({"body":"{\"c\":0.51}"})", options).empty());
}

TEST_CASE("Ignored places may differ, with all that is below") {
  ComparisonOptions options;
  options.ignored = {"/model", "/records/*/time", "/body/id"};
  CHECK(compare(R"({"model":"a","x":1})", R"({"model":{"id":"b"},"x":1})", options).empty());
  CHECK(compare(R"({"x":1})", R"({"model":"b","x":1})", options).empty());
  CHECK(compare(R"({"records":[{"time":1},{"time":2}]})", R"({"records":[{"time":3},{}]})", options).empty());
  CHECK(compare(R"({"records":[{"time":1,"n":1}]})", R"({"records":[{"time":3,"n":2}]})", options) ==
        Strings{"/records/0/n 1 2"});
  CHECK(compare(R"({"body":"{\"id\":1}"})", R"({"body":"{\"id\":2}"})", options).empty());
  CHECK(compare(R"({"models":"a"})", R"({"models":"b"})", options).size() == 1);
}

TEST_CASE("Ignored places are ignored in each answer that a response holds") {
  ComparisonOptions options;
  options.ignored = {"/model", "/figures/*/loss"};
  const std::pair<const char*, const char*> same[] = {
      {R"({"body":"{\"model\":1}"})", R"({"body":"{\"model\":2}"})"},
      {R"([{"model":1},{"model":2}])", R"([{"model":3},{}])"},
      {R"({"records":[{"id":"a","model":1}]})", R"({"records":[{"id":"a","model":2}]})"},
      {R"({"body":"[{\"model\":1}]"})", R"({"body":"[{\"model\":2}]"})"},
      // {"model":1} and {"model":2} in base64.
      {R"({"records":[{"data":"eyJtb2RlbCI6MX0="}]})", R"({"records":[{"data":"eyJtb2RlbCI6Mn0="}]})"},
      {R"([{"figures":[{"loss":1}]}])", R"([{"figures":[{"loss":2}]}])"},
  };
  for (const auto& [expected, actual] : same) CHECK(compare(expected, actual, options).empty());
  // A member of that name elsewhere is none of these.
  CHECK(compare(R"({"meta":{"model":1}})", R"({"meta":{"model":2}})", options) == Strings{"/meta/model 1 2"});
  CHECK(compare(R"([{"meta":{"model":1}}])", R"([{"meta":{"model":2}}])", options) == Strings{"/0/meta/model 1 2"});
  CHECK(compare(R"({"body":"{\"label\":1,\"model\":1}"})", R"({"body":"{\"label\":2,\"model\":2}"})", options) ==
        Strings{"/body/label 1 2"});
}

TEST_CASE("Bounds: many differences, long values, deep nesting") {
  std::string zeros = "[0";
  std::string ones = "[1";
  for (int i = 0; i < 500; ++i) {
    zeros += ",0";
    ones += ",1";
  }
  CHECK(compare(zeros + "]", ones + "]").size() == Comparison::kMaxDifferences);
  const Strings longs = compare("\"" + std::string(5000, 'x') + "\"", "1");
  CHECK(longs.front().size() < 1100);
  const std::string deep(1'000'000, '[');
  CHECK(compare(deep + std::string(1'000'000, ']'), deep + "1" + std::string(1'000'000, ']')).size() == 1);
  // JSON in a string in JSON in a string … ends somewhere.
  std::string left = "[0]";
  std::string right = "[1]";
  for (int i = 0; i < 8; ++i) {
    for (std::string* text : {&left, &right}) {
      std::string quoted = "[\"";
      for (const char c : *text) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
      *text = quoted + "\"]";
    }
  }
  CHECK(compare(left, right).size() == 1);
}

TEST_CASE("Differences of the model are told from those of the answer") {
  const std::string one = R"("0123456789abcdef")";
  const std::string other = R"("fedcba9876543210")";
  const auto said = [](const std::string& path, const std::string& expected, const std::string& actual) {
    return about({.path = path, .expected = expected, .actual = actual});
  };
  CHECK((said("/model", one, other) == About::model_id));
  CHECK((said("/body/model", one, other) == About::model_id));
  CHECK((said("/records/0/data/model", one, other) == About::model_id));
  CHECK((said("/id", one, other) == About::model_id));  // the health card
  CHECK((said("/training_loss", "0.5", "0.25") == About::model_figures));
  CHECK((said("/body/training_accuracy", "1", "0.875") == About::model_figures));
  CHECK((said("/features", "10", "20") == About::model_figures));
  CHECK((said("/label", one, other) == About::answer));
  CHECK((said("/confidence", "0.5", "0.25") == About::answer));
  CHECK((said("/model", one, "") == About::answer));  // is missing
  CHECK((said("/model", one, R"("classic")") == About::answer));
  CHECK((said("/model", one, R"("0123456789ABCDEF")") == About::answer));
  CHECK((said("/id", R"("order-1")", R"("order-2")") == About::answer));
  CHECK((said("/training_loss", "0.5", "null") == About::answer));
  CHECK((said("/models", one, other) == About::answer));
  CHECK((said("", one, other) == About::answer));
}

TEST_CASE("A long batch that names another model in each element does not hide what comes behind") {
  std::string expected = "[";
  std::string actual = "[";
  for (int i = 0; i < 300; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    expected += comma + R"({"label":"a","model":"0123456789abcdef"})";
    actual += comma + R"({"label":")" + (i == 299 ? "b" : "a") + R"(","model":"fedcba9876543210"})";
  }
  const std::vector<Difference> found = Comparison({}).differences(expected + "]", actual + "]");
  CHECK(found.size() == Comparison::kMaxDifferences + 1);
  CHECK(found.back().path == "/299/label");
}

TEST_CASE("Options are checked") {
  for (const double tolerance :
       {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    ComparisonOptions options;
    options.tolerance = tolerance;
    CHECK_FALSE(option_fault(options).empty());
    CHECK_THROWS_AS(Comparison(options), io::Error);
  }
  for (const char* pointer : {"", "model", "/a~3"}) {
    ComparisonOptions options;
    options.ignored = {pointer};
    CHECK_FALSE(option_fault(options).empty());
  }
}

}  // namespace
}  // namespace textlambda::replay
