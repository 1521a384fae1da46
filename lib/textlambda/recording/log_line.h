// A function's log as it is exported: recordings and events in lines that other things stand in too. A line may begin
// with a time stamp, as `aws logs tail`, exports to S3 and Lambda's own runtimes write it, or with the stream's name
// and a time stamp, as `sam logs` does; what holds messages of a log (log_export.h) is taken apart. Pure functions,
// thread-safe.
#pragma once

#include <functional>
#include <string_view>

namespace textlambda::recording {

// True for a line that only a log has: Lambda's START, END, REPORT and INIT_START, its JSON lines ("platform." of its
// own; a function's with time stamp, level, message and request id), embedded metrics, or JSON behind a time stamp.
bool is_log_line(std::string_view line);

// A recording as the bootstrap logs it, with the invocation's id and the model's.
bool is_capture(std::string_view json);

// Calls `found` with each recording or event in `line` and returns how many there were. `pointer` (RFC 6901) says where
// in the line's JSON object it is: an object or array, or a string that holds one. With "" the line itself is meant;
// then, and where the pointer leads nowhere, only what is marked as a recording counts, since any log line may be JSON.
std::size_t unwrap(std::string_view line, std::string_view pointer,
                   const std::function<void(std::string_view json)>& found);

}  // namespace textlambda::recording
