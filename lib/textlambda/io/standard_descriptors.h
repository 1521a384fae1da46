// Descriptors 0, 1 and 2 of a process that was started without them.
#pragma once

namespace textlambda::io {

// Opens /dev/null for each that is closed, so that no file or socket of the process becomes its standard output: the
// wrong way round, which keeps reading and writing them the error that it was. First of all in main().
void open_standard_descriptors() noexcept;

}  // namespace textlambda::io
