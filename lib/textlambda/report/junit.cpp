#include "textlambda/report/junit.h"

#include <fmt/format.h>

#include "textlambda/report/check_sentence.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/junit_xml.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace {

using gate::Comparison;
using gate::LimitCheck;
using gate::RelativeCheck;
using gate::Verdict;
using Outcome = JUnitCase::Outcome;

JUnitCase case_of(const LimitCheck& check) {
  JUnitCase test;
  test.class_name = "textlambda.limits";
  test.name = check.metric;
  test.outcome = check.met ? Outcome::passed : Outcome::failed;
  (check.met ? test.details : test.message) = check_sentence(check);
  return test;
}

JUnitCase case_of(const RelativeCheck& check, const Comparison& comparison) {
  JUnitCase test;
  test.class_name = "textlambda.against " + comparison.references[check.reference].identity.name;
  test.name = check.metric;
  test.outcome = check.fails()                            ? Outcome::failed
                 : check.verdict == Verdict::inconclusive ? Outcome::skipped
                                                          : Outcome::passed;
  const std::string sentence = fmt::format("{}: {}", gate::verdict_name(check.verdict), check_sentence(check));
  const std::string method = fmt::format("{}; {} pairs; p {} ({} adjusted for all checks)", check.method,
                                         text::grouped(check.n), p_text(check.p), p_text(check.holm_p));
  if (test.outcome == Outcome::passed) {
    test.details = sentence + "\n" + method;
  } else {
    test.message = sentence;
    test.details = method;
  }
  return test;
}

}  // namespace

std::string to_junit(const Report& report) {
  const Comparison& comparison = report.comparison;
  JUnitSuite suite{"textlambda-evaluate " + comparison.candidate.name, {}};
  for (const LimitCheck& check : comparison.limits) suite.cases.push_back(case_of(check));
  for (const RelativeCheck& check : comparison.checks) suite.cases.push_back(case_of(check, comparison));
  if (suite.cases.empty()) {
    JUnitCase measured;
    measured.class_name = "textlambda";
    measured.name = "evaluation";
    measured.details = fmt::format("accuracy {} of {}", share_text(report.evaluation.metrics.accuracy),
                                   text::counted(report.evaluation.metrics.n, "example"));
    suite.cases.push_back(measured);
  }
  return to_junit(suite);
}

}  // namespace textlambda::report
