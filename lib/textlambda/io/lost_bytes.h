// What becomes of a process whose mapped input is cut off, or whose disk fails, while it is read: a line that names the
// file, in place of a death by SIGBUS.
#pragma once

#include <string>

namespace textlambda::io {

// From now on "PROGRAM: FILE: was cut off, …" on standard error, what is pending removed (pending_files.h), and the
// process ends with `status`. Where the address is in no mapped file (mapped_file.h), SIGBUS is what it was. For
// main(), once.
void end_on_lost_bytes(const std::string& program, int status);

}  // namespace textlambda::io
