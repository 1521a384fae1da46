// Where the programs are that come with the commands and are not called by name: the bootstrap, the probe.
#pragma once

#include <string>

namespace textlambda::command {

// In a build tree it is beside the commands, another architecture's in a tree of its own; installed, both are in a
// folder of programs that are not called by name. `other_architecture`: "arm64" or "x86_64" where it is not for this
// machine, else empty. Throws Error(input_output) that says where it was looked for.
std::string find_bootstrap(const std::string& other_architecture = "");
// The same for another program of this machine's architecture.
std::string find_program(const std::string& name);

}  // namespace textlambda::command
