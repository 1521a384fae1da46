// A JUnit XML document, as Jenkins, GitLab and GitHub's test reporters read it (there is no standard; this is the
// common core of the Ant task's schema and what those three document). Any bytes are fine in every field. Plain values.
#pragma once

#include <string>
#include <vector>

namespace textlambda::report {

struct JUnitCase {
  enum class Outcome { passed, failed, error, skipped };

  std::string class_name;  // groups cases in every viewer
  std::string name;
  std::string file;  // may be empty
  Outcome outcome = Outcome::passed;
  std::string message;  // one line: why, where not passed
  std::string details;  // shown beneath; may be empty
};

struct JUnitSuite {
  std::string name;
  std::vector<JUnitCase> cases;
};

// No times: the same input gives the same bytes.
std::string to_junit(const JUnitSuite& suite);

}  // namespace textlambda::report
