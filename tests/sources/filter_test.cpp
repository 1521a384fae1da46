// The comparison operators of https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
#include "textlambda/sources/filter.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::sources {
namespace {

using nlohmann::json;

bool matches(const std::string& pattern, const std::string& body) {
  const json criteria = {{"Filters", {{{"Pattern", pattern}}}}};
  return Filters(criteria.dump(), "f.json").match(json::object(), "body", body);
}

struct FilterRow {
  const char* pattern;
  const char* body;
  bool matches;
};

TEST_CASE("rules of a pattern") {
  const std::vector<FilterRow> rows = {
      {R"({"body":{"Name":["Alice"]}})", R"({"Name":"Alice"})", true},
      {R"({"body":{"Name":["Alice"]}})", R"({"Name":"Bob"})", false},
      {R"({"body":{"Name":["Alice"]}})", R"({"name":"Alice"})", false},
      {R"({"body":{"Name":["Alice","Bob"]}})", R"({"Name":"Bob","Age":3})", true},
      {R"({"body":{"Name":["Alice"],"Age":[3]}})", R"({"Name":"Alice","Age":3})", true},
      {R"({"body":{"Name":["Alice"],"Age":[3]}})", R"({"Name":"Alice","Age":4})", false},
      {R"({"body":{"UserID":[null]}})", R"({"UserID":null})", true},
      {R"({"body":{"UserID":[null]}})", R"({"UserID":"a"})", false},
      {R"({"body":{"LastName":[""]}})", R"({"LastName":""})", true},
      {R"({"body":{"Open":[true]}})", R"({"Open":true})", true},
      {R"({"body":{"Name":[{"equals-ignore-case":"alice"}]}})", R"({"Name":"ALICE"})", true},
      {R"({"body":{"Name":[{"equals-ignore-case":"alice"}]}})", R"({"Name":"ALICIA"})", false},
      {R"({"body":{"Region":[{"prefix":"us-"}]}})", R"({"Region":"us-east-1"})", true},
      {R"({"body":{"Region":[{"prefix":"us-"}]}})", R"({"Region":"eu-us-"})", false},
      {R"({"body":{"File":[{"suffix":".png"}]}})", R"({"File":"a.png"})", true},
      {R"({"body":{"File":[{"suffix":".png"}]}})", R"({"File":"a.jpg"})", false},
      {R"({"body":{"Weather":[{"anything-but":["Raining"]}]}})", R"({"Weather":"Sunny"})", true},
      {R"({"body":{"Weather":[{"anything-but":["Raining","Snow"]}]}})", R"({"Weather":"Snow"})", false},
      {R"({"body":{"Weather":[{"anything-but":"Raining"}]}})", R"({"Weather":5})", true},
      {R"({"body":{"Weather":[{"anything-but":["Raining"]}]}})", R"({})", false},
      {R"({"body":{"Price":[{"numeric":["=",100]}]}})", R"({"Price":100.0})", true},
      {R"({"body":{"Price":[{"numeric":[">",10,"<=",20]}]}})", R"({"Price":20})", true},
      {R"({"body":{"Price":[{"numeric":[">",10,"<=",20]}]}})", R"({"Price":10})", false},
      {R"({"body":{"Price":[{"numeric":["<",1e3]}]}})", R"({"Price":"5"})", false},
      {R"({"body":{"Name":[{"exists":true}]}})", R"({"Name":"x"})", true},
      {R"({"body":{"Name":[{"exists":true}]}})", R"({"Other":"x"})", false},
      {R"({"body":{"Name":[{"exists":false}]}})", R"({"Other":"x"})", true},
      {R"({"body":{"Name":[{"exists":false}]}})", R"({"Name":null})", false},
      {R"({"body":{"a":{"b":[{"exists":false}]}}})", R"({"c":1})", true},
      {R"({"body":{"a":{"b":[1,{"prefix":"x"}]}}})", R"({"a":{"b":"xyz"}})", true},
      {R"({"body":{"Tags":["x"]}})", R"({"Tags":["y","x"]})", true},
      {R"({"body":{"$or":[{"a":[1]},{"b":[2]}]}})", R"({"b":2})", true},
      {R"({"body":{"$or":[{"a":[1]},{"b":[2]}]}})", R"({"a":2,"b":1})", false},
      // Texts and patterns for JSON, and the other way round.
      {R"({"body":["Order"]})", "Order", true},
      {R"({"body":[{"prefix":"Or"}]})", "Order", true},
      {R"({"body":["Order"]})", "Note", false},
      {R"({"body":{"a":[1]}})", "Order", false},
      {R"({"body":[{"exists":true}]})", R"({"a":1})", false},
  };
  for (const FilterRow& row : rows) {
    INFO(row.pattern << " and " << row.body);
    CHECK(matches(row.pattern, row.body) == row.matches);
  }
}

TEST_CASE("any pattern of several, and what stands beside the payload") {
  const Filters filters(
      R"({"Filters": [{"Pattern": {"body": {"a": [1]}}}, {"Pattern": "{\"partitionKey\": [{\"prefix\": \"vip\"}]}"}]})",
      "f.json");
  CHECK(filters.match(json::object(), "body", R"({"a":1})"));
  CHECK(filters.match({{"partitionKey", "vip-7"}}, "body", "any"));
  CHECK_FALSE(filters.match({{"partitionKey", "x"}}, "body", R"({"a":2})"));
}

