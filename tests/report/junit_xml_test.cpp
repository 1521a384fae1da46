#include "textlambda/report/junit_xml.h"

#include "tests/catch.h"

namespace textlambda::report {
namespace {

TEST_CASE("a suite is counted, escaped and closed") {
  JUnitSuite suite{"gate <1>", {}};
  suite.cases.push_back({"metrics", "accuracy", "", JUnitCase::Outcome::passed, "", ""});
  suite.cases.push_back({"metrics", "recall[\"x\"]", "a.jsonl", JUnitCase::Outcome::failed, "fell & fell", "by 2 pp"});
  suite.cases.push_back({"slices", "lang=zh", "", JUnitCase::Outcome::skipped, "inconclusive", ""});
  suite.cases.push_back({"events", "bad", "e.json", JUnitCase::Outcome::error, "not JSON", ""});
  CHECK(to_junit(suite) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gate &lt;1&gt;" tests="4" failures="1" errors="1" skipped="1">
  <testsuite name="gate &lt;1&gt;" tests="4" failures="1" errors="1" skipped="1">
    <testcase classname="metrics" name="accuracy"/>
    <testcase classname="metrics" name="recall[&quot;x&quot;]" file="a.jsonl">
      <failure message="fell &amp; fell">by 2 pp</failure>
    </testcase>
    <testcase classname="slices" name="lang=zh">
      <skipped message="inconclusive"/>
    </testcase>
    <testcase classname="events" name="bad" file="e.json">
      <error message="not JSON"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("an empty suite is a document too") {
  CHECK(to_junit({"nothing", {}}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"nothing\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
        "  <testsuite name=\"nothing\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
        "  </testsuite>\n</testsuites>\n");
}

}  // namespace
}  // namespace textlambda::report
