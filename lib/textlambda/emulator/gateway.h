// The services that turn an HTTP request into a function's event, and its answer into an HTTP response. Plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace textlambda::emulator {

enum class GatewayKind {
  function_url,   // payload format 2.0
  http_api,       // API Gateway's HTTP APIs, payload format 2.0
  http_api_v1,    // the same with payload format 1.0
  rest_api,       // API Gateway's REST APIs, payload format 1.0
  load_balancer,  // an Application Load Balancer
};

// A function URL's Cors, as its configuration has it.
// https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
struct FunctionUrlCors {
  bool allow_credentials = false;
  std::vector<std::string> allow_headers = {};
  std::vector<std::string> allow_methods = {};  // "*": all
  std::vector<std::string> allow_origins = {};  // "*": all
  std::vector<std::string> expose_headers = {};
  std::optional<unsigned> max_age = {};  // in seconds
};

struct GatewayConfig {
  GatewayKind kind = GatewayKind::function_url;
  // The host name that it has in the cloud: ID.lambda-url.REGION.on.aws, ID.execute-api.REGION.amazonaws.com, or the
  // load balancer's. See default_domain().
  std::string domain;
  std::string account = "012345678912";
  std::string region = "us-east-1";
  std::string stage = "prod";  // of a REST API; the others have "$default"
  std::string scheme = "http";
  // A REST API's binaryMediaTypes: bodies of these content types come as base64, and base64 is decoded for clients that
  // accept these. "image/*" and "*/*" stand for all that they match. All other bodies are text.
  std::vector<std::string> binary_media_types;
  // A load balancer's lambda.multi_value_headers.enabled.
  bool multi_value_headers = false;
  // A function URL's InvokeMode RESPONSE_STREAM: what the function answers is not interpreted, but for the metadata in
  // front of a streamed answer.
  bool response_stream = false;
  std::optional<FunctionUrlCors> cors;  // of a function URL
};

// Who signed a request.
struct GatewayCaller {
  std::string access_key_id;
};

// What a gateway knows of a request besides the request itself.
struct Arrival {
  std::string request_id;
  std::string trace_id;   // Root=1-5c536348-3d683b8b04734faae651f476
  std::string source_ip;  // of the connection
  std::chrono::system_clock::time_point time;
  std::optional<GatewayCaller> caller = {};  // nothing where nobody had to sign
};

// What became of the function's invocation.
struct GatewayOutcome {
  enum class Kind { answered, function_error, timed_out, throttled, not_found };
  Kind kind = Kind::answered;
  std::string body = {};                 // the answer
  std::string stream_content_type = {};  // of an answer that was streamed; empty: it was not
};

// Limits in bytes: an event's, and those of a load balancer's to bodies and answers.
inline constexpr std::size_t kMostGatewayEventBytes = 6'291'456;
inline constexpr std::size_t kMostLoadBalancerBytes = 1'048'576;

// A domain in the form of the kind's, the same whenever it is asked for the same function.
std::string default_domain(GatewayKind kind, const std::string& function_arn, const std::string& region);

// The longest that it waits for a function: 29 s for a REST API, 30 s for an HTTP API. Nothing: as long as the function
// may take.
std::optional<std::chrono::milliseconds> integration_timeout(GatewayKind kind);

}  // namespace textlambda::emulator
