// The git revision of the working directory.
#pragma once

#include <string>

namespace textlambda::command {

// 40 hexadecimal digits (64 in a SHA-256 repository), as `git rev-parse HEAD` has them; empty where there is no git, no
// repository or no commit.
std::string git_revision();

}  // namespace textlambda::command
