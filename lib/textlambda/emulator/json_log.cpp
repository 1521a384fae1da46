#include "textlambda/emulator/json_log.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/emulator/billing.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::emulator {
namespace {

// In the order in which members are added.
using Record = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kStatusNames = {"success", "error", "timeout", "failure"};

std::string_view status_name(PlatformStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }

// To the microsecond, as the service has them.
double rounded_ms(std::chrono::nanoseconds time) {
  return std::round(static_cast<double>(time.count()) / 1000.0) / 1000.0;
}

std::string event_line(std::string_view type, Record record, WallTime time) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  const Record event = {{"time", text::rfc3339(since.count())}, {"type", type}, {"record", std::move(record)}};
  return event.dump(-1, ' ', false, Record::error_handler_t::replace) + "\n";
}

void add_status(Record& record, PlatformStatus status, const std::string& error_type) {
  record["status"] = status_name(status);
  if (!error_type.empty()) record["errorType"] = error_type;
}

void add_tracing(Record& record, const std::string& trace_id) {
  if (trace_id.find("Sampled=1") == std::string::npos) return;
  record["tracing"] = {{"type", "X-Amzn-Trace-Id"}, {"value", trace_id}};
}

Record init_record(const PlatformInit& init) {
  return {{"initializationType", init.initialization_type}, {"phase", "init"}};
}

SystemLogLevel worse_than(SystemLogLevel usual, PlatformStatus status) {
  return status == PlatformStatus::success ? usual : SystemLogLevel::warn;
}

}  // namespace

std::string init_start_event(const PlatformInit& init, WallTime time) {
  Record record = init_record(init);
  record["functionName"] = init.function_name;
  record["functionVersion"] = init.version;
  if (!init.instance_id.empty()) record["instanceId"] = init.instance_id;
  record["instanceMaxMemory"] = std::uint64_t{init.memory_mb} << 20;
  return event_line("platform.initStart", std::move(record), time);
}

std::string init_runtime_done_event(const PlatformInit& init, WallTime time) {
  Record record = init_record(init);
  add_status(record, init.status, init.error_type);
  return event_line("platform.initRuntimeDone", std::move(record), time);
}

std::string init_report_event(const PlatformInit& init, WallTime time) {
  Record record = init_record(init);
  add_status(record, init.status, init.error_type);
  record["metrics"] = {{"durationMs", rounded_ms(init.duration)}};
  return event_line("platform.initReport", std::move(record), time);
}

std::string start_event(const PlatformInvocation& invocation, WallTime time) {
  Record record = {{"requestId", invocation.request_id}};
  if (!invocation.function_arn.empty()) record["functionArn"] = invocation.function_arn;
  record["version"] = invocation.version;
  if (!invocation.tenant_id.empty()) record["tenantId"] = invocation.tenant_id;
  add_tracing(record, invocation.trace_id);
  return event_line("platform.start", std::move(record), time);
}

std::string runtime_done_event(const PlatformInvocation& invocation, WallTime time) {
  Record record = {{"requestId", invocation.request_id}};
  add_status(record, invocation.status, invocation.error_type);
  add_tracing(record, invocation.trace_id);
  record["metrics"] = {{"durationMs", rounded_ms(invocation.duration)}, {"producedBytes", invocation.produced_bytes}};
  return event_line("platform.runtimeDone", std::move(record), time);
}

std::string report_event(const PlatformInvocation& invocation, WallTime time) {
  constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
  Record metrics = {
      {"durationMs", rounded_ms(invocation.duration)},
      {"billedDurationMs", billed_duration(invocation.duration, invocation.init).count()},
      {"memorySizeMB", invocation.memory_mb},
      {"maxMemoryUsedMB", std::max<std::uint64_t>(1, (invocation.peak_bytes + kMegabyte - 1) / kMegabyte)}};
  if (invocation.init.count() > 0) metrics["initDurationMs"] = rounded_ms(invocation.init);
  Record record = {{"requestId", invocation.request_id}, {"metrics", std::move(metrics)}};
  add_tracing(record, invocation.trace_id);
  add_status(record, invocation.status, invocation.error_type);
  return event_line("platform.report", std::move(record), time);
}

SystemLogLevel level_of_report(PlatformStatus status) { return worse_than(SystemLogLevel::info, status); }
SystemLogLevel level_of_done(PlatformStatus status) { return worse_than(SystemLogLevel::debug, status); }

}  // namespace textlambda::emulator
