#include "evaluate/github_job.h"

#include <cstdlib>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

namespace textlambda::command {

bool in_github_job() {
  const char* actions = std::getenv("GITHUB_ACTIONS");
  return actions != nullptr && std::string_view(actions) == "true";
}

void tell_github(const Command& command, const std::string& workflow_commands, const std::string& markdown) {
  if (!in_github_job()) return;
  // The runner reads commands from both streams: results stay alone on stdout.
  say(workflow_commands);
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (summary == nullptr || *summary == '\0') return;
  std::ofstream file(summary, std::ios::binary | std::ios::app);
  file << markdown;
  if (!file.flush()) command.note(fmt::format("{}: cannot write the job's summary", summary));
}

}  // namespace textlambda::command
