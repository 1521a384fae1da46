#include "textlambda/json/survey.h"

#include <string>
#include <string_view>
#include <vector>

#include "tests/catch.h"

namespace textlambda::json {
namespace {

TEST_CASE("A survey counts brackets, values and surrogates, outside and inside strings") {
  struct Case {
    std::string_view text;
    std::size_t depth;
    std::size_t values;
    bool surrogates;
  };
  const std::vector<Case> cases = {
      {"", 0, 1, false},
      {"1", 0, 1, false},
      {"\"[[[,:\"", 0, 1, false},
      {"[[], {\"a\": [1]}]", 3, 7, false},
      {"[1,2,3]", 1, 4, false},
      {"]]][", 1, 2, false},
      {R"("\ud83d")", 0, 1, true},
      {R"("\uDE00")", 0, 1, true},
      {R"("\u00e9 \\ud83d")", 0, 1, false},
      {R"(\ud83d)", 0, 1, false},
      {R"(["\"[", [)", 2, 4, false},
      {"[\"never closed, [[", 1, 2, false},
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    const Survey found = survey(item.text);
    CHECK(found.depth == item.depth);
    CHECK(found.values == item.values);
    CHECK(found.escaped_surrogates == item.surrogates);
  }
  const std::size_t many = 1'000'000;
  CHECK(survey(std::string(many, '[') + std::string(many, ']')).depth == many);
}

}  // namespace
}  // namespace textlambda::json
