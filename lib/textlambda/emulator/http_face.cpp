#include "textlambda/emulator/http_face.h"

#include <exception>
#include <utility>

#include "textlambda/emulator/function_url_cors.h"
#include "textlambda/emulator/gateway_event.h"
#include "textlambda/emulator/gateway_response.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/signing/verification.h"

namespace textlambda::emulator {
namespace {

// A call that somebody waits for, or nobody any more.
struct Call {
  explicit Call(asio::io_context& context) : done(context) {}

  std::optional<CallOutcome> outcome;
  std::exception_ptr failure;
  Signal done;
};

Awaitable<> run(std::shared_ptr<Call> call, std::shared_ptr<const CallFunction> function, FunctionCall what) {
  try {
    CallOutcome outcome = co_await (*function)(std::move(what));
    call->outcome = std::move(outcome);
  } catch (...) {
    call->failure = std::current_exception();
  }
  call->done.notify();
}

// What API Gateway says of a request that is not signed.
http::Response missing_token(GatewayKind kind, const signing::Verdict& verdict) {
  switch (kind) {
    case GatewayKind::function_url:
      return url_forbidden();
    case GatewayKind::http_api:
    case GatewayKind::http_api_v1:
      return {.status = 403, .headers = {{"Content-Type", "application/json"}}, .body = R"({"message":"Forbidden"})"};
    case GatewayKind::rest_api:
    case GatewayKind::load_balancer:
      break;
  }
  return signing::refusal(verdict);
}

// Clients of a proxy name the host in front of the path (RFC 9112, section 3.2.2).
std::string origin_form(std::string target) {
  const std::size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string::npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  if (path == std::string::npos) return "/";
  return (target[path] == '?' ? "/" : "") + target.substr(path);
}

bool asks_for_upgrade(const ServerRequest& request) {
  return !request.header("Upgrade").empty() &&
         http::lower_case(request.header("Connection")).find("upgrade") != std::string::npos;
}

bool is_too_large(GatewayKind kind, const ServerRequest& request) {
  return request.body_too_large || (kind == GatewayKind::load_balancer && request.body.size() > kMostLoadBalancerBytes);
}

}  // namespace

HttpFace::HttpFace(asio::io_context& context, HttpFaceConfig config, CallFunction call)
    : context_(context), config_(std::move(config)), call_(std::make_shared<const CallFunction>(std::move(call))) {
  if (!config_.timeout) config_.timeout = integration_timeout(config_.gateway.kind);
}

Awaitable<ServerResponse> HttpFace::answer(ServerRequest request, std::string source_ip) {
  const GatewayConfig& gateway = config_.gateway;
  request.target = origin_form(std::move(request.target));
  const auto now = config_.now();
  Arrival arrival{
      .request_id = new_uuid(), .trace_id = new_trace_root(now), .source_ip = std::move(source_ip), .time = now};
  if (const std::string_view trace = request.header("X-Amzn-Trace-Id"); trace.starts_with("Root=")) {
    arrival.trace_id = trace;
  }
  if (std::optional<http::Response> refusal = refuse(request, arrival)) co_return std::move(*refusal);
  std::string event = gateway_event(gateway, request, arrival);
  if (event.size() > kMostGatewayEventBytes) {
    co_return gateway_fault(gateway, request, arrival, GatewayFault::too_large);
  }
  request.body.clear();  // it stands in the event
  FunctionCall wanted;
  wanted.event = std::move(event);
  wanted.request_id = arrival.request_id;
  wanted.trace_id = arrival.trace_id;
  wanted.streaming = gateway.response_stream;
  std::optional<CallOutcome> outcome = co_await call(std::move(wanted));
  if (!outcome) co_return gateway_fault(gateway, request, arrival, GatewayFault::too_late);
  ServerResponse response = gateway_response(gateway, request, arrival, *outcome);
  if (outcome->pieces && is_taken(gateway, *outcome)) response.pieces = std::move(outcome->pieces);
  co_return response;
}

// What is answered without the function; nothing where it is to be called. Leaves in `arrival` who calls.
std::optional<http::Response> HttpFace::refuse(const ServerRequest& request, Arrival& arrival) const {
  const GatewayConfig& gateway = config_.gateway;
  if (is_too_large(gateway.kind, request)) {
    return gateway_fault(gateway, request, arrival, GatewayFault::too_large);
  }
  if (gateway.kind == GatewayKind::load_balancer) {
    if (!asks_for_upgrade(request)) return std::nullopt;
    return gateway_fault(gateway, request, arrival, GatewayFault::upgrade);
  }
  // A browser never signs its question.
  const bool url = gateway.kind == GatewayKind::function_url;
  if (url && gateway.cors && is_preflight(request)) {
    return finished(gateway, request, arrival, preflight_answer(*gateway.cors, request));
  }
  if (!config_.iam) return std::nullopt;
  const signing::Verdict verdict = signing::verify({request.method, request.target, request.headers, request.body},
                                                   config_.keys, {gateway.region, url ? "lambda" : "execute-api"},
                                                   std::chrono::floor<std::chrono::seconds>(arrival.time));
  if (verdict.fault == signing::Fault::none) {
    arrival.caller = GatewayCaller{verdict.access_key_id};
    return std::nullopt;
  }
  const bool unsigned_request = verdict.fault == signing::Fault::missing_token;
  return finished(gateway, request, arrival,
                  unsigned_request ? missing_token(gateway.kind, verdict) : signing::refusal(verdict));
}

// Nothing where it takes longer than the gateway waits.
Awaitable<std::optional<CallOutcome>> HttpFace::call(FunctionCall call) {
  if (!config_.timeout) {
    CallOutcome outcome = co_await (*call_)(std::move(call));
    co_return std::move(outcome);
  }
  const auto pending = std::make_shared<Call>(context_);
  asio::co_spawn(context_, run(pending, call_, std::move(call)), asio::detached);
  const bool in_time = co_await pending->done.wait_until(Clock::now() + *config_.timeout);
  if (!in_time) co_return std::nullopt;
  if (pending->failure) std::rethrow_exception(pending->failure);
  co_return std::move(pending->outcome);
}

}  // namespace textlambda::emulator
