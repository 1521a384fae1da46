// What leads to a function's versions: aliases, URLs, permissions, asynchronous settings, event source mappings; and
// how many calls it takes at a time.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/function_json.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/emulator/management_request.h"
#include "textlambda/json/document.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

// Said rather than that all is well.
constexpr const char* kNothingFeedsIt =
    "textlambda-emulate feeds nothing from this source: it does from a queue that --queue NAME=FILE names, which has "
    "one mapping at a time";
constexpr const char* kNoSuchResource = "The resource you requested does not exist.";

http::Response no_content() { return {.status = 204, .headers = {}, .body = {}}; }

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_alias_name(const std::string& name) {
  constexpr std::size_t kLongest = 128;
  return !name.empty() && name.size() <= kLongest && !is_number(name) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; });
}

// What stands at the end of a source's ARN service: sqs, kinesis, dynamodb, kafka, mq, rds; empty for none.
std::string arn_service(const std::string& arn) {
  if (!arn.starts_with("arn:")) return "";
  const std::size_t begin = arn.find(':', 4);
  if (begin == std::string::npos) return "";
  return arn.substr(begin + 1, arn.find(':', begin + 1) - begin - 1);
}

// What a mapping of a source has that its request did not say, and the limits of it.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
Json mapping_defaults(const Json& body, const std::string& service, const std::string& arn) {
  const bool stream = service == "kinesis" || service == "dynamodb";
  const bool queue = service == "sqs";
  const bool fifo = queue && arn.ends_with(".fifo");
  const std::int64_t most = fifo ? 10 : 10000;
  const std::int64_t batch = integer_field(body, "BatchSize", 1, most).value_or(queue ? 10 : 100);
  const std::int64_t window = integer_field(body, "MaximumBatchingWindowInSeconds", 0, 300).value_or(0);
  if (queue && !fifo && batch > 10 && window < 1) {
    throw_invalid_value(
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
  }
  if (fifo && window > 0) {
    throw_invalid_value("Batching window is not supported for FIFO queues.");
  }
  Json result = {{"BatchSize", batch}, {"MaximumBatchingWindowInSeconds", window}};
  if (stream) {
    result["ParallelizationFactor"] = integer_field(body, "ParallelizationFactor", 1, 10).value_or(1);
    result["MaximumRecordAgeInSeconds"] = integer_field(body, "MaximumRecordAgeInSeconds", -1, 604800).value_or(-1);
    result["MaximumRetryAttempts"] = integer_field(body, "MaximumRetryAttempts", -1, 10000).value_or(-1);
    result["TumblingWindowInSeconds"] = integer_field(body, "TumblingWindowInSeconds", 0, 900).value_or(0);
    result["BisectBatchOnFunctionError"] = flag_field(body, "BisectBatchOnFunctionError").value_or(false);
    result["DestinationConfig"] = {{"OnFailure", Json::object()}};
  }
  return result;
}

}  // namespace

// ---- aliases

Json ManagementFace::alias_json(const std::string& function, const Alias& alias) const {
  Json json = {{"AliasArn", registry_.arn(function, alias.name)},
               {"Name", alias.name},
               {"FunctionVersion", alias.version},
               {"Description", alias.description},
               {"RevisionId", alias.revision_id}};
  if (!alias.weights.empty()) json["RoutingConfig"] = {{"AdditionalVersionWeights", alias.weights}};
  return json;
}

