// An output that would take the place of what the same run reads, or of another output. Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace textlambda::command {

// Throws Error(usage), named for what the output is ("--out"), where it is one of the inputs, however the two are
// spelt: also through links, symbolic and hard, and where standard output was sent there. "" is no file; "-" among the
// inputs neither.
void refuse_overwriting(const std::string& option, const std::string& output, const std::vector<std::string>& inputs);

// An option that names an output, and the file.
using Output = std::pair<std::string, std::string>;

// Throws Error(usage) where two of them would be the same file.
void keep_apart(const std::vector<Output>& outputs);

}  // namespace textlambda::command
