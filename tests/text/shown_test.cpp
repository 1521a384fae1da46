#include "textlambda/text/shown.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::text;

TEST_CASE("what moves a cursor, ends a line or turns what follows is escaped, everything else stays") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plain text, Zoë, 日本語, \\ and \"", "plain text, Zoë, 日本語, \\ and \""},
      {"\x1B[31mred", "\\u001b[31mred"},
      {"title\x1B]0;x\x07", "title\\u001b]0;x\\u0007"},
      {"a\nb\rc\td", "a\\nb\\rc\\td"},
      {std::string("nul\0.", 5), "nul\\u0000."},
      {"\xC2\x9B"
       "31m",
       "\\u009b31m"},                                                      // CSI in one character
      {"b\u202Etxt", "b\\u202etxt"},                                       // right-to-left override
      {"\u2066x\u2069", "\\u2066x\\u2069"},                                // isolates
      {"\u200Fx\u200E\u061C", "\\u200fx\\u200e\\u061c"},                   // marks
      {"a\u2028b\u2029c", "a\\u2028b\\u2029c"},                            // separators of lines
      {"\U000E0041", "\\U000e0041"},                                       // a tag
      {"👩‍👧 می‌خواهم", "👩‍👧 می‌خواهم"},  // joiners belong to the text
      {"broken \xFF\xC3", "broken \uFFFD\uFFFD"},
      {"\x7F", "\\u007f"},
  };
  for (const auto& [given, expected] : cases) CHECK(shown(given) == expected);
}

TEST_CASE("what is shown gives a CI service no command") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"::error::forged", "\\u003a:error::forged"},
      {"  \u00A0::error::", "  \u00A0::error::"},  // GitHub trims no such space
      {"  ::set-output name=x::y", "  \\u003a:set-output name=x::y"},
      {"std::string", "std::string"},
      {"x ::error::", "x ::error::"},
      {"##[error]forged", "#\\u0023[error]forged"},
      {"in the middle ##[group]and ##vso[task.complete]",
       "in the middle #\\u0023[group]and #\\u0023vso[task.complete]"},
      {"##teamcity[buildStatus]", "#\\u0023teamcity[buildStatus]"},
      {"###[error]", "##\\u0023[error]"},
      {"## heading", "## heading"},
      {"\n::error::", "\\n::error::"},
  };
  for (const auto& [given, expected] : cases) {
    CHECK(shown(given) == expected);
    CHECK(find_workflow_command(shown(given)) == std::string::npos);
  }
}

TEST_CASE("lines stay lines") {
  CHECK(shown_lines("") == "");
  CHECK(shown_lines("a\n\nb\n") == "a\n\nb\n");
  CHECK(shown_lines("a\r\n::warning::x\n\x1B[2J") == "a\\r\n\\u003a:warning::x\n\\u001b[2J");
}