TEST_CASE("criteria that are none") {
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"", "f.json: not valid JSON: empty"},
      {"{}", "expected {\"Filters\": [{\"Pattern\": …}]} with 1 to 10 patterns"},
      {R"({"Filters":[]})", "with 1 to 10 patterns"},
      {R"({"Filters":[{}]})", "filter 1: has no Pattern"},
      {R"({"Filters":[{"Pattern":"{"}]})", "filter 1: not valid JSON"},
      {R"({"Filters":[{"Pattern":"[]"}]})", "filter 1: expected an object with members"},
      {R"({"Filters":[{"Pattern":{"body":"x"}}]})", "filter 1: body: expected an object or a list of rules"},
      {R"({"Filters":[{"Pattern":{"body":[]}}]})", "body: expected an object or a list of rules"},
      {R"({"Filters":[{"Pattern":{"body":[{"like":"x"}]}}]})", "\"like\" is no rule: expected prefix"},
      {R"({"Filters":[{"Pattern":{"body":[{"prefix":1}]}}]})", "\"prefix\" expects a string"},
      {R"({"Filters":[{"Pattern":{"body":[{"exists":1}]}}]})", "\"exists\" expects true or false"},
      {R"({"Filters":[{"Pattern":{"body":[{"numeric":[">"]}]}}]})", "\"numeric\" expects a list"},
      {R"({"Filters":[{"Pattern":{"body":[{"numeric":["~",1]}]}}]})", "\"numeric\" expects =, <"},
      {R"({"Filters":[{"Pattern":{"body":[{"numeric":["<","1"]}]}}]})", "\"numeric\" expects a number"},
      {R"({"Filters":[{"Pattern":{"body":[{"anything-but":{}}]}}]})", "\"anything-but\" expects a value"},
      {R"({"Filters":[{"Pattern":{"a":{"b":[1]}}},{"Pattern":{"a":{"b":[[1]]}}}]})",
       "filter 2: a: b: a rule is a value"},
      {R"({"Filters":[{"Pattern":{"$or":[{"a":[1]}]}}]})", "\"$or\" expects a list of two patterns or more"},
  };
  for (const auto& [criteria, expected] : rows) {
    INFO(criteria);
    CHECK_THROWS_WITH(Filters(criteria, "f.json"), Catch::Contains(expected));
  }
}

}  // namespace
}  // namespace textlambda::sources
