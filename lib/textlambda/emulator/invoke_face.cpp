#include "textlambda/emulator/invoke_face.h"

#include <array>
#include <optional>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/protocol/invoke_api.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFunctions = "/2015-03-31/functions";

// The kernel's, which two emulators never share.
template <std::size_t kSize>
std::array<unsigned char, kSize> random_bytes() {
  static std::random_device source;
  std::array<unsigned char, kSize> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(source() & 0xFFU);
  return bytes;
}

std::string new_request_id() {
  std::array<unsigned char, 16> bytes = random_bytes<16>();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U);  // RFC 9562, version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += fmt::format("{:02x}", bytes[i]);
  }
  return id;
}

std::string new_trace_id() {
  std::string digits;
  for (const unsigned char byte : random_bytes<20>()) digits += fmt::format("{:02x}", byte);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  return fmt::format("Root=1-{:08x}-{};Parent={};Sampled=0", seconds.count(), digits.substr(0, 24), digits.substr(24));
}

http::Response json_response(unsigned status, const Json& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

http::Response api_error(unsigned status, std::string_view type, const Json& body) {
  http::Response response = json_response(status, body);
  response.headers.push_back({std::string(protocol::kApiErrorTypeHeader), std::string(type)});
  return response;
}

http::Response user_error(unsigned status, std::string_view type, const std::string& message) {
  return api_error(status, type, {{"Type", "User"}, {"message", message}});
}

http::Response not_found(const NamedFunction& wanted) {
  Function missing;
  missing.name = wanted.name;
  const std::string arn = missing.arn() + (wanted.qualifier.empty() ? "" : ":" + wanted.qualifier);
  return api_error(404, "ResourceNotFoundException", {{"Type", "User"}, {"Message", "Function not found: " + arn}});
}

// A parameter of a query string, decoded; nothing where it is missing.
std::optional<std::string> query_value(std::string_view target, std::string_view name) {
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  std::string_view query = target.substr(question + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    return equals == std::string_view::npos ? "" : encoding::percent_decoded(pair.substr(equals + 1));
  }
  return std::nullopt;
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

Json configuration_of(const Function& function) {
  Json variables = Json::object();
  for (const auto& [name, value] : function.environment) variables[name] = value;
  return {{"FunctionName", function.name},
          {"FunctionArn", function.arn()},
          {"Runtime", "provided.al2023"},
          {"Handler", function.handler},
          {"Timeout", (function.timeout.count() + 999) / 1000},
          {"MemorySize", function.memory_mb},
          {"PackageType", "Zip"},
          {"Version", "$LATEST"},
          {"State", "Active"},
          {"LastUpdateStatus", "Successful"},
          {"Environment", {{"Variables", variables}}}};
}

}  // namespace

NamedFunction parse_function_name(const std::string& segment) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= segment.size();) {
    const std::size_t end = std::min(segment.find(':', begin), segment.size());
    parts.push_back(segment.substr(begin, end - begin));
    begin = end + 1;
  }
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME, ACCOUNT:function:NAME or NAME, and a qualifier behind.
  std::size_t name = 0;
  if (parts.size() >= 7 && parts[0] == "arn" && parts[2] == "lambda" && parts[5] == "function") {
    name = 6;
  } else if (parts.size() >= 3 && parts[1] == "function") {
    name = 2;
  }
  if (parts.size() > name + 2) return {};
  return {parts[name], parts.size() > name + 1 ? parts[name + 1] : ""};
}

Awaitable<http::Response> InvokeFace::answer(ServerRequest request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  http::Response response;
  constexpr std::string_view kInvocations = "/invocations";
  if (path.starts_with(kFunctions) && path.ends_with(kInvocations) &&
      path.size() > kFunctions.size() + kInvocations.size()) {
    const std::string segment =
        path.substr(kFunctions.size() + 1, path.size() - kFunctions.size() - 1 - kInvocations.size());
    if (request.method == "POST") {
      const std::string named = encoding::percent_decoded(segment);
      response = co_await invoke(request, named);
      co_return response;
    }
    response = user_error(405, "MethodNotAllowedException", "expected POST");
  } else if (request.method == "GET" && (path == kFunctions || path == std::string(kFunctions) + "/")) {
    response = list_functions();
  } else if (request.method == "GET" && path.starts_with(std::string(kFunctions) + "/")) {
    std::string segment = path.substr(kFunctions.size() + 1);
    const bool configuration = segment.ends_with("/configuration");
    if (configuration) segment.resize(segment.size() - std::string_view("/configuration").size());
    const NamedFunction wanted = parse_function_name(encoding::percent_decoded(segment));
    const Function* const function =
        wanted.qualifier.empty() || wanted.qualifier == "$LATEST" ? service_.find(wanted.name) : nullptr;
    if (segment.find('/') != std::string::npos) {
      response = user_error(501, "NotImplementedException", "textlambda-emulate has no " + path);
    } else if (function == nullptr) {
      response = not_found(wanted);
    } else {
      const Json json = configuration_of(*function);
      response = json_response(200, configuration ? json : Json{{"Configuration", json}, {"Tags", Json::object()}});
    }
  } else {
    response = user_error(
        501, "NotImplementedException",
        "textlambda-emulate has no " + request.method + " " + path + ": functions are what its command line says");
  }
  response.headers.push_back({"x-amzn-RequestId", new_request_id()});
  co_return response;
}

