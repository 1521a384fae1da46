#include "textlambda/emulator/gateway_response.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "textlambda/emulator/function_url_cors.h"
#include "textlambda/emulator/gateway_event.h"
#include "textlambda/emulator/proxy_answer.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/signing/timestamp.h"

namespace textlambda::emulator {
namespace {

constexpr const char* kErrorType = "x-amzn-ErrorType";
constexpr std::string_view kRemapped = "x-amzn-Remapped-";

bool is_among(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

http::Response json_error(unsigned status, std::string body, const char* type = nullptr) {
  http::Response response{.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
  if (type != nullptr) response.headers.push_back({kErrorType, type});
  return response;
}

http::Response html_page(unsigned status, const std::string& title) {
  return {.status = status,
          .headers = {{"Content-Type", "text/html"}},
          .body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
                  "</h1></center>\r\n</body>\r\n</html>\r\n"};
}

http::Response fault_of_url(GatewayFault fault) {
  switch (fault) {
    case GatewayFault::throttled:
      return json_error(
          429,
          R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."})",
          "TooManyRequestsException");
    case GatewayFault::not_found:
      return url_forbidden();
    case GatewayFault::too_large:
      return json_error(413,
                        R"({"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"})",
                        "RequestEntityTooLargeException");
    case GatewayFault::function_error:
    case GatewayFault::too_late:
    case GatewayFault::upgrade:
      break;
  }
  return json_error(502, "Internal Server Error");
}

http::Response fault_of_http_api(GatewayFault fault) {
  switch (fault) {
    case GatewayFault::too_late:
      return json_error(503, R"({"message":"Service Unavailable"})");
    case GatewayFault::too_large:
      return json_error(413, R"({"message":"Request Entity Too Large"})");
    case GatewayFault::function_error:
    case GatewayFault::throttled:
    case GatewayFault::not_found:
    case GatewayFault::upgrade:
      break;
  }
  return json_error(500, R"({"message":"Internal Server Error"})");
}

http::Response fault_of_rest_api(GatewayFault fault) {
  switch (fault) {
    case GatewayFault::too_late:
      return json_error(504, R"({"message": "Endpoint request timed out"})");
    case GatewayFault::too_large:
      return json_error(413, R"({"message": "Request Too Long"})");
    case GatewayFault::throttled:
    case GatewayFault::not_found:
      return json_error(500, R"({"message": "Internal server error"})", "InternalServerErrorException");
    case GatewayFault::function_error:
    case GatewayFault::upgrade:
      break;
  }
  return json_error(502, R"({"message": "Internal server error"})", "InternalServerErrorException");
}

http::Response fault_of_load_balancer(GatewayFault fault) {
  switch (fault) {
    case GatewayFault::too_large:
      return html_page(413, "413 Request Entity Too Large");
    case GatewayFault::upgrade:
      return html_page(400, "400 Bad Request");
    case GatewayFault::function_error:
    case GatewayFault::throttled:
    case GatewayFault::not_found:
    case GatewayFault::too_late:
      break;
  }
  return html_page(502, "502 Bad Gateway");
}

http::Response fault_response(GatewayKind kind, GatewayFault fault) {
  switch (kind) {
    case GatewayKind::function_url:
      return fault_of_url(fault);
    case GatewayKind::http_api:
    case GatewayKind::http_api_v1:
      return fault_of_http_api(fault);
    case GatewayKind::rest_api:
      return fault_of_rest_api(fault);
    case GatewayKind::load_balancer:
      break;
  }
  return fault_of_load_balancer(fault);
}

bool renames_headers(GatewayKind kind) { return kind == GatewayKind::function_url || kind == GatewayKind::rest_api; }

// What a function's header is called on the wire; empty where it does not get there. The connection is the gateway's,
// and so is the length. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
std::string name_on_the_wire(GatewayKind kind, const std::string& name) {
  const std::string lower = http::lower_case(name);
  if (is_among(lower, {"expect", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer",
                       "transfer-encoding", "upgrade"})) {
    return "";
  }
  if (renames_headers(kind)) {
    const bool renamed =
        is_among(lower, {"authorization", "connection", "content-length", "content-md5", "date", "host", "max-forwards",
                         "server", "user-agent", "www-authenticate", "x-amzn-requestid"});
    return renamed ? std::string(kRemapped) + name : name;
  }
  if (is_among(lower, {"connection", "content-length"})) return "";
  return kind == GatewayKind::load_balancer && lower == "server" ? "" : name;
}

// Base64 comes out of a REST API as it is, unless the client says that it takes the bytes.
bool decodes(const GatewayConfig& gateway, const ServerRequest& request) {
  if (gateway.kind != GatewayKind::rest_api) return true;
  const std::string_view accept = request.header("Accept");
  return matches_media_type(accept.substr(0, accept.find(',')), gateway.binary_media_types);
}

std::string_view default_type(GatewayKind kind, bool has_body) {
  switch (kind) {
    case GatewayKind::function_url:
    case GatewayKind::rest_api:
      return "application/json";
    case GatewayKind::http_api:
    case GatewayKind::http_api_v1:
      return has_body ? "text/plain;charset=UTF-8" : "";
    case GatewayKind::load_balancer:
      return has_body ? "application/octet-stream" : "";
  }
  return "";
}

std::optional<ProxyAnswer> read_answer(const GatewayConfig& gateway, const GatewayOutcome& outcome) {
  if (gateway.kind == GatewayKind::load_balancer) {
    if (outcome.body.size() > kMostLoadBalancerBytes || !outcome.stream_content_type.empty()) return std::nullopt;
  } else if (gateway.response_stream || !outcome.stream_content_type.empty()) {
    return read_streamed_answer(outcome.stream_content_type, outcome.body);
  }
  return read_proxy_answer(gateway, outcome.body);
}

// A function URL trips over names that it gives itself.
bool has_own_names(const GatewayConfig& gateway, const ProxyAnswer& answer) {
  return gateway.kind == GatewayKind::function_url &&
         std::any_of(answer.headers.begin(), answer.headers.end(), [](const http::Header& header) {
           return http::lower_case(header.name).starts_with("x-amzn-remapped-");
         });
}

http::Response answer_response(const GatewayConfig& gateway, const ServerRequest& request,
                               const GatewayOutcome& outcome) {
  std::optional<ProxyAnswer> answer = read_answer(gateway, outcome);
  if (!answer) return fault_response(gateway.kind, GatewayFault::function_error);
  if (has_own_names(gateway, *answer)) return json_error(500, "Internal Server Error");
  http::Response response{.status = answer->status, .headers = {}, .body = std::move(answer->body)};
  if (answer->base64 && decodes(gateway, request)) {
    std::string bytes;
    if (!encoding::decode_base64(response.body, bytes).empty()) {
      return fault_response(gateway.kind, GatewayFault::function_error);
    }
    response.body = std::move(bytes);
  }
  for (http::Header& header : answer->headers) {
    if (std::string name = name_on_the_wire(gateway.kind, header.name); !name.empty()) {
      response.headers.push_back({std::move(name), std::move(header.value)});
    }
  }
  const std::string_view type = default_type(gateway.kind, !response.body.empty());
  if (response.header("Content-Type").empty() && !type.empty()) {
    response.headers.push_back({"Content-Type", std::string(type)});
  }
  return response;
}

// The names that a client finds the invocation by.
void add_ids(GatewayKind kind, const Arrival& arrival, http::Response& response) {
  switch (kind) {
    case GatewayKind::function_url:
      response.headers.push_back({"x-amzn-RequestId", arrival.request_id});
      response.headers.push_back({"X-Amzn-Trace-Id", arrival.trace_id});
      return;
    case GatewayKind::http_api:
    case GatewayKind::http_api_v1:
      response.headers.push_back({"Apigw-Requestid", encoding::encode_base64(arrival.request_id.substr(0, 11))});
      return;
    case GatewayKind::rest_api:
      response.headers.push_back({"x-amzn-RequestId", arrival.request_id});
      response.headers.push_back({"x-amz-apigw-id", encoding::encode_base64(arrival.request_id.substr(0, 11))});
      response.headers.push_back({"X-Amzn-Trace-Id", arrival.trace_id});
      return;
    case GatewayKind::load_balancer:
      response.headers.push_back({"Server", "awselb/2.0"});
      return;
  }
}

}  // namespace

http::Response finished(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival,
                        http::Response response) {
  if (response.status == 204 || response.status == 304) response.body.clear();
  if (response.header("Date").empty()) {
    const auto now = std::chrono::floor<std::chrono::seconds>(arrival.time);
    response.headers.push_back({"Date", signing::http_date(now)});
  }
  add_ids(gateway.kind, arrival, response);
  if (gateway.kind == GatewayKind::function_url && gateway.cors && !is_preflight(request)) {
    add_cors_headers(*gateway.cors, request, response);
  }
  return response;
}

http::Response gateway_fault(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival,
                             GatewayFault fault) {
  return finished(gateway, request, arrival, fault_response(gateway.kind, fault));
}

http::Response gateway_response(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival,
                                const GatewayOutcome& outcome) {
  switch (outcome.kind) {
    case GatewayOutcome::Kind::answered:
      return finished(gateway, request, arrival, answer_response(gateway, request, outcome));
    case GatewayOutcome::Kind::function_error:
    case GatewayOutcome::Kind::timed_out:
      break;
    case GatewayOutcome::Kind::throttled:
      return gateway_fault(gateway, request, arrival, GatewayFault::throttled);
    case GatewayOutcome::Kind::not_found:
      return gateway_fault(gateway, request, arrival, GatewayFault::not_found);
  }
  return gateway_fault(gateway, request, arrival, GatewayFault::function_error);
}

bool is_taken(const GatewayConfig& gateway, const GatewayOutcome& outcome) {
  if (outcome.kind != GatewayOutcome::Kind::answered) return false;
  const std::optional<ProxyAnswer> answer = read_answer(gateway, outcome);
  return answer && !has_own_names(gateway, *answer);
}

http::Response url_forbidden() {
  return json_error(403,
                    R"({"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: )"
                    R"(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})",
                    "AccessDeniedException");
}

http::Response unknown_url() { return json_error(403, R"({"Message":null})", "AccessDeniedException"); }

}  // namespace textlambda::emulator
