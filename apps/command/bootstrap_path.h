// Where the bootstrap is that comes with the commands.
#pragma once

#include <string>

namespace textlambda::command {

// In a build tree it is beside the commands, another architecture's in a tree of its own; installed, both are in a
// folder of programs that are not called by name. `other_architecture`: "arm64" or "x86_64" where it is not for this
// machine, else empty. Throws Error(input_output) that says where it was looked for.
std::string find_bootstrap(const std::string& other_architecture = "");

}  // namespace textlambda::command