http::Response InvokeFace::list_functions() const {
  Json functions = Json::array();
  for (const Function* function : service_.functions()) functions.push_back(configuration_of(*function));
  return json_response(200, {{"Functions", functions}});
}

Awaitable<http::Response> InvokeFace::invoke(const ServerRequest& request, const std::string& segment) {
  Invocation invocation{.request_id = new_request_id(), .event = {}, .client_context = {}, .trace_id = new_trace_id()};
  const std::string request_id = invocation.request_id;
  const auto with_id = [&](http::Response response) {
    response.headers.push_back({"x-amzn-RequestId", request_id});
    return response;
  };
  NamedFunction wanted = parse_function_name(segment);
  const std::optional<std::string> qualifier = query_value(request.target, "Qualifier");
  if (wanted.name.empty())
    co_return with_id(user_error(400, "ValidationException", "\"" + segment + "\" names no function"));
  if (qualifier && !wanted.qualifier.empty() && *qualifier != wanted.qualifier) {
    co_return with_id(
        user_error(400, "InvalidParameterValueException",
                   "The derived qualifier from the function name does not match the specified qualifier."));
  }
  if (qualifier) wanted.qualifier = *qualifier;
  const Function* const function = service_.find(wanted.name);
  if (function == nullptr || !(wanted.qualifier.empty() || wanted.qualifier == "$LATEST")) {
    co_return with_id(not_found(wanted));
  }
  const std::string type(request.header(protocol::kInvocationTypeHeader));
  const bool asynchronous = type == "Event";
  if (!type.empty() && type != "RequestResponse" && type != "DryRun" && !asynchronous) {
    co_return with_id(user_error(400, "InvalidParameterValueException",
                                 "\"" + type + "\" is no invocation type: expected RequestResponse, Event or DryRun"));
  }
  const std::uint64_t most = asynchronous ? kMostAsynchronousEventBytes : kMostEventBytes;
  if (request.body_too_large || request.body.size() > most) {
    co_return with_id(
        user_error(413, "RequestEntityTooLargeException",
                   fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", most)));
  }
  invocation.event = request.body.empty() ? "{}" : request.body;
  if (const std::string fault = json_fault(invocation.event); !fault.empty()) {
    co_return with_id(
        user_error(400, "InvalidRequestContentException", "Could not parse request body into json: " + fault));
  }
  if (const std::string_view context = request.header(protocol::kInvokeClientContextHeader); !context.empty()) {
    std::string decoded;
    if (!encoding::decode_base64(context, decoded).empty() || !Json::accept(decoded)) {
      co_return with_id(user_error(400, "InvalidRequestContentException",
                                   "Could not decode the client context: expected JSON in base64"));
    }
    invocation.client_context = std::move(decoded);
  }
  const http::Header version{"X-Amz-Executed-Version", "$LATEST"};
  if (type == "DryRun") co_return with_id({.status = 204, .headers = {version}, .body = {}});
  const http::Header trace{"X-Amzn-Trace-Id", invocation.trace_id};
  const Json throttled = {
      {"Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"}, {"Type", "User"}, {"message", "Rate Exceeded."}};
  if (asynchronous) {
    if (!service_.enqueue(wanted.name, std::move(invocation))) {
      co_return with_id(api_error(429, "TooManyRequestsException", throttled));
    }
    co_return with_id({.status = 202, .headers = {trace}, .body = {}});
  }
  LambdaService::Refusal refusal = LambdaService::Refusal::none;
  const Outcome outcome = co_await service_.invoke(wanted.name, std::move(invocation), refusal);
  if (refusal == LambdaService::Refusal::throttled) {
    co_return with_id(api_error(429, "TooManyRequestsException", throttled));
  }
  http::Response response{
      .status = 200, .headers = {{"Content-Type", "application/json"}, version, trace}, .body = outcome.body};
  if (outcome.function_error) response.headers.push_back({std::string(protocol::kFunctionErrorHeader), "Unhandled"});
  if (request.header("X-Amz-Log-Type") == "Tail") {
    response.headers.push_back({"X-Amz-Log-Result", encoding::encode_base64(outcome.log)});
  }
  co_return with_id(std::move(response));
}

}  // namespace textlambda::emulator
