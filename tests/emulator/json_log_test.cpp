// The platform's events, against lines that functions on AWS have in their logs, and AWS's own examples.
#include "textlambda/emulator/json_log.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace textlambda::emulator;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

// date -u -d 2026-10-08T06:53:45Z +%s: 1791442425
const WallTime kMoment{milliseconds(1'791'442'425'183)};

PlatformInvocation warm_invocation() {
  PlatformInvocation invocation;
  invocation.request_id = "a45d720c-3e8e-4748-b9c1-56ab2ea95229";
  invocation.function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:skill";
  invocation.memory_mb = 256;
  return invocation;
}

}  // namespace

TEST_CASE("platform.initStart") {
  PlatformInit init;
  init.function_name = "skill";
  init.instance_id = "2026/10/08/skill[$LATEST]829a781a0b594522bd016a7faa31f35e";
  init.memory_mb = 256;
  CHECK(init_start_event(init, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.initStart","record":{"initializationType":"on-demand",)"
        R"("phase":"init","functionName":"skill","functionVersion":"$LATEST",)"
        R"("instanceId":"2026/10/08/skill[$LATEST]829a781a0b594522bd016a7faa31f35e","instanceMaxMemory":268435456}})"
        "\n");
}

TEST_CASE("the end of an initialisation") {
  PlatformInit init;
  CHECK(init_runtime_done_event(init, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.initRuntimeDone","record":)"
        R"({"initializationType":"on-demand","phase":"init","status":"success"}})"
        "\n");
  init.duration = microseconds(173'778);
  CHECK(init_report_event(init, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.initReport","record":)"
        R"({"initializationType":"on-demand","phase":"init","status":"success","metrics":{"durationMs":173.778}}})"
        "\n");
  init.status = PlatformStatus::error;
  init.error_type = "Runtime.ExitError";
  init.duration = microseconds(10'000'487);
  CHECK(init_report_event(init, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.initReport","record":)"
        R"({"initializationType":"on-demand","phase":"init","status":"error","errorType":"Runtime.ExitError",)"
        R"("metrics":{"durationMs":10000.487}}})"
        "\n");
}

TEST_CASE("platform.start") {
  PlatformInvocation one = warm_invocation();
  CHECK(start_event(one, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.start","record":)"
        R"({"requestId":"a45d720c-3e8e-4748-b9c1-56ab2ea95229",)"
        R"("functionArn":"arn:aws:lambda:eu-west-1:123456789012:function:skill","version":"$LATEST"}})"
        "\n");
  one.tenant_id = "blue \"1\"";
  one.version = "7";
  const std::string sampled = "Root=1-62e900b2-710d76f009d6e7785905449a;Parent=0efbd19962d95b05;Sampled=1";
  one.trace_id = sampled;
  const auto record = nlohmann::json::parse(start_event(one, kMoment))["record"];
  CHECK(record["tenantId"] == "blue \"1\"");
  CHECK(record["version"] == "7");
  CHECK(record["tracing"] == nlohmann::json({{"type", "X-Amzn-Trace-Id"}, {"value", sampled}}));
}

TEST_CASE("platform.runtimeDone") {
  PlatformInvocation one = warm_invocation();
  one.duration = microseconds(11'185);
  one.produced_bytes = 40;
  one.trace_id = "Root=1-62e900b2-710d76f009d6e7785905449a;Parent=0efbd19962d95b05;Sampled=0";
  CHECK(runtime_done_event(one, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.runtimeDone","record":)"
        R"({"requestId":"a45d720c-3e8e-4748-b9c1-56ab2ea95229","status":"success",)"
        R"("metrics":{"durationMs":11.185,"producedBytes":40}}})"
        "\n");
}

TEST_CASE("platform.report") {
  PlatformInvocation one = warm_invocation();
  one.duration = microseconds(3'923'569);
  one.init = microseconds(145'399);
  one.peak_bytes = (117U << 20) + 1;
  CHECK(report_event(one, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.report","record":)"
        R"({"requestId":"a45d720c-3e8e-4748-b9c1-56ab2ea95229","metrics":{"durationMs":3923.569,)"
        R"("billedDurationMs":4069,"memorySizeMB":256,"maxMemoryUsedMB":118,"initDurationMs":145.399},)"
        R"("status":"success"}})"
        "\n");
  one.duration = milliseconds(3000);
  one.init = {};
  one.peak_bytes = 0;
  one.status = PlatformStatus::timeout;
  one.error_type = "Sandbox.Timedout";
  CHECK(report_event(one, kMoment) ==
        R"({"time":"2026-10-08T06:53:45.183Z","type":"platform.report","record":)"
        R"({"requestId":"a45d720c-3e8e-4748-b9c1-56ab2ea95229","metrics":{"durationMs":3000.0,)"
        R"("billedDurationMs":3000,"memorySizeMB":256,"maxMemoryUsedMB":1},"status":"timeout",)"
        R"("errorType":"Sandbox.Timedout"}})"
        "\n");
}

TEST_CASE("one line, whatever is in it") {
  PlatformInvocation one = warm_invocation();
  one.status = PlatformStatus::failure;
  one.error_type = "a\nb\xFF";
  const std::string line = report_event(one, kMoment);
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(nlohmann::json::parse(line)["record"]["errorType"] == "a\nb\xEF\xBF\xBD");
  CHECK(nlohmann::json::parse(line)["record"]["status"] == "failure");
}

TEST_CASE("levels of system logs") {
  CHECK(level_of_report(PlatformStatus::success) == SystemLogLevel::info);
  CHECK(level_of_report(PlatformStatus::timeout) == SystemLogLevel::warn);
  CHECK(level_of_done(PlatformStatus::success) == SystemLogLevel::debug);
  CHECK(level_of_done(PlatformStatus::error) == SystemLogLevel::warn);
}
