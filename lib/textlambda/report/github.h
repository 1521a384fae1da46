// Workflow commands that GitHub Actions turns into annotations of a run and of the files of a pull request. Source:
// GitHub's documentation "Workflow commands for GitHub Actions"; a step shows ten annotations of each type.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "textlambda/report/report.h"

namespace textlambda::report {

inline constexpr std::size_t kAnnotationsOfAType = 10;

struct Annotation {
  std::string title;
  std::string message;
  corpus::Location location;  // a file may be missing
};

// One line; `type` is error, warning or notice.
std::string workflow_command(std::string_view type, const Annotation& annotation);

// A line a command. Errors: checks that fail. Warnings: inconclusive checks, and what the run warns about. Notices: the
// verdict where it is a good one, and newly wrong rows at their line of the test set. Of each type the nine worst, and
// a tenth that counts the others.
std::string to_github(const Report& report);

}  // namespace textlambda::report
