// A gate run as GitHub-flavoured Markdown: for a comment on a pull request, a job summary, a chat.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

// Verdict, checks, the labels that fell most, newly wrong examples folded away. Everything from a corpus stands in code
// spans: it cannot format, link or mention. Below kMostMarkdown bytes: GitHub takes job summaries up to 1 MiB and
// comments up to 65,536 characters; what does not fit is counted.
std::string to_markdown(const Report& report);

inline constexpr std::size_t kMostMarkdown = 60000;

}  // namespace textlambda::report
