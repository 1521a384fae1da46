// The kinds of report, from one run made by hand; expectations are written from what the readers of each kind document.
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/report/github.h"
#include "textlambda/report/html.h"
#include "textlambda/report/junit.h"
#include "textlambda/report/markdown.h"
#include "textlambda/report/report.h"
#include "textlambda/report/sarif.h"

#include "tests/catch.h"
#include "tests/report/sample_report.h"

namespace textlambda::report {
namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

TEST_CASE("every kind is asked for by its name, renders a run, and keeps the corpus's words to itself when told") {
  std::set<std::string_view> names;
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    CHECK(names.insert(kind.name).second);
    const ReportTarget target = parse_report_target(std::string(kind.name) + "=a=b");
    CHECK(target.kind == &kind);
    CHECK(target.path == "a=b");
    CHECK_THROWS_AS(parse_report_target(std::string(kind.name) + "="), io::Error);
    CHECK(contains(kind.render(sample_run().report()), "accuracy"));
    CHECK_FALSE(contains(kind.render(sample_run().report(false)), "gnihton"));
  }
  CHECK(kind_names(" or ") == "text, json, md, junit, github, sarif or html");
  CHECK_THROWS_WITH(parse_report_target("pdf=x"), Catch::Contains("KIND one of " + kind_names()));
}

TEST_CASE("workflow annotations: one a line, separators escaped, the row's place named") {
  const SampleRun run = sample_run();
  CHECK(
      to_github(run.report()) ==
      "::error title=BELOW FLOOR%3A recall[a|b <script>alert(1)</script> @team]::recall[a|b <script>alert(1)</script> "
      "@team] is 75.0 %25, at least 95.0 %25 is asked for\n"
      "::error title=REGRESSED%3A accuracy::accuracy 87.5 %25 → 75.0 %25, −12.50 pp (−14.50 … −10.50), a loss of 0.5 "
      "pp "
      "is allowed\n"
      "::warning title=INCONCLUSIVE%3A recall[good]::recall[good] 100.0 %25 → 75.0 %25, −25.00 pp (−27.00 … −23.00), a "
      "loss of 0.5 pp is allowed\n"
      "::warning title=textlambda::3 rows of the test set are in the training set too\n"
      "::notice file=te%3Ast%2C1.jsonl,line=4,title=newly wrong::good: was taken for good (0.70), now for a|b "
      "<script>alert(1)</script> @team (0.60)%0A</script><script>globalThis.__planted=1</script> \uFFFDgnihton | `x` "
      "\"q\"\n");
}

TEST_CASE("of each type of annotation the nine worst, and the tenth counts the others") {
  SampleRun run = sample_run();
  const gate::Flip flip = run.comparison.newly_wrong.front();
  run.comparison.newly_wrong.assign(10, flip);
  CHECK(count(to_github(run.report()), "::notice file=") == 10);
  run.comparison.newly_wrong.assign(123, flip);
  const std::string many = to_github(run.report());
  CHECK(count(many, "::notice file=") == 9);
  CHECK(contains(many, "::notice title=textlambda::114 more\n"));
  // A good verdict is a notice itself.
  run.comparison.decision = gate::Decision::pass;
  const std::string passed = to_github(run.report());
  CHECK(count(passed, "::notice file=") == 8);
  CHECK(count(passed, "::notice ") == 10);
  CHECK(contains(passed, "::notice title=PASS::"));
  CHECK(contains(passed, "115 more\n"));
}

TEST_CASE("JUnit: missed limits and regressions fail, what is undecided is skipped") {
  const std::string xml = to_junit(sample_run().report());
  CHECK(contains(xml, R"(tests="3" failures="2" errors="0" skipped="1")"));
  CHECK(contains(xml, R"(<testcase classname="textlambda.against main.json" name="accuracy">)"));
  CHECK(contains(xml, "&lt;script&gt;"));
  CHECK_FALSE(contains(xml, "<script"));
  const std::string alone = to_junit(sample_evaluation().report());
  CHECK(contains(alone, R"(tests="1" failures="0")"));
}

