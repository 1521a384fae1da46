// Where the programs are that come with the commands and are not called by name: the bootstrap, the probe.
#pragma once

#include <string>

namespace textlambda::command {

// In a build tree it is beside the commands, another architecture's in a tree of its own; installed, both are in a
// folder of programs that are not called by name. `other_architecture`: "arm64" or "x86_64" where it is not for this
// machine, else empty. Throws Error(input_output) that says where it was looked for.
std::string find_program(const std::string& name, const std::string& other_architecture = "");

// The program of a function of ours: bootstrap for "serve", bootstrap-s3 for "serve-s3", which serves models from s3://
// too, bootstrap-retrain for "retrain".
std::string bootstrap_name(const std::string& function);

}  // namespace textlambda::command
