#include "textlambda/report/junit_xml.h"

#include <algorithm>

#include <fmt/format.h>

#include "textlambda/report/escape.h"

namespace textlambda::report {
namespace {

using Outcome = JUnitCase::Outcome;

std::string element(const JUnitCase& test) {
  std::string line =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escape_xml(test.class_name), escape_xml(test.name));
  if (!test.file.empty()) line += fmt::format(" file=\"{}\"", escape_xml(test.file));
  if (test.outcome == Outcome::passed) {
    if (test.details.empty()) return line + "/>\n";
    return line + fmt::format(">\n      <system-out>{}</system-out>\n    </testcase>\n", escape_xml(test.details));
  }
  const char* kind = test.outcome == Outcome::failed ? "failure" : test.outcome == Outcome::error ? "error" : "skipped";
  line += fmt::format(">\n      <{} message=\"{}\"", kind, escape_xml(test.message));
  line += test.details.empty() ? "/>\n" : fmt::format(">{}</{}>\n", escape_xml(test.details), kind);
  return line + "    </testcase>\n";
}

}  // namespace

std::string to_junit(const JUnitSuite& suite) {
  const auto count = [&](Outcome outcome) {
    return std::count_if(suite.cases.begin(), suite.cases.end(),
                         [&](const JUnitCase& test) { return test.outcome == outcome; });
  };
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", suite.cases.size(),
                  count(Outcome::failed), count(Outcome::error), count(Outcome::skipped));
  const std::string name = escape_xml(suite.name);
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format("<testsuites name=\"{}\" {}>\n  <testsuite name=\"{}\" {}>\n", name, counts, name, counts);
  for (const JUnitCase& test : suite.cases) xml += element(test);
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace textlambda::report
