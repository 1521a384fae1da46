// What a job of GitHub Actions is told beside the command's own output.
#pragma once

#include <string>

#include "command/command.h"

namespace textlambda::command {

bool in_github_job();

// Where GitHub runs it, says the workflow commands and appends a page to the job's summary.
void tell_github(const Command& command, const std::string& workflow_commands, const std::string& markdown);

}  // namespace textlambda::command
