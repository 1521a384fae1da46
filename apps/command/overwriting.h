// An output that would take the place of what the same run reads. Thread-safe.
#pragma once

#include <string>
#include <vector>

namespace textlambda::command {

// Whether two paths mean one file, however they are spelt and whether or not it is there yet. "-" is only itself.
bool same_file(const std::string& one, const std::string& other);

// Throws Error(usage), named for what the output is ("--out"), where it is one of the inputs. "-" and "" are no files.
void refuse_overwriting(const std::string& option, const std::string& output, const std::vector<std::string>& inputs);

}  // namespace textlambda::command
