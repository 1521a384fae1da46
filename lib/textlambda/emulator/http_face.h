// A function, or an alias of one, behind HTTP: as its function URL, an API of API Gateway or a load balancer would put
// it there. Not thread-safe: all on one io_context that one thread runs.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/gateway.h"
#include "textlambda/signing/signature_v4.h"

namespace textlambda::emulator {

struct HttpFaceConfig {
  GatewayConfig gateway;
  // AWS_IAM: requests are signed with one of `keys`, for the service lambda of a function URL and execute-api of an
  // API. A load balancer asks nobody.
  bool iam = false;
  std::vector<signing::Credentials> keys;
  // Instead of the kind's own; see integration_timeout(). A function that takes longer goes on, unheard.
  std::optional<std::chrono::milliseconds> timeout = {};
  std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

// A call of the function, under the ids that the event has.
struct FunctionCall {
  std::string event;
  std::string request_id;
  std::string trace_id;
  bool streaming = false;  // an answer that the function streams is wanted as it comes
};
// What became of it; of an answer that comes as it is streamed `body` has what has come, its metadata among it, and
// `pieces` what follows.
struct CallOutcome : GatewayOutcome {
  CallOutcome() = default;
  CallOutcome(GatewayOutcome whole) : GatewayOutcome(std::move(whole)) {}  // NOLINT(google-explicit-constructor)

  std::function<Awaitable<BodyPiece>()> pieces;
};
using CallFunction = std::function<Awaitable<CallOutcome>(FunctionCall call)>;

class HttpFace {
 public:
  // `context` has to outlive it. What `call` throws is passed on to who asked.
  HttpFace(asio::io_context& context, HttpFaceConfig config, CallFunction call);

  // Of a request whose body was read up to kMostGatewayEventBytes. `source_ip` is the client's address.
  Awaitable<ServerResponse> answer(ServerRequest request, std::string source_ip);

  const HttpFaceConfig& config() const { return config_; }

 private:
  std::optional<http::Response> refuse(const ServerRequest& request, Arrival& arrival) const;
  Awaitable<std::optional<CallOutcome>> call(FunctionCall call);

  asio::io_context& context_;
  HttpFaceConfig config_;
  std::shared_ptr<const CallFunction> call_;
};

}  // namespace textlambda::emulator
