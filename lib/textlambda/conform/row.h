// The rows of the scorecard: a file a group, a table of rows in each, listed in row_groups(). To add a row: its
// function and its line in the table; docs/conform.md has a line for each, which a test demands.
#pragma once

#include <span>
#include <string_view>

#include "textlambda/conform/judge.h"
#include "textlambda/conform/session.h"

namespace textlambda::conform {

struct Row {
  std::string_view id;      // "group.name"
  std::string_view asks;    // what is asked, in a few words
  std::string_view source;  // a page of documentation, or where the service itself was recorded
  Finding (*ask)(Session& session);
};

// A group is what --only names; the rows of one are asked in their order.
struct RowGroup {
  std::string_view name;
  std::span<const Row> rows;
  bool needs_deploy = false;  // of function management: asked with --deploy alone
};

std::span<const Row> invoke_rows();
std::span<const Row> streaming_rows();
std::span<const Row> http_rows();
std::span<const Row> error_rows();
std::span<const Row> crash_rows();
std::span<const Row> log_rows();
std::span<const Row> environment_rows();
std::span<const Row> runtime_api_rows();
std::span<const Row> concurrency_rows();
std::span<const Row> function_rows();
std::span<const Row> version_rows();
std::span<const Row> url_rows();
std::span<const Row> batch_rows();

// All of them, in the order in which they are asked: those that end processes after those that look at them.
std::span<const RowGroup> row_groups();

// Where the rows are from.
namespace source {
inline constexpr std::string_view kInvoke = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html";
inline constexpr std::string_view kQuotas = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";
inline constexpr std::string_view kRuntimeApi = "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html";
inline constexpr std::string_view kRuntimeEnvironment =
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html";
inline constexpr std::string_view kVariables =
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html";
inline constexpr std::string_view kConcurrency =
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html";
inline constexpr std::string_view kLogs = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html";
inline constexpr std::string_view kTenants =
    "https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-invoke.html";
inline constexpr std::string_view kAsynchronous = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html";
inline constexpr std::string_view kHttp = "https://www.rfc-editor.org/rfc/rfc9112";
// LocalStack's snapshots, answers of the service itself: tests/aws/services/lambda_/*.snapshot.json.
inline constexpr std::string_view kRecorded =
    "https://github.com/localstack/localstack/tree/main/tests/aws/services/lambda_";
// The state machine of the service's own Runtime API, which AWS publishes within its emulator.
inline constexpr std::string_view kRapid = "https://github.com/aws/aws-lambda-runtime-interface-emulator";
}  // namespace source

}  // namespace textlambda::conform