TEST_CASE("Markdown: nothing from the corpus stands outside a code span") {
  const std::string text = to_markdown(sample_run().report());
  CHECK(contains(text, "### ❌ BELOW FLOOR\n"));
  CHECK(contains(text, "| ❌ REGRESSED | `accuracy` | 87.5 % | 75.0 % | −12.50 pp (−14.50 … −10.50) | − 0.5 pp |"));
  CHECK(contains(text, "| ⚠️ INCONCLUSIVE | `recall[good]` |"));
  CHECK(contains(text, "`recall[a\\|b <script>alert(1)</script> @team]`"));
  // The sentence is prose, where markup is escaped instead.
  CHECK(contains(text, "recall\\[a\\|b \\<script\\>alert\\(1\\)\\<&#47;script\\> &#64;team\\]"));
  CHECK_FALSE(contains(text, "\u202E"));
  const std::string quiet = to_markdown(sample_run().report(false));
  CHECK_FALSE(contains(quiet, "__planted"));
  CHECK(contains(quiet, "te:st,1.jsonl:4"));
}

TEST_CASE("Markdown stays within what a comment may hold, and says so") {
  SampleRun run = sample_run();
  gate::Flip flip = run.comparison.newly_wrong.front();
  run.comparison.checks.assign(5000, run.comparison.checks.front());
  run.comparison.newly_wrong.assign(5000, flip);
  run.comparison.warnings.assign(5000, std::string(100, 'w'));
  run.comparison.references.front().labels.assign(5000, run.comparison.references.front().labels.front());
  const std::string text = to_markdown(run.report());
  CHECK(text.size() < 65536);
  CHECK(contains(text, "more"));
}

TEST_CASE("SARIF: results with rules and places that exist") {
  const nlohmann::json sarif = nlohmann::json::parse(to_sarif(sample_run().report()));
  CHECK(sarif.at("version") == "2.1.0");
  const nlohmann::json& run = sarif.at("runs").at(0);
  CHECK(run.at("tool").at("driver").at("version") == "1.2.3");
  std::vector<std::string> rules;
  for (const auto& rule : run.at("tool").at("driver").at("rules")) rules.push_back(rule.at("id"));
  CHECK(rules == std::vector<std::string>{"below-floor", "newly-wrong", "regressed"});
  REQUIRE(run.at("results").size() == 3);
  for (const auto& result : run.at("results")) {
    const auto& place = result.at("locations").at(0).at("physicalLocation");
    CHECK(place.at("artifactLocation").at("uri") == "te%3Ast%2C1.jsonl");
  }
  const auto& newly_wrong = run.at("results").at(2);
  CHECK(newly_wrong.at("ruleId") == "newly-wrong");
  CHECK(newly_wrong.at("locations").at(0).at("physicalLocation").at("region").at("startLine") == 4);
  CHECK(newly_wrong.at("message").at("text").get<std::string>().find("__planted") != std::string::npos);
  CHECK_FALSE(contains(to_sarif(sample_run().report(false)), "__planted"));
}

TEST_CASE("HTML: corpus text is text, wherever it stands") {
  const std::string html = to_html(sample_run().report());
  CHECK(html.substr(0, 15) == "<!DOCTYPE html>");
  CHECK(contains(html, "<h1><span class=\"word below-floor\">BELOW FLOOR</span></h1>"));
  CHECK(contains(html,
                 "<bdi>&lt;/script&gt;&lt;script&gt;globalThis.__planted=1&lt;/script&gt; \u202Egnihton | `x` "
                 "&quot;q&quot;</bdi>"));
  CHECK_FALSE(contains(html, "<script>alert(1)"));
  CHECK_FALSE(contains(html, "<script>globalThis"));
  // Ours: Chart.js, the page's own; and the data, in which no element can end.
  CHECK(count(html, "<script>") == 2);
  CHECK(count(html, "<script type=\"application/json\"") == 1);
  CHECK(count(html, "</script>") == 3);
  CHECK(contains(html, "\"name\":\"a|b \\u003cscript\\u003ealert(1)\\u003c/script\\u003e @team\""));
  CHECK_FALSE(contains(html, "http://"));
  const std::string quiet = to_html(sample_run().report(false));
  CHECK_FALSE(contains(quiet, "__planted"));
  CHECK_FALSE(contains(quiet, "&lt;b&gt;"));  // an n-gram
  CHECK(to_html(sample_run().report()) == html);
}

TEST_CASE("HTML of an evaluation alone has no verdict") {
  const std::string html = to_html(sample_evaluation().report());
  CHECK(contains(html, "<h1>Accuracy 75.0 %</h1>"));
  // Each figure with its interval: Wilson's of 6 of 8, worked out by hand.
  CHECK(contains(html, "95 % interval"));
  CHECK(contains(html, "40.9 % … 92.9 %"));
  CHECK_FALSE(contains(html, "id=\"checks\""));
  CHECK_FALSE(contains(html, "id=\"flips-title\""));
}

}  // namespace
}  // namespace textlambda::report
