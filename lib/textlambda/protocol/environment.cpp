#include "textlambda/protocol/environment.h"

namespace textlambda::protocol {

std::vector<std::string> runtime_environment(const RuntimeProcess& process) {
  const bool shared = process.max_concurrency > 1;
  std::vector<std::string> variables = {
      std::string(kRuntimeApiVariable) + "=" + process.runtime_api,
      "LAMBDA_TASK_ROOT=" + process.task_root,
      "LAMBDA_RUNTIME_DIR=/var/runtime",
      "_HANDLER=" + process.handler,
      "AWS_REGION=" + process.region,
      "AWS_DEFAULT_REGION=" + process.region,
      "AWS_LAMBDA_FUNCTION_NAME=" + process.function_name,
      "AWS_LAMBDA_FUNCTION_VERSION=" + process.version,
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + std::to_string(process.memory_mb),
      std::string("AWS_LAMBDA_INITIALIZATION_TYPE=") + (shared ? "lambda-managed-instances" : "on-demand"),
      "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + process.function_name,
      "AWS_LAMBDA_LOG_STREAM_NAME=" + (process.log_stream.empty() ? process.function_name : process.log_stream),
      "TZ=:UTC",
      "LANG=en_US.UTF-8",
      "PATH=/usr/local/bin:/usr/bin/:/bin:/opt/bin"};
  if (shared) variables.push_back(std::string(kMaxConcurrencyVariable) + "=" + std::to_string(process.max_concurrency));
  return variables;
}

}  // namespace textlambda::protocol
