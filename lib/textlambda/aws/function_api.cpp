#include "textlambda/aws/function_api.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/protocol/invoke_api.h"
#include "textlambda/text/shown.h"

namespace textlambda::aws {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kLambda = "lambda";
constexpr std::string_view kFunctions = "/2015-03-31/functions/";

Json read_answer(const http::Response& response, std::string_view subject) {
  Json body;
  if (const std::string fault = json::read(response.body, {}, body); !fault.empty() || !body.is_object()) {
    io::throw_input(fmt::format("the answer is {}", fault.empty() ? "no JSON object" : fault), subject);
  }
  return body;
}

FunctionConfiguration configuration_of(const Json& json) {
  FunctionConfiguration configuration;
  configuration.name = json::string_or_empty(json, "FunctionName");
  configuration.arn = json::string_or_empty(json, "FunctionArn");
  configuration.version = json::string_or_empty(json, "Version");
  configuration.code_sha256 = json::string_or_empty(json, "CodeSha256");
  configuration.revision_id = json::string_or_empty(json, "RevisionId");
  configuration.package_type = json::string_or_empty(json, "PackageType");
  configuration.state = json::string_or_empty(json, "State");
  configuration.state_reason = json::string_or_empty(json, "StateReason");
  configuration.update_status = json::string_or_empty(json, "LastUpdateStatus");
  configuration.update_reason = json::string_or_empty(json, "LastUpdateStatusReason");
  if (const Json* const list = json::member(json, "Architectures"); list != nullptr && list->is_array()) {
    for (const Json& one : *list) {
      if (one.is_string()) configuration.architectures.push_back(one.get<std::string>());
    }
  }
  return configuration;
}

FunctionAlias alias_of(const Json& json) {
  FunctionAlias alias;
  alias.name = json::string_or_empty(json, "Name");
  alias.version = json::string_or_empty(json, "FunctionVersion");
  alias.revision_id = json::string_or_empty(json, "RevisionId");
  alias.description = json::string_or_empty(json, "Description");
  const Json* const routing = json::member(json, "RoutingConfig");
  const Json* const weights = json::member(routing, "AdditionalVersionWeights");
  if (weights != nullptr && weights->is_object()) {
    for (const auto& [version, weight] : weights->items()) {
      if (weight.is_number()) alias.weights[version] = weight.get<double>();
    }
  }
  return alias;
}

bool fits_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  });
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(':', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

FunctionName parse_function_name(const std::string& text) {
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER], ACCOUNT:function:NAME[:QUALIFIER], NAME[:QUALIFIER]
  constexpr std::size_t kLongest = 170;
  const std::vector<std::string> parts = parts_of(text);
  const bool is_arn = parts.front() == "arn";
  const std::size_t before = is_arn ? 6 : parts.size() >= 3 && parts[1] == "function" ? 2 : 0;
  const bool is_lambda = !is_arn || (parts.size() > before && parts[2] == kLambda && parts[5] == "function");
  const std::size_t behind = parts.size() - std::min(parts.size(), before);
  if (text.size() > kLongest || !is_lambda || behind < 1 || behind > 2 || !fits_name(parts[before]) ||
      (behind == 2 && parts.back() != "$LATEST" && !fits_name(parts.back()))) {
    io::throw_usage(fmt::format("\"{}\" is no function: expected NAME, NAME:QUALIFIER or its ARN",
                                text::shown(text.substr(0, kLongest))));
  }
  FunctionName name;
  if (is_arn) name.region = parts[3];
  if (behind == 2) name.qualifier = parts.back();
  name.name = text.substr(0, text.size() - (behind == 2 ? name.qualifier.size() + 1 : 0));
  return name;
}

FunctionApi::FunctionApi(std::shared_ptr<Session> session, FunctionName function, const ClientOptions& options)
    : function_(std::move(function)), client_(std::move(session), options) {
  const Session& own = client_.session();
  const std::string region = function_.region.empty() ? own.region(std::string(kLambda)) : function_.region;
  to_ = {own.target(std::string(kLambda), region), {region, std::string(kLambda)}};
}

std::string FunctionApi::path(std::string_view below) const {
  return std::string(kFunctions) + encoding::percent_encoded(function_.name, ":") + std::string(below);
}

http::Response FunctionApi::send(const http::Request& request) {
  return client_.send(to_,
                      {.method = request.method,
                       .target = request.target,
                       .headers = request.headers,
                       .body = request.body,
                       .repeatable = request.repeatable},
                      function_.name);
}

http::Response FunctionApi::ask(const std::string& method, const std::string& target, const std::string& body,
                                std::string_view subject) {
  // What changes something is not asked for twice where it may have been done: at a revision it could not be done
  // again.
  Request request{.method = method, .target = target, .headers = {}, .body = body, .repeatable = method == "GET"};
  if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  http::Response response = client_.send(to_, std::move(request), subject);
  if (response.status >= 300) throw_service_error(response, subject);
  return response;
}

Invocation FunctionApi::invoke(std::string_view event, bool with_log) {
  std::string target = path("/invocations");
  if (!function_.qualifier.empty()) target += "?Qualifier=" + encoding::percent_encoded(function_.qualifier);
  http::Request request = protocol::invoke_request(target, event, {});
  if (with_log) request.headers.push_back({"X-Amz-Log-Type", "Tail"});
  http::Response response = send(request);
  if (response.status >= 300) throw_service_error(response, function_.name);
  Invocation invocation;
  invocation.status = response.status;
  invocation.function_error = response.header(protocol::kFunctionErrorHeader);
  invocation.version = response.header("X-Amz-Executed-Version");
  const std::string fault = encoding::decode_base64(response.header("X-Amz-Log-Result"), invocation.log_tail);
  if (!fault.empty()) invocation.log_tail.clear();
  invocation.payload = std::move(response.body);
  return invocation;
}

