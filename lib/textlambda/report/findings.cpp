#include "textlambda/report/findings.h"

#include <utility>

#include "textlambda/report/drift.h"
#include "textlambda/report/github.h"
#include "textlambda/report/junit_xml.h"
#include "textlambda/report/threshold.h"
#include "textlambda/text/shown.h"

namespace textlambda::report {
namespace {

Findings::Outcome outcome_of(drift::DriftVerdict verdict) {
  switch (verdict) {
    case drift::DriftVerdict::none:
      return Findings::Outcome::passed;
    case drift::DriftVerdict::drift:
      return Findings::Outcome::failed;
    case drift::DriftVerdict::inconclusive:
      return Findings::Outcome::inconclusive;
  }
  return Findings::Outcome::failed;
}

}  // namespace

Findings findings_of(const drift::DriftReport& report) {
  Findings findings{.about = "drift",
                    .verdict = std::string(drift_headline(report.verdict)),
                    .sentence = report.sentence,
                    .outcome = outcome_of(report.verdict),
                    .checks = {},
                    .text = to_text(report),
                    .json = to_json(report),
                    .markdown = to_markdown(report)};
  for (const drift::DriftCheck& check : report.checks) {
    findings.checks.push_back({std::string(drift::view_name(check.view)), check.drifted, check.sentence});
  }
  return findings;
}

Findings findings_of(const metrics::ThresholdChoice& choice, const metrics::ThresholdOptions& options) {
  const std::string sentence = threshold_sentence(choice, options);
  return {.about = "abstain threshold",
          .verdict = choice.attained ? "FOUND" : "NOT ATTAINED",
          .sentence = sentence,
          .outcome = choice.attained ? Findings::Outcome::passed : Findings::Outcome::failed,
          .checks = {{"threshold", !choice.attained, sentence}},
          .text = to_text(choice, options),
          .json = to_json(choice, options),
          .markdown = to_markdown(choice, options)};
}

std::string findings_text(const Findings& findings) { return text::shown_lines(findings.text); }
std::string findings_json(const Findings& findings) { return findings.json; }
std::string findings_markdown(const Findings& findings) { return findings.markdown; }

std::string findings_junit(const Findings& findings) {
  JUnitSuite suite{"textlambda-evaluate " + findings.about, {}};
  for (const Findings::Check& check : findings.checks) {
    JUnitCase test;
    test.class_name = "textlambda." + findings.about;
    test.name = check.name;
    test.message = check.sentence;
    if (check.failed) {
      test.outcome = JUnitCase::Outcome::failed;
    } else if (findings.outcome == Findings::Outcome::inconclusive) {
      test.outcome = JUnitCase::Outcome::skipped;
      test.message = findings.sentence;
    } else {
      test.message.clear();
      test.details = check.sentence;
    }
    suite.cases.push_back(std::move(test));
  }
  return to_junit(suite);
}

std::string findings_github(const Findings& findings) {
  const std::string title = findings.about + ": " + findings.verdict;
  switch (findings.outcome) {
    case Findings::Outcome::passed:
      return workflow_command("notice", {title, findings.sentence, {}});
    case Findings::Outcome::inconclusive:
      return workflow_command("warning", {title, findings.sentence, {}});
    case Findings::Outcome::failed:
      break;
  }
  std::string text;
  for (const Findings::Check& check : findings.checks) {
    if (check.failed) text += workflow_command("error", {title, check.sentence, {}});
  }
  return text;
}

}  // namespace textlambda::report
