// The environment of a function's process, as provided.al2023 has it. A pure function, thread-safe.
#pragma once

#include <string>
#include <vector>

namespace textlambda::protocol {

// HOST:PORT of the Runtime API, with a path behind it where a host of several functions tells them apart by it.
inline constexpr const char* kRuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

// How many invocations a process may hold at a time, on Lambda Managed Instances; elsewhere it is not set.
inline constexpr const char* kMaxConcurrencyVariable = "AWS_LAMBDA_MAX_CONCURRENCY";

struct RuntimeProcess {
  std::string runtime_api;  // HOST:PORT, the host an IP address
  std::string task_root;    // the folder that the function was unpacked to
  std::string function_name;
  unsigned memory_mb = 512;
  std::string region = "us-east-1";
  std::string handler = "bootstrap";
  std::string version = "$LATEST";
  std::string log_stream = {};   // empty: the function's name
  unsigned max_concurrency = 1;  // invocations that the process holds at a time; more than one as Managed Instances do
};

// NAME=value each. What Lambda sets besides: credentials, LD_LIBRARY_PATH, and _X_AMZN_TRACE_ID for each invocation.
std::vector<std::string> runtime_environment(const RuntimeProcess& process);

}  // namespace textlambda::protocol
