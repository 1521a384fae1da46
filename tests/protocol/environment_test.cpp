#include "textlambda/protocol/environment.h"

#include "tests/catch.h"

namespace textlambda::protocol {
namespace {

TEST_CASE("the environment of provided.al2023") {
  const std::vector<std::string> expected = {"AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001",
                                             "LAMBDA_TASK_ROOT=/var/task",
                                             "LAMBDA_RUNTIME_DIR=/var/runtime",
                                             "_HANDLER=bootstrap",
                                             "AWS_REGION=eu-west-1",
                                             "AWS_DEFAULT_REGION=eu-west-1",
                                             "AWS_LAMBDA_FUNCTION_NAME=f",
                                             "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                                             "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                                             "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
                                             "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/f",
                                             "AWS_LAMBDA_LOG_STREAM_NAME=f",
                                             "TZ=:UTC",
                                             "LANG=en_US.UTF-8",
                                             "PATH=/usr/local/bin:/usr/bin/:/bin:/opt/bin"};
  CHECK(runtime_environment({.runtime_api = "127.0.0.1:9001",
                             .task_root = "/var/task",
                             .function_name = "f",
                             .memory_mb = 128,
                             .region = "eu-west-1"}) == expected);
}

TEST_CASE("where nothing else is said: 512 MB in us-east-1") {
  const std::vector<std::string> environment =
      runtime_environment({.runtime_api = "127.0.0.1:1", .task_root = "/f", .function_name = "f"});
  CHECK(environment.at(4) == "AWS_REGION=us-east-1");
  CHECK(environment.at(8) == "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512");
}

}  // namespace
}  // namespace textlambda::protocol
