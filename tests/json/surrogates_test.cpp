#include "textlambda/json/surrogates.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace textlambda::json {
namespace {

TEST_CASE("A surrogate escape that is no half of a pair becomes U+FFFD, in place") {
  struct Case {
    std::string json;
    std::string repaired;
  };
  const std::vector<Case> cases = {
      {R"("\ud83d")", R"("\ufffd")"},
      {R"("\uDE00")", R"("\ufffd")"},
      {R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
      {R"("\uD800\uDFFF")", R"("\uD800\uDFFF")"},
      {R"("\ude00\ud83d")", R"("\ufffd\ufffd")"},
      {R"("\ud83d\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
      {R"("\ud83d\u0041")", R"("\ufffd\u0041")"},
      {R"("\ud83dx\ude00")", R"("\ufffdx\ufffd")"},
      // An escaped backslash, other escapes, and what is no escape.
      {R"("\\ud83d")", R"("\\ud83d")"},
      {R"("\\\ud83d")", R"("\\\ufffd")"},
      {R"("\u00e9\n\"")", R"("\u00e9\n\"")"},
      {R"("\ud7ff\ue000")", R"("\ud7ff\ue000")"},
      {R"("\ud83")", R"("\ud83")"},
      {R"("\ud83g")", R"("\ud83g")"},
      {"\\", "\\"},
      {"", ""},
  };
  for (const Case& item : cases) {
    CAPTURE(item.json);
    std::string json = item.json;
    CHECK(replace_lone_surrogates(json) == (item.json != item.repaired));
    CHECK(json == item.repaired);
  }
}

}  // namespace
}  // namespace textlambda::json
