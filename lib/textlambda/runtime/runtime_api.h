// The client of Lambda's Runtime API: where a function's process fetches its work and delivers the answers.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// One connection, kept open. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/http/client.h"
#include "textlambda/lambda/invocation.h"

namespace textlambda::runtime {

// What the API said to a delivery.
struct Receipt {
  unsigned status = 0;
  std::string reason;  // one line, where it was not taken

  bool taken() const { return status >= 200 && status < 300; }
};

class RuntimeApi {
 public:
  // `address` is the value of AWS_LAMBDA_RUNTIME_API: HOST:PORT with an IP address or localhost, and where the host of
  // several functions tells them apart by it, with a path. `interrupt`: a file descriptor that ends a wait for work
  // once it can be read, -1 for none. Throws Error(usage) or Error(input_output).
  explicit RuntimeApi(std::string_view address, int interrupt = -1);

  // Waits for an invocation, as long as it takes; null once interrupted. Valid until the next call. All of these throw
  // Error(input_output) when the API cannot be reached, breaks the protocol, or says by a status of 500 or more that
  // this process has to end.
  const lambda::Invocation* next();
  Receipt respond(const lambda::Invocation& invocation, std::string_view body);
  // `body` is as protocol::error_body() has it.
  Receipt fail(const lambda::Invocation& invocation, std::string_view error_type, std::string_view body);
  // Instead of the first next(), when there will be none.
  Receipt fail_to_start(std::string_view error_type, std::string_view message);

 private:
  Receipt deliver(const http::Request& request);

  std::string host_;
  int interrupt_;
  http::Client client_;
  std::string event_;
  lambda::Invocation invocation_;
};

}  // namespace textlambda::runtime
