#include "textlambda/emulator/invoke_face.h"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/event_stream.h"
#include "textlambda/emulator/face_response.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/protocol/invoke_api.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

// How a path of the Invoke API begins and ends around the function's name.
struct Route {
  std::string_view prefix;
  std::string_view suffix;
};
constexpr Route kInvoke{"/2015-03-31/functions/", "/invocations"};
constexpr Route kInvokeAsync{"/2014-11-13/functions/", "/invoke-async"};
constexpr Route kInvokeStreaming{"/2021-11-15/functions/", "/response-streaming-invocations"};

// The function's segment, still encoded; empty where the path is another.
std::string_view segment_of(std::string_view target, const Route& route) {
  std::string_view path = target.substr(0, target.find('?'));
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!path.starts_with(route.prefix) || !path.ends_with(route.suffix)) return {};
  if (path.size() <= route.prefix.size() + route.suffix.size()) return {};
  path = path.substr(route.prefix.size(), path.size() - route.prefix.size() - route.suffix.size());
  return path.find('/') == std::string_view::npos ? path : std::string_view();
}

// Why it is no JSON; empty where it is. Built only where it is none: an event may be as large as the limit.
std::string json_fault(const std::string& event) {
  if (Json::accept(event)) return "";
  try {
    const Json built = Json::parse(event);
  } catch (const Json::exception& error) {
    return error.what();
  }
  return "";
}

void demand_size(const ServerRequest& request, std::uint64_t most) {
  if (!request.body_too_large && request.body.size() <= most) return;
  throw ApiError(413, "RequestEntityTooLargeException",
                 fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", most));
}

void read_event(const ServerRequest& request, Invocation& invocation) {
  invocation.event = request.body.empty() ? "{}" : request.body;
  if (const std::string fault = json_fault(invocation.event); !fault.empty()) {
    throw ApiError(400, "InvalidRequestContentException", "Could not parse request body into json: " + fault);
  }
  if (const std::string_view context = request.header(protocol::kInvokeClientContextHeader); !context.empty()) {
    std::string decoded;
    if (!encoding::decode_base64(context, decoded).empty() || !Json::accept(decoded)) {
      throw ApiError(400, "InvalidRequestContentException",
                     "Could not decode the client context: expected JSON in base64");
    }
    invocation.client_context = std::move(decoded);
  }
  if (const std::string_view trace = request.header("X-Amzn-Trace-Id"); trace.starts_with("Root=")) {
    invocation.trace_id = trace;
  }
  invocation.tenant_id = request.header(protocol::kInvokeTenantIdHeader);
}

void demand_tenant(const Function& function, const std::string& tenant_id) {
  if (function.tenants && tenant_id.empty()) {
    throw_invalid_value(
        "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try "
        "again.");
  }
}

http::Response throttled_response() {
  return error_response(429, "TooManyRequestsException",
                        {{"Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"},
                         {"Type", "User"},
                         {"message", "Rate Exceeded."}});
}

bool wants_log(const ServerRequest& request) { return request.header("X-Amz-Log-Type") == "Tail"; }

// An answer that comes as the function streams it, in messages; the last of them says what became of it.
Awaitable<BodyPiece> next_message(std::shared_ptr<LambdaService::Streamed> streamed, bool with_log) {
  BodyPiece piece = co_await streamed->stream->take();
  piece.bytes = piece.last ? complete_message(streamed->result->outcome, with_log) : chunk_message(piece.bytes);
  co_return piece;
}

}  // namespace

bool InvokeFace::owns(std::string_view target) {
  return !segment_of(target, kInvoke).empty() || !segment_of(target, kInvokeAsync).empty() ||
         !segment_of(target, kInvokeStreaming).empty();
}

Awaitable<ServerResponse> InvokeFace::answer(ServerRequest request) {
  Invocation invocation;
  invocation.request_id = new_uuid();
  invocation.trace_id = new_trace_id();
  const std::string request_id = invocation.request_id;
  ServerResponse response;
  std::optional<ApiError> refused;
  try {
    response = co_await invoke(request, std::move(invocation));
  } catch (const ApiError& error) {
    refused = error;
  }
  if (refused) response = error_response(*refused);
  response.headers.push_back({"x-amzn-RequestId", request_id});
  co_return response;
}