void ManagementFace::apply_routing(const Json& request, const std::string& name, Alias& alias) {
  const auto demand_version = [&](const std::string& version) {
    if (registry_.version(name, version) == nullptr || version.empty()) {
      throw_not_found("Function not found: " + registry_.arn(name, version));
    }
  };
  if (const auto version = string_field(request, "FunctionVersion")) alias.version = *version;
  demand_version(alias.version);
  if (const auto description = string_field(request, "Description")) alias.description = *description;
  if (const Json* const routing = object_field(request, "RoutingConfig")) {
    alias.weights.clear();
    const Json* const weights = object_field(*routing, "AdditionalVersionWeights");
    if (weights != nullptr && weights->size() > 1) {
      throw_invalid_value("Number of items in AdditionalVersionWeights cannot be greater than 1");
    }
    const Json none = Json::object();
    for (const auto& [version, weight] : (weights == nullptr ? none : *weights).items()) {
      if (!weight.is_number() || weight.get<double>() < 0 || weight.get<double>() > 1) {
        throw_validation(weight.dump(), "routingConfig.additionalVersionWeights", "have value between 0.0 and 1.0");
      }
      demand_version(version);
      alias.weights[version] = weight.get<double>();
    }
  }
  if (alias.weights.empty()) return;
  if (alias.version == kLatest || alias.weights.count(kLatest) != 0) {
    throw_invalid_value("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  if (alias.weights.count(alias.version) != 0) {
    throw_invalid_value(
        fmt::format("Invalid function version {0}. Function version {0} is already included in routing "
                    "configuration.",
                    alias.version));
  }
}

http::Response ManagementFace::create_alias(const Request& request) {
  RegisteredFunction& function = registered(request);
  Alias alias;
  alias.name = string_field(request.body, "Name").value_or("");
  if (!is_alias_name(alias.name)) {
    throw_validation(alias.name, "name", "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
  }
  if (function.aliases.count(alias.name) != 0) {
    throw_conflict("Alias already exists: " + registry_.arn(request.named.name, alias.name));
  }
  if (!string_field(request.body, "FunctionVersion")) throw_validation("null", "functionVersion", "not be null");
  apply_routing(request.body, request.named.name, alias);
  alias.revision_id = new_uuid();
  function.aliases[alias.name] = alias;
  changed();
  return json_response(201, alias_json(request.named.name, alias));
}

http::Response ManagementFace::update_alias(const Request& request, const std::string& name) {
  RegisteredFunction& function = registered(request);
  const auto found = function.aliases.find(name);
  if (found == function.aliases.end()) {
    throw_not_found("Alias not found: " + registry_.arn(request.named.name, name));
  }
  demand_revision(request.body, found->second.revision_id);
  Alias alias = found->second;
  apply_routing(request.body, request.named.name, alias);
  alias.revision_id = new_uuid();
  found->second = alias;
  changed();
  return json_response(200, alias_json(request.named.name, alias));
}

http::Response ManagementFace::get_alias(const Request& request, const std::string& name) {
  const RegisteredFunction& function = registered(request);
  const auto found = function.aliases.find(name);
  if (found == function.aliases.end()) {
    throw_not_found("Cannot find alias arn: " + registry_.arn(request.named.name, name));
  }
  return json_response(200, alias_json(request.named.name, found->second));
}

http::Response ManagementFace::delete_alias(const Request& request, const std::string& name) {
  RegisteredFunction& function = registered(request);
  function.aliases.erase(name);
  function.urls.erase(name);
  function.policies.erase(name);
  function.event_invoke_configs.erase(name);
  changed();
  return no_content();
}

http::Response ManagementFace::list_aliases(const Request& request) {
  const RegisteredFunction& function = registered(request);
  const std::string version = request.text("FunctionVersion");
  std::vector<std::string> keys;
  Json items = Json::array();
  for (const auto& [name, alias] : function.aliases) {
    if (!version.empty() && alias.version != version && alias.weights.count(version) == 0) continue;
    keys.push_back(name);
    items.push_back(alias_json(request.named.name, alias));
  }
  return json_response(200, page_of(request.wire.target, "Aliases", keys, std::move(items), 50));
}

// ---- concurrency

http::Response ManagementFace::concurrency(const Request& request) {
  constexpr unsigned kLeastUnreserved = 100;
  RegisteredFunction& function = registered(request);
  if (request.is("DELETE")) {
    function.reserved_concurrency.reset();
    changed();
    return no_content();
  }
  if (request.is("PUT")) {
    const auto wanted = integer_field(request.body, "ReservedConcurrentExecutions", 0, 1'000'000);
    if (!wanted) throw_validation("null", "reservedConcurrentExecutions", "not be null");
    std::int64_t reserved = *wanted;
    for (const auto& [name, other] : registry_.functions) {
      if (&other != &function) reserved += other.reserved_concurrency.value_or(0);
    }
    if (reserved + kLeastUnreserved > settings_.account_concurrency) {
      throw_invalid_value(
          fmt::format("Specified ReservedConcurrentExecutions for function decreases account's "
                      "UnreservedConcurrentExecution below its minimum value of [{}].",
                      kLeastUnreserved));
    }
    function.reserved_concurrency = static_cast<unsigned>(*wanted);
    changed();
  } else if (!request.is("GET")) {
    throw_not_built(request.wire.method + " of a function's concurrency");
  }
  Json json = Json::object();
  if (function.reserved_concurrency) json["ReservedConcurrentExecutions"] = *function.reserved_concurrency;
  return json_response(200, json);
}

http::Response ManagementFace::account_settings() const {
  std::uint64_t code = 0;
  unsigned reserved = 0;
  for (const auto& [name, function] : registry_.functions) {
    code += function.latest->code->size;
    for (const auto& [number, version] : function.versions) code += version->code->size;
    reserved += function.reserved_concurrency.value_or(0);
  }
  return json_response(200,
                       {{"AccountLimit",
                         {{"TotalCodeSize", 80'530'636'800},
                          {"CodeSizeUnzipped", kMostUnpackedBytes},
                          {"CodeSizeZipped", kMostZipBytes},
                          {"ConcurrentExecutions", settings_.account_concurrency},
                          {"UnreservedConcurrentExecutions", settings_.account_concurrency - reserved}}},
                        {"AccountUsage", {{"TotalCodeSize", code}, {"FunctionCount", registry_.functions.size()}}}});
}

// ---- URLs

Json ManagementFace::url_json(const std::string& function, const std::string& qualifier,
                              const UrlConfig& config) const {
  Json json = {{"FunctionUrl", config.url},
               {"FunctionArn", registry_.arn(function, qualifier)},
               {"AuthType", config.auth_type},
               {"InvokeMode", config.invoke_mode},
               {"CreationTime", config.created}};
  if (!config.cors.empty()) json["Cors"] = Json::parse(config.cors);
  return json;
}

http::Response ManagementFace::url(const Request& request) {
  RegisteredFunction& function = registered(request);
  const std::string& name = request.named.name;
  const std::string& qualifier = request.named.qualifier;
  if (qualifier == kLatest || is_number(qualifier)) {
    throw_validation(qualifier, "qualifier", "satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)");
  }
  const auto found = function.urls.find(qualifier);
  const auto apply = [&](UrlConfig& config) {
    if (const auto type = string_field(request.body, "AuthType")) {
      if (*type != "NONE" && *type != "AWS_IAM") {
        throw_validation(*type, "authType", "satisfy enum value set: [NONE, AWS_IAM]");
      }
      config.auth_type = *type;
    }
    if (const auto mode = string_field(request.body, "InvokeMode")) {
      if (*mode != "BUFFERED" && *mode != "RESPONSE_STREAM") {
        throw_validation(*mode, "invokeMode", "satisfy enum value set: [BUFFERED, RESPONSE_STREAM]");
      }
      config.invoke_mode = *mode;
    }
    if (const Json* const cors = object_field(request.body, "Cors")) config.cors = json::compact(*cors);
    config.modified = time_stamp_z();
  };
  if (request.is("POST")) {
    if (!qualifier.empty() && function.aliases.count(qualifier) == 0) {
      throw_not_found("Function not found: " + registry_.arn(name, qualifier));
    }
    if (found != function.urls.end()) {
      throw_conflict("Failed to create function url config for [functionArn = " + registry_.arn(name, qualifier) +
                     "]. Error message:  FunctionUrlConfig exists for this Lambda function");
    }
    if (!string_field(request.body, "AuthType")) throw_validation("null", "authType", "not be null");
    UrlConfig config;
    apply(config);
    config.created = config.modified;
    function.urls[qualifier] = config;
    changed();  // which opens it
    return json_response(201, url_json(name, qualifier, function.urls[qualifier]));
  }
  if (found == function.urls.end()) throw_not_found(kNoSuchResource);
  if (request.is("DELETE")) {
    function.urls.erase(found);
    changed();
    return no_content();
  }
  if (request.is("PUT")) {
    apply(found->second);
    changed();
  } else if (!request.is("GET")) {
    throw_not_built(request.wire.method + " of a function URL");
  }
  Json json = url_json(name, qualifier, found->second);
  json["LastModifiedTime"] = found->second.modified;
  return json_response(200, json);
}

http::Response ManagementFace::list_urls(const Request& request) {
  const RegisteredFunction& function = registered(request);
  std::vector<std::string> keys;
  Json items = Json::array();
  for (const auto& [qualifier, config] : function.urls) {
    keys.push_back(qualifier.empty() ? kLatest : qualifier);
    items.push_back(url_json(request.named.name, qualifier, config));
    items.back()["LastModifiedTime"] = config.modified;
  }
  return json_response(200, page_of(request.wire.target, "FunctionUrlConfigs", keys, std::move(items), 50));
}

// ---- permissions

http::Response ManagementFace::policy(const Request& request) {
  RegisteredFunction& function = registered(request);
  const std::string& qualifier = request.named.qualifier;
  const std::shared_ptr<const Function> version = version_of(request);
  if (request.is("GET")) {
    const auto found = function.policies.find(qualifier);
    if (found == function.policies.end() || found->second.empty()) throw_not_found(kNoSuchResource);
    Json statements = Json::array();
    for (const PolicyStatement& statement : found->second) statements.push_back(Json::parse(statement.json));
    const Json whole = {{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", statements}};
    return json_response(200, {{"Policy", whole.dump()}, {"RevisionId", version->revision_id}});
  }
  if (!request.is("POST")) throw_not_built(request.wire.method + " of a policy");
  const auto demanded = [&](const char* member, const char* spelled) {
    const auto text = string_field(request.body, member);
    if (!text || text->empty()) throw_validation("null", spelled, "not be null");
    return *text;
  };
  const std::string id = demanded("StatementId", "statementId");
  const std::string action = demanded("Action", "action");
  const std::string principal = demanded("Principal", "principal");
  std::vector<PolicyStatement>& statements = function.policies[qualifier];
  if (std::any_of(statements.begin(), statements.end(), [&](const auto& one) { return one.id == id; })) {
    throw_conflict("The statement id (" + id +
                   ") provided already exists. Please provide a new statement id, or remove the existing statement.");
  }
  Json statement = {
      {"Sid", id}, {"Effect", "Allow"}, {"Action", action}, {"Resource", registry_.arn(request.named.name, qualifier)}};
  if (principal == "*") {
    statement["Principal"] = "*";
  } else if (principal.find('.') != std::string::npos) {
    statement["Principal"] = {{"Service", principal}};
  } else {
    statement["Principal"] = {{"AWS", is_number(principal) ? "arn:aws:iam::" + principal + ":root" : principal}};
  }
  const auto condition = [&](const char* member, const char* operation, const char* key) {
    if (const auto text = string_field(request.body, member)) statement["Condition"][operation][key] = *text;
  };
  condition("SourceArn", "ArnLike", "AWS:SourceArn");
  condition("SourceAccount", "StringEquals", "AWS:SourceAccount");
  condition("EventSourceToken", "StringEquals", "lambda:EventSourceToken");
  condition("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID");
  condition("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType");
  if (const auto by_url = flag_field(request.body, "InvokedViaFunctionUrl")) {
    statement["Condition"]["Bool"]["lambda:InvokedViaFunctionUrl"] = *by_url ? "true" : "false";
  }
  statements.push_back({id, statement.dump()});
  changed();
  return json_response(201, {{"Statement", statement.dump()}});
}

http::Response ManagementFace::remove_permission(const Request& request, const std::string& id) {
  RegisteredFunction& function = registered(request);
  std::vector<PolicyStatement>& statements = function.policies[request.named.qualifier];
  if (std::erase_if(statements, [&](const PolicyStatement& one) { return one.id == id; }) == 0) {
    throw_not_found("Statement " + id + " is not found in resource policy.");
  }
  changed();
  return no_content();
}

// ---- asynchronous settings

Json ManagementFace::event_invoke_json(const std::string& function, const std::string& qualifier,
                                       const EventInvokeConfig& config) const {
  const auto destination = [](const std::string& arn) {
    return arn.empty() ? Json::object() : Json{{"Destination", arn}};
  };
  Json json = {{"LastModified", config.modified},
               {"FunctionArn", registry_.arn(function, qualifier.empty() ? kLatest : qualifier)},
               {"DestinationConfig",
                {{"OnSuccess", destination(config.on_success)}, {"OnFailure", destination(config.on_failure)}}}};
  if (config.retries) json["MaximumRetryAttempts"] = *config.retries;
  if (config.age_seconds) json["MaximumEventAgeInSeconds"] = *config.age_seconds;
  return json;
}

void ManagementFace::demand_destination(const std::string& arn) const {
  if (arn.empty() || !settings_.destination_fault) return;
  if (const std::string fault = settings_.destination_fault(arn); !fault.empty()) throw_invalid_value(fault);
}

http::Response ManagementFace::event_invoke_config(const Request& request) {
  RegisteredFunction& function = registered(request);
  const std::string qualifier = request.named.qualifier == kLatest ? "" : request.named.qualifier;
  version_of(request);
  const auto found = function.event_invoke_configs.find(qualifier);
  const bool replaces = request.is("PUT");
  if (!replaces && found == function.event_invoke_configs.end()) {
    throw_not_found("The function " + registry_.arn(request.named.name, qualifier.empty() ? kLatest : qualifier) +
                    " doesn't have an EventInvokeConfig");
  }
  if (request.is("DELETE")) {
    function.event_invoke_configs.erase(found);
    changed();
    return no_content();
  }
  if (request.is("GET")) return json_response(200, event_invoke_json(request.named.name, qualifier, found->second));
  if (!replaces && !request.is("POST")) throw_not_built(request.wire.method + " of an event-invoke-config");
  EventInvokeConfig config = replaces ? EventInvokeConfig{} : found->second;
  if (const auto retries = integer_field(request.body, "MaximumRetryAttempts", 0, 2)) {
    config.retries = static_cast<unsigned>(*retries);
  }
  if (const auto age = integer_field(request.body, "MaximumEventAgeInSeconds", 60, 21600)) {
    config.age_seconds = static_cast<unsigned>(*age);
  }
  if (const Json* const destinations = object_field(request.body, "DestinationConfig")) {
    const auto arn_of = [&](const char* member, std::string& arn) {
      const Json* const one = object_field(*destinations, member);
      if (one == nullptr) return;
      arn = string_field(*one, "Destination").value_or("");
      demand_destination(arn);
    };
    arn_of("OnSuccess", config.on_success);
    arn_of("OnFailure", config.on_failure);
  }
  config.modified = epoch_seconds();
  function.event_invoke_configs[qualifier] = config;
  changed();
  return json_response(200, event_invoke_json(request.named.name, qualifier, config));
}

http::Response ManagementFace::list_event_invoke_configs(const Request& request) {
  const RegisteredFunction& function = registered(request);
  std::vector<std::string> keys;
  Json items = Json::array();
  for (const auto& [qualifier, config] : function.event_invoke_configs) {
    keys.push_back(qualifier.empty() ? kLatest : qualifier);
    items.push_back(event_invoke_json(request.named.name, qualifier, config));
  }
  return json_response(200, page_of(request.wire.target, "FunctionEventInvokeConfigs", keys, std::move(items), 50));
}

// ---- event source mappings

Json ManagementFace::mapping_json(const EventSourceMapping& mapping, const char* state) const {
  Json json = Json::parse(mapping.json);
  json["UUID"] = mapping.uuid;
  json["FunctionArn"] = registry_.arn(mapping.function, mapping.qualifier);
  json["LastModified"] = mapping.modified;
  MappedQueues::Progress progress;
  if (settings_.mapping_progress) progress = settings_.mapping_progress(mapping);
  const std::chrono::duration<double> settling = settings_.settling;
  const bool is_settled = !progress.is_changing && epoch_seconds() - mapping.modified >= settling.count();
  json["State"] = state != nullptr  ? state
                  : !is_settled     ? mapping.transition
                  : mapping.enabled ? "Enabled"
                                    : "Disabled";
  json["StateTransitionReason"] =
      progress.is_fed || !mapping.enabled || !is_settled ? "USER_INITIATED" : kNothingFeedsIt;
  json["LastProcessingResult"] = progress.last_result.empty() ? "No records processed" : progress.last_result;
  return json;
}

http::Response ManagementFace::mappings(const Request& request) {
  if (request.is("GET")) {
    const std::string source = request.text("EventSourceArn");
    const NamedFunction wanted = parse_function_name(request.text("FunctionName"));
    std::vector<std::string> keys;
    Json items = Json::array();
    for (const auto& [uuid, mapping] : registry_.mappings) {
      if (!wanted.name.empty() && (mapping.function != wanted.name || mapping.qualifier != wanted.qualifier)) continue;
      const Json json = mapping_json(mapping);
      if (!source.empty() && json.value("EventSourceArn", "") != source) continue;
      keys.push_back(uuid);
      items.push_back(json);
    }
    return json_response(200, page_of(request.wire.target, "EventSourceMappings", keys, std::move(items), 100));
  }
  if (!request.is("POST")) throw_not_built(request.wire.method + " of event source mappings");
  const Json& body = request.body;
  const std::string arn = string_field(body, "EventSourceArn").value_or("");
  const bool self_managed = object_field(body, "SelfManagedEventSource") != nullptr;
  if (arn.empty() && !self_managed) throw_invalid_value("Event source ARN or self managed event source is required.");
  const std::string service = arn_service(arn);
  if (!self_managed && service.empty()) {
    throw_validation(arn, "eventSourceArn", "satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):…");
  }
  const NamedFunction named = parse_function_name(string_field(body, "FunctionName").value_or(""));
  if (!registry_.resolve(named.name, named.qualifier, 1.0)) {
    throw_not_found("Function not found: " + registry_.arn(named.name, named.qualifier));
  }
  const bool needs_start =
      self_managed || service == "kinesis" || service == "dynamodb" || service == "kafka" || service == "rds";
  if (needs_start && !string_field(body, "StartingPosition")) {
    throw_validation("null", "startingPosition", "not be null.");
  }
  for (const auto& [uuid, other] : registry_.mappings) {
    if (other.function != named.name || other.qualifier != named.qualifier || arn.empty()) continue;
    const Json json = Json::parse(other.json);
    if (json.value("EventSourceArn", "") != arn || json.value("Topics", Json()) != body.value("Topics", Json()))
      continue;
    throw_conflict(
        fmt::format("An event source mapping with {} arn (\" {} \") and function (\" {} \") already exists. "
                    "Please update or delete the existing mapping with UUID {}",
                    service, arn, named.name, uuid));
  }
  EventSourceMapping mapping;
  mapping.uuid = new_uuid();
  mapping.function = named.name;
  mapping.qualifier = named.qualifier;
  Json stored = body;
  stored.erase("FunctionName");
  stored.erase("Enabled");
  stored.erase("Tags");
  const Json defaults = mapping_defaults(body, service, arn);
  for (const auto& [member, value] : defaults.items()) {
    if (!stored.contains(member)) stored[member] = value;
  }
  mapping.json = json::compact(stored);
  mapping.enabled = flag_field(body, "Enabled").value_or(true);
  mapping.modified = epoch_seconds();
  registry_.mappings[mapping.uuid] = mapping;
  changed();
  return json_response(202, mapping_json(mapping, "Creating"));
}

http::Response ManagementFace::mapping(const Request& request, const std::string& uuid) {
  const auto found = registry_.mappings.find(uuid);
  if (found == registry_.mappings.end()) throw_not_found(kNoSuchResource);
  if (request.is("GET")) return json_response(200, mapping_json(found->second));
  if (request.is("DELETE")) {
    const Json json = mapping_json(found->second, "Deleting");
    registry_.mappings.erase(found);
    changed();
    return json_response(202, json);
  }
  if (!request.is("PUT")) throw_not_built(request.wire.method + " of an event source mapping");
  EventSourceMapping mapping = found->second;
  Json stored = Json::parse(mapping.json);
  for (const auto& [member, value] : request.body.items()) {
    if (member == "FunctionName" || member == "Enabled") continue;
    stored[member] = value;
  }
  const std::string arn = string_field(stored, "EventSourceArn").value_or("");
  mapping_defaults(stored, arn_service(arn), arn);
  if (const auto function = string_field(request.body, "FunctionName")) {
    const NamedFunction named = parse_function_name(*function);
    if (!registry_.resolve(named.name, named.qualifier, 1.0)) {
      throw_not_found("Function not found: " + registry_.arn(named.name, named.qualifier));
    }
    mapping.function = named.name;
    mapping.qualifier = named.qualifier;
  }
  mapping.json = json::compact(stored);
  mapping.enabled = flag_field(request.body, "Enabled").value_or(mapping.enabled);
  mapping.modified = epoch_seconds();
  mapping.transition = "Updating";
  found->second = mapping;
  changed();
  return json_response(202, mapping_json(mapping, "Updating"));
}

// ---- tags

http::Response ManagementFace::tags(const Request& request, const std::string& arn) {
  RegisteredFunction* const function = registry_.find(parse_function_name(arn).name);
  if (function == nullptr) throw_not_found("Function not found: " + arn);
  if (request.is("GET")) return json_response(200, {{"Tags", function->tags}});
  if (request.is("POST")) {
    const Json* const tags = object_field(request.body, "Tags");
    if (tags == nullptr) throw_validation("null", "tags", "not be null");
    for (const auto& [key, value] : tags->items()) function->tags[key] = string_field(*tags, key.c_str()).value_or("");
  } else if (request.is("DELETE")) {
    for (const std::string& key : query_values(request.wire.target, "tagKeys")) function->tags.erase(key);
  } else {
    throw_not_built(request.wire.method + " of tags");
  }
  changed();
  return no_content();
}

}  // namespace textlambda::emulator
