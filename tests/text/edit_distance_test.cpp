#include "textlambda/text/edit_distance.h"

#include "tests/catch.h"

using textlambda::text::edit_distance;

TEST_CASE("the least number of edits, either way round") {
  const struct {
    const char* a;
    const char* b;
    std::size_t distance;
  } cases[] = {{"", "", 0},         {"", "abc", 3},
               {"same", "same", 0}, {"kitten", "sitting", 3},
               {"flaw", "lawn", 2}, {"accuracy", "acuracy", 1},
               {"ab", "ba", 2},     {"--modle", "--model", 2}};
  for (const auto& test : cases) {
    CAPTURE(test.a, test.b);
    CHECK(edit_distance(test.a, test.b) == test.distance);
    CHECK(edit_distance(test.b, test.a) == test.distance);
  }
}
