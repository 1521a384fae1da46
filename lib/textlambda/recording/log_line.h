// A function's log as it is exported: recordings and events in lines that other things stand in too. A line may begin
// with a time stamp, as `aws logs tail`, exports to S3 and Lambda's own runtimes write it; a CloudWatch Logs answer or
// delivery ({"events": [{"message": …}]}, {"logEvents": […]}) is taken apart. Pure functions, thread-safe.
#pragma once

#include <functional>
#include <string_view>

namespace textlambda::recording {

// True for a line that only a log has: Lambda's START, END, REPORT and INIT_START, its JSON "platform." lines, or JSON
// behind a time stamp.
bool is_log_line(std::string_view line);

// Calls `found` with each recording or event in `line` and returns how many there were. `pointer` (RFC 6901) says where
// in the line's JSON object it is: an object or array, or a string that holds one. With "" the line itself is meant;
// then, and where the pointer leads nowhere, only what is marked as a recording counts, since any log line may be JSON.
std::size_t unwrap(std::string_view line, std::string_view pointer,
                   const std::function<void(std::string_view json)>& found);

}  // namespace textlambda::recording
