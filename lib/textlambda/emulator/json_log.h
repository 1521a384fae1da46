// The events of the platform around an invocation as a function with LogFormat JSON has them in its log, a line each,
// newline included: what START, END and REPORT are in plain text. A function's own lines stand between them as they
// are, JSON or not. Members stand in the order in which the service writes them; of the optional ones those are left
// out that only the service knows: `runtimeVersion`, `runtimeVersionArn`, `spans`, and the `spanId` of a trace.
// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
// Pure functions, thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace textlambda::emulator {

enum class PlatformStatus {
  success,
  error,    // the function reported one, or its process ended
  timeout,  // killed after its time
  failure,  // the platform's own: the function was never reached
};

// What SystemLogLevel compares with; more detail to the left.
enum class SystemLogLevel { debug, info, warn };

// The initialisation of an execution environment.
struct PlatformInit {
  std::string function_name;
  std::string version = "$LATEST";
  std::string instance_id;  // the name of its log stream
  unsigned memory_mb = 128;
  // As the environment variable AWS_LAMBDA_INITIALIZATION_TYPE says.
  std::string initialization_type = "on-demand";
  // Of initRuntimeDone and initReport.
  PlatformStatus status = PlatformStatus::success;
  std::string error_type;  // empty: none
  std::chrono::nanoseconds duration{};
};

struct PlatformInvocation {
  std::string request_id;
  std::string function_arn;
  std::string version = "$LATEST";
  std::string tenant_id;  // empty: none
  std::string trace_id;   // as the header has it; told where it says Sampled=1
  // Of runtimeDone and report.
  PlatformStatus status = PlatformStatus::success;
  std::string error_type;  // empty: none
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds init{};  // 0 where it was warm
  std::uint64_t produced_bytes = 0;
  std::uint64_t peak_bytes = 0;
  unsigned memory_mb = 128;
};

using WallTime = std::chrono::system_clock::time_point;

std::string init_start_event(const PlatformInit& init, WallTime time);
// The runtime asked for its first event, or will not any more.
std::string init_runtime_done_event(const PlatformInit& init, WallTime time);
std::string init_report_event(const PlatformInit& init, WallTime time);
std::string start_event(const PlatformInvocation& invocation, WallTime time);
std::string runtime_done_event(const PlatformInvocation& invocation, WallTime time);
// Times in milliseconds with up to three decimals; billed by billed_duration(); memory as REPORT has it, in MB rounded
// up, 1 at least.
std::string report_event(const PlatformInvocation& invocation, WallTime time);

// The level at which the service writes an event. Start and initStart: info; report: info, warn where the status is not
// success; the others: debug, warn where it is not.
SystemLogLevel level_of_report(PlatformStatus status);
SystemLogLevel level_of_done(PlatformStatus status);  // runtimeDone, initRuntimeDone, initReport

}  // namespace textlambda::emulator
