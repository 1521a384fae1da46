// Workflow commands that GitHub Actions turns into annotations of a run and of the files of a pull request. Source:
// GitHub's documentation "Workflow commands for GitHub Actions"; a step shows ten annotations of each type.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

inline constexpr std::size_t kAnnotationsOfAType = 10;

// A line a command. Errors: checks that fail. Warnings: inconclusive checks, and what the run warns about. Notices: the
// verdict where it is a good one, and newly wrong rows at their line of the test set. Of each type the nine worst, and
// a tenth that counts the others.
std::string to_github(const Report& report);

}  // namespace textlambda::report
