// What looks like a format that is read and is none: refused by its name, with what makes it one. Pure, thread-safe.
#pragma once

#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {

// Throws Error(input_output) for JSON arrays and for Python's dictionaries, one a line: their commas make them look
// like CSV.
void refuse_foreign(const Sample& sample);

}  // namespace textlambda::corpus
