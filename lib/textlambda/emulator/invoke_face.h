// The Invoke API, as the aws CLI and the SDKs call it. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "textlambda/emulator/lambda_service.h"
#include "textlambda/emulator/server.h"

namespace textlambda::emulator {

// Lambda's limits to an event, in bytes.
inline constexpr std::uint64_t kMostEventBytes = 6'291'456;
inline constexpr std::uint64_t kMostAsynchronousEventBytes = 1'048'576;

class InvokeFace {
 public:
  // `service` has to outlive it.
  explicit InvokeFace(LambdaService& service) : service_(service) {}

  // Of a request whose body was read up to kMostEventBytes.
  Awaitable<http::Response> answer(ServerRequest request);

 private:
  Awaitable<http::Response> invoke(const ServerRequest& request, const std::string& name);
  http::Response list_functions() const;

  LambdaService& service_;
};

// The function that a path segment names, decoded: a name, NAME:QUALIFIER, an ARN or a partial one, with or without a
// qualifier. Empty names where it is none of these.
struct NamedFunction {
  std::string name;
  std::string qualifier;
};
NamedFunction parse_function_name(const std::string& segment);

}  // namespace textlambda::emulator