Awaitable<ServerResponse> InvokeFace::invoke(const ServerRequest& request, Invocation invocation) {
  if (request.method != "POST") throw ApiError(405, "MethodNotAllowedException", "expected POST");
  const bool streaming = !segment_of(request.target, kInvokeStreaming).empty();
  const bool old_style = !segment_of(request.target, kInvokeAsync).empty();
  const std::string_view segment = segment_of(request.target, streaming   ? kInvokeStreaming
                                                              : old_style ? kInvokeAsync
                                                                          : kInvoke);
  const NamedFunction wanted = named_function(encoding::uri_decoded(segment), request.target);
  const std::optional<Resolved> target = registry_.resolve(wanted.name, wanted.qualifier, new_fraction());
  if (!target) throw_not_found("Function not found: " + registry_.arn(wanted.name, wanted.qualifier));
  const std::string type(old_style ? "Event" : request.header(protocol::kInvocationTypeHeader));
  const bool asynchronous = type == "Event";
  if (!type.empty() && type != "RequestResponse" && type != "DryRun" && !asynchronous) {
    throw_invalid_value("\"" + type + "\" is no invocation type: expected RequestResponse, Event or DryRun");
  }
  demand_size(request, asynchronous ? kMostAsynchronousEventBytes : kMostEventBytes);
  read_event(request, invocation);
  demand_tenant(*target->function, invocation.tenant_id);
  const RegisteredFunction& registered = *registry_.find(wanted.name);
  if (registered.is_new && !registered.is_settled()) {
    throw_conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: Pending");
  }
  const http::Header version{"X-Amz-Executed-Version", target->function->version};
  if (type == "DryRun") co_return http::Response{.status = 204, .headers = {}, .body = {}};
  const http::Header trace{"X-Amzn-Trace-Id", invocation.trace_id};
  const std::string tenant_id = invocation.tenant_id;
  if (asynchronous) {
    if (!service_.enqueue(wanted.name, wanted.qualifier, std::move(invocation))) {
      co_return throttled_response();
    }
    co_return http::Response{.status = 202, .headers = {trace}, .body = old_style ? "{\"Status\":202}" : ""};
  }
  if (streaming) {
    ServerResponse streamed = co_await invoke_streaming(request, *target, std::move(invocation));
    co_return streamed;
  }
  const LambdaService::Result result =
      co_await service_.invoke(*target, std::move(invocation), InvocationKind::request_response);
  if (result.refusal == LambdaService::Refusal::throttled) co_return throttled_response();
  const Outcome& outcome = result.outcome;
  http::Response response{.status = 200, .headers = {version, trace}, .body = {}};
  if (!tenant_id.empty()) response.headers.push_back({std::string(protocol::kInvokeTenantIdHeader), tenant_id});
  response.headers.push_back({"Content-Type", "application/json"});
  if (outcome.function_error) response.headers.push_back({std::string(protocol::kFunctionErrorHeader), "Unhandled"});
  if (wants_log(request)) response.headers.push_back({"X-Amz-Log-Result", encoding::encode_base64(outcome.log)});
  response.body = outcome.body;
  co_return response;
}

// Answered once the function begins its answer, or has failed or answered as a whole.
Awaitable<ServerResponse> InvokeFace::invoke_streaming(const ServerRequest& request, Resolved target,
                                                       Invocation invocation) {
  ServerResponse response;
  response.status = 200;
  response.headers = {{"X-Amz-Executed-Version", target.function->version},
                      {"X-Amzn-Trace-Id", invocation.trace_id},
                      {"Content-Type", "application/vnd.amazon.eventstream"}};
  if (!invocation.tenant_id.empty()) {
    response.headers.push_back({std::string(protocol::kInvokeTenantIdHeader), invocation.tenant_id});
  }
  const bool with_log = wants_log(request);
  const std::shared_ptr<LambdaService::Streamed> streamed =
      service_.invoke_streaming(std::move(target), std::move(invocation), InvocationKind::request_response);
  const bool begun = co_await streamed->stream->begun();
  if (!begun && streamed->result->refusal == LambdaService::Refusal::throttled) co_return throttled_response();
  const std::string& type = streamed->stream->content_type();
  response.headers.push_back({"X-Amzn-Remapped-Content-Type", type.empty() ? "application/octet-stream" : type});
  if (begun) {
    response.pieces = [streamed, with_log] { return next_message(streamed, with_log); };
  } else {
    response.body = streamed_outcome(streamed->result->outcome, with_log);
  }
  co_return response;
}

}  // namespace textlambda::emulator
