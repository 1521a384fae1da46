// Where a command puts what is gone when it ends.
#pragma once

#include <string>

namespace textlambda::command {

// What TMPDIR, TMP, TEMP or TEMPDIR names, else /tmp. Throws Error(input_output) where that is no folder.
std::string temporary_folder();

}  // namespace textlambda::command
