// What is printed of drift and of thresholds.
#include <nlohmann/json.hpp>

#include "textlambda/report/drift.h"
#include "textlambda/report/findings.h"
#include "textlambda/report/report.h"
#include "textlambda/report/threshold.h"

#include "tests/catch.h"

using namespace textlambda;
using Json = nlohmann::json;

namespace {

drift::DriftReport drift_report() {
  drift::DriftReport report;
  report.verdict = drift::DriftVerdict::drift;
  report.traffic_texts = 1821;
  report.training_documents = 2500;
  report.visible_shift = 0.0625;
  report.sentence = "b; a";
  report.checks = {
      {drift::DriftView::unknown_n_grams, 0.25, 1e-9, 4e-9, true, 0.5, 0.25, "", "half is unknown"},
      {drift::DriftView::labels, 0.01, 0.5, 1, false, 0.125, 0.125, "a\nb \x1B[31m", "labels"},
      {drift::DriftView::confidence, 0.125, 0.0004, 0.0012, false, 0.75, 0.875, "", "confidence"},
      {drift::DriftView::length, 0.5, 0, 0, true, 1000, 20, "", "longer"},
  };
  return report;
}

}  // namespace

TEST_CASE("drift as text") {
  const std::string text = report::to_text(drift_report());
  CHECK_THAT(text, Catch::StartsWith("1,821 texts against 2,500 held-out training documents\n"));
  CHECK_THAT(text, Catch::Contains("unknown n-grams"));
  CHECK_THAT(text, Catch::Contains("50.0 %    25.0 %  0.250  < 0.001  DRIFT\n"));
  CHECK_THAT(text, Catch::Contains("0.750     0.875  0.125    0.001\n"));
  CHECK_THAT(text, Catch::EndsWith("DRIFT\n  half is unknown\n  longer\n"));
  CHECK(text.find('\x1B') == std::string::npos);
  CHECK(text.find("a\nb") == std::string::npos);

  drift::DriftReport none = drift_report();
  none.verdict = drift::DriftVerdict::none;
  none.sentence = "all is well";
  CHECK_THAT(report::to_text(none), Catch::EndsWith("\nNO DRIFT: all is well\n"));
  none.verdict = drift::DriftVerdict::inconclusive;
  CHECK_THAT(report::to_text(none), Catch::EndsWith("\nINCONCLUSIVE: all is well\n"));
}

TEST_CASE("drift as JSON") {
  const Json object = Json::parse(report::to_json(drift_report()));
  CHECK(object["verdict"] == "drift");
  CHECK(object["texts"] == 1821);
  CHECK(object["training_documents"] == 2500);
  CHECK(object["min_shift"] == 0.1);
  CHECK(object["alpha"] == 0.001);
  CHECK(object["visible_shift"] == 0.0625);
  REQUIRE(object["checks"].size() == 4);
  CHECK(object["checks"][0]["view"] == "unknown_n_grams");
  CHECK(object["checks"][0]["drifted"] == true);
  CHECK(object["checks"][0]["adjusted_p"] == 4e-9);
  CHECK(!object["checks"][0].contains("label"));
  CHECK(object["checks"][1]["label"] == "a\nb \x1B[31m");
  CHECK(object["checks"][3]["traffic"] == 1000);
}

TEST_CASE("a threshold, found and not found") {
  metrics::ThresholdChoice choice;
  choice.examples = 1000;
  choice.all_wrong = 100;
  choice.fewest = 59;
  choice.accepted = 800;
  choice.wrong = 24;
  choice.risk_bound = 0.042;
  const metrics::ThresholdOptions options;
  const Json missed = Json::parse(report::to_json(choice, options));
  CHECK(missed["attained"] == false);
  CHECK(missed["threshold"].is_null());
  CHECK_THAT(
      report::to_text(choice, options),
      Catch::Equals("no threshold keeps the share of wrong predictions to 5.00 % with 95 % certainty: of the 800 "
                    "surest predictions 24 are wrong, which leaves up to 4.20 %\n"));

  choice.attained = true;
  choice.threshold = 0.75F;
  const Json found = Json::parse(report::to_json(choice, options));
  CHECK(found["threshold"] == 0.75);
  CHECK(found["coverage"] == 0.8);
  CHECK(found["risk"] == 0.03);
  CHECK(found["risk_bound"] == 0.042);
  CHECK(found["risk_without"] == 0.1);
  const std::string text = report::to_text(choice, options);
  CHECK_THAT(text, Catch::Contains("threshold  0.750000   a prediction less sure than this abstains\n"));
  CHECK_THAT(text, Catch::Contains("coverage   80.00 %   800 of 1,000 examples\n"));
  CHECK_THAT(text, Catch::Contains("risk       3.00 %   24 wrong of those; at most 5.00 % with 95 % certainty\n"));
  choice.threshold = 0;
  CHECK_THAT(report::to_text(choice, options), Catch::Contains("no prediction has to abstain"));
  choice.examples = 58;
  choice.attained = false;
  CHECK_THAT(report::to_text(choice, options), Catch::Contains("58 examples are too few, at least 59 are needed"));
}

TEST_CASE("findings in every form there is of them") {
  report::Findings drift = report::findings_of(drift_report());
  CHECK(drift.outcome == report::Findings::Outcome::failed);
  CHECK_THAT(report::findings_markdown(drift), Catch::StartsWith("### DRIFT\n\n- half is unknown\n- longer\n\n|"));
  CHECK(report::findings_json(drift) == report::to_json(drift_report()));
  CHECK(report::findings_github(drift) ==
        "::error title=drift%3A DRIFT::half is unknown\n::error title=drift%3A DRIFT::longer\n");
  CHECK_THAT(report::findings_junit(drift), Catch::Contains("tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"0\""));
  drift.outcome = report::Findings::Outcome::inconclusive;
  CHECK(report::findings_github(drift) == "::warning title=drift%3A DRIFT::b; a\n");
  drift.text = "::error::forged\n";
  CHECK(report::findings_text(drift).find("::error") == std::string::npos);

  metrics::ThresholdChoice choice;
  choice.attained = true;
  choice.threshold = 0.75;
  choice.examples = 1000;
  choice.accepted = 800;
  const report::Findings found = report::findings_of(choice, {0.05, 0.05});
  CHECK(report::findings_github(found) ==
        "::notice title=abstain threshold%3A FOUND::0.750000 answers 800 of 1,000 examples (80.00 %25) with at most "
        "5.00 %25 wrong, with 95 %25 certainty\n");
  CHECK_THAT(report::findings_markdown(found), Catch::StartsWith("### Abstain threshold 0.750000\n\n|"));
  choice.attained = false;
  choice.fewest = 59;
  choice.examples = 1;
  const report::Findings none = report::findings_of(choice, {0.05, 0.05});
  CHECK(none.outcome == report::Findings::Outcome::failed);
  CHECK_THAT(none.sentence, Catch::EndsWith(": 1 example is too few, at least 59 are needed even without an error"));
}

TEST_CASE("the kinds that have a form for findings") {
  CHECK(report::kind_names(" or ", true) == "text, json, md, junit or github");
}