FunctionConfiguration FunctionApi::configuration(const std::string& qualifier) {
  std::string target = path("");
  if (!qualifier.empty()) target += "?Qualifier=" + encoding::percent_encoded(qualifier);
  const Json body = read_answer(ask("GET", target, "", function_.name), function_.name);
  const Json* const configuration = json::member(body, "Configuration");
  if (configuration == nullptr) io::throw_input("the answer to GetFunction has no Configuration", function_.name);
  return configuration_of(*configuration);
}

FunctionConfiguration FunctionApi::update_code(const FunctionCode& code) {
  Json body = Json::object();
  if (code.bucket.empty()) {
    body["ZipFile"] = encoding::encode_base64(code.zip);
  } else {
    body["S3Bucket"] = code.bucket;
    body["S3Key"] = code.key;
  }
  if (!code.revision_id.empty()) body["RevisionId"] = code.revision_id;
  if (code.dry_run) body["DryRun"] = true;
  const http::Response response = ask("PUT", path("/code"), json::compact(body), function_.name);
  return configuration_of(read_answer(response, function_.name));
}

FunctionConfiguration FunctionApi::publish(const std::string& code_sha256, const std::string& revision_id,
                                           const std::string& description) {
  Json body = Json::object();
  if (!code_sha256.empty()) body["CodeSha256"] = code_sha256;
  if (!revision_id.empty()) body["RevisionId"] = revision_id;
  if (!description.empty()) body["Description"] = description;
  const http::Response response = ask("POST", path("/versions"), json::compact(body), function_.name);
  return configuration_of(read_answer(response, function_.name));
}

std::vector<FunctionConfiguration> FunctionApi::versions() {
  std::vector<FunctionConfiguration> found;
  std::string marker;
  while (true) {
    std::string target = path("/versions?MaxItems=50");
    if (!marker.empty()) target += "&Marker=" + encoding::percent_encoded(marker);
    const Json body = read_answer(ask("GET", target, "", function_.name), function_.name);
    if (const Json* const list = json::member(body, "Versions"); list != nullptr && list->is_array()) {
      for (const Json& one : *list) found.push_back(configuration_of(one));
    }
    std::string next = json::string_or_empty(body, "NextMarker");
    if (next.empty()) return found;
    if (next == marker) io::throw_input("the list of versions goes on where it stood", function_.name);
    marker = std::move(next);
  }
}

FunctionConfiguration FunctionApi::settled(std::chrono::seconds patience, bool may_have_failed,
                                           const std::function<void(const FunctionConfiguration&)>& waiting) {
  const Surroundings& surroundings = client_.session().surroundings();
  const std::chrono::milliseconds begun = surroundings.elapsed();
  while (true) {
    FunctionConfiguration now = configuration();
    if (may_have_failed && (now.update_status == "Failed" || now.state == "Failed")) return now;
    if (now.update_status == "Failed") {
      io::throw_input("the update failed: " + (now.update_reason.empty() ? "no reason given" : now.update_reason),
                      function_.name);
    }
    if (now.state == "Failed") {
      io::throw_input("the function is in the state Failed: " + now.state_reason, function_.name);
    }
    // Inactive: it has not been asked for weeks, and is woken by the first who does.
    const bool is_active = now.state.empty() || now.state == "Active" || now.state == "Inactive";
    if (is_active && now.update_status != "InProgress") return now;
    if (surroundings.elapsed() - begun >= patience) {
      io::throw_input(fmt::format("still {} after {} s", is_active ? "being updated" : "in the state " + now.state,
                                  patience.count()),
                      function_.name);
    }
    if (waiting) waiting(now);
    surroundings.sleep(std::chrono::milliseconds(1000));
  }
}

std::optional<FunctionAlias> FunctionApi::alias(const std::string& name) {
  try {
    const http::Response response =
        ask("GET", path("/aliases/" + encoding::percent_encoded(name)), "", function_.name + ":" + name);
    return alias_of(read_answer(response, function_.name));
  } catch (const ServiceError& error) {
    if (error.fault().status == 404) return std::nullopt;
    throw;
  }
}

FunctionAlias FunctionApi::create_alias(const std::string& name, const std::string& version) {
  const Json body = {{"Name", name}, {"FunctionVersion", version}};
  const std::string subject = function_.name + ":" + name;
  return alias_of(read_answer(ask("POST", path("/aliases"), json::compact(body), subject), subject));
}

FunctionAlias FunctionApi::update_alias(const FunctionAlias& wanted) {
  // An empty map takes away the weights that there are.
  Json body = {{"FunctionVersion", wanted.version}, {"RoutingConfig", {{"AdditionalVersionWeights", Json::object()}}}};
  for (const auto& [version, weight] : wanted.weights) {
    body["RoutingConfig"]["AdditionalVersionWeights"][version] = weight;
  }
  if (!wanted.revision_id.empty()) body["RevisionId"] = wanted.revision_id;
  const std::string subject = function_.name + ":" + wanted.name;
  const http::Response response =
      ask("PUT", path("/aliases/" + encoding::percent_encoded(wanted.name)), json::compact(body), subject);
  return alias_of(read_answer(response, subject));
}

}  // namespace textlambda::aws
