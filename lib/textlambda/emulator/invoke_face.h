// The Invoke API, as the aws CLI and the SDKs call it. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/lambda_service.h"

namespace textlambda::emulator {

// Lambda's limits to an event, in bytes.
inline constexpr std::uint64_t kMostEventBytes = 6'291'456;
inline constexpr std::uint64_t kMostAsynchronousEventBytes = 1'048'576;

class InvokeFace {
 public:
  // Both have to outlive it.
  InvokeFace(LambdaService& service, const Registry& registry) : service_(service), registry_(registry) {}

  // Whether the path is that of an invocation: of its own kind, InvokeAsync, or with a streamed answer.
  static bool owns(std::string_view target);
  // Of a request whose body was read up to kMostEventBytes. Errors are answers.
  Awaitable<ServerResponse> answer(ServerRequest request);

 private:
  Awaitable<ServerResponse> invoke(const ServerRequest& request, Invocation invocation);
  Awaitable<ServerResponse> invoke_streaming(const ServerRequest& request, Resolved target, Invocation invocation);

  LambdaService& service_;
  const Registry& registry_;
};

}  // namespace textlambda::emulator
