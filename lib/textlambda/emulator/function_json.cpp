#include "textlambda/emulator/function_json.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/api_error.h"
#include "textlambda/json/document.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

[[noreturn]] void throw_type(const char* name, const char* expected) {
  throw ApiError(400, "SerializationException", fmt::format("{}: expected {}", name, expected));
}

const Json* value_of(const Json& object, const char* name) {
  const Json* const value = json::member(object, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
constexpr std::array kReservedVariables = {"_HANDLER",
                                           "_X_AMZN_TRACE_ID",
                                           "AWS_DEFAULT_REGION",
                                           "AWS_REGION",
                                           "AWS_EXECUTION_ENV",
                                           "AWS_LAMBDA_FUNCTION_NAME",
                                           "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                           "AWS_LAMBDA_FUNCTION_VERSION",
                                           "AWS_LAMBDA_INITIALIZATION_TYPE",
                                           "AWS_LAMBDA_LOG_GROUP_NAME",
                                           "AWS_LAMBDA_LOG_STREAM_NAME",
                                           "AWS_ACCESS_KEY",
                                           "AWS_ACCESS_KEY_ID",
                                           "AWS_SECRET_ACCESS_KEY",
                                           "AWS_SESSION_TOKEN",
                                           "AWS_LAMBDA_RUNTIME_API",
                                           "AWS_LAMBDA_MAX_CONCURRENCY",
                                           "LAMBDA_TASK_ROOT",
                                           "LAMBDA_RUNTIME_DIR"};

void apply_environment(const Json& environment, Function& function) {
  constexpr std::size_t kMostBytes = 4096;
  const Json* const variables = object_field(environment, "Variables");
  std::map<std::string, std::string> read;
  std::string reserved;
  if (variables != nullptr) {
    for (const auto& [name, value] : variables->items()) {
      if (!value.is_string()) throw_type("Environment.Variables", "strings");
      const bool fits = name.size() >= 2 && std::isalpha(static_cast<unsigned char>(name[0])) != 0 &&
                        std::all_of(name.begin(), name.end(), [](char c) {
                          return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
                        });
      if (std::find(kReservedVariables.begin(), kReservedVariables.end(), name) != kReservedVariables.end()) {
        reserved += (reserved.empty() ? "" : ", ") + name;
      } else if (!fits) {
        throw_validation(name, "environment.variables", "satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+");
      }
      read[name] = value.get<std::string>();
    }
  }
  if (!reserved.empty()) {
    throw_invalid_value(
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        "contains reserved keys that are currently not supported for modification. Reserved keys used in this "
        "request: " +
        reserved);
  }
  const std::string measured = Json(read).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (measured.size() > kMostBytes) {
    throw_invalid_value(
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        "exceeded the 4KB limit. String measured: " +
        measured);
  }
  function.environment = std::move(read);
}

bool is_filled(const Json& request, const char* name) {
  const Json* const value = value_of(request, name);
  return value != nullptr && !(value->is_array() && value->empty()) && !(value->is_object() && value->empty());
}

void refuse_what_is_not_built(const Json& request) {
  for (const char* const member : {"Layers", "FileSystemConfigs", "ImageConfig", "DurableConfig"}) {
    if (is_filled(request, member)) throw_not_built(std::string(member) + " of a function");
  }
  if (string_field(request, "PackageType").value_or("Zip") != "Zip") throw_not_built("container images");
  const Json* const snap_start = object_field(request, "SnapStart");
  if (snap_start != nullptr && string_field(*snap_start, "ApplyOn").value_or("None") != "None") {
    throw_invalid_value("provided.al2023 is not supported for SnapStart enabled functions.");
  }
}

void apply_runtime(const std::string& runtime, Function& function) {
  if (!runtime.starts_with("provided.")) {
    throw_invalid_value("textlambda-emulate runs custom runtimes: expected the runtime provided.al2023, found " +
                        runtime);
  }
  function.runtime = runtime;
}

void apply_logging(const Json& logging, Function& function) {
  const std::string format = string_field(logging, "LogFormat").value_or("Text");
  if (format != "Text" && format != "JSON") {
    throw_validation(format, "loggingConfig.logFormat", "satisfy enum value set: [JSON, Text]");
  }
  function.json_logs = format == "JSON";
}

void apply_capacity(const Json& capacity, Function& function) {
  const Json* const instances = object_field(capacity, "LambdaManagedInstancesCapacityProviderConfig");
  if (instances == nullptr) return;
  const auto most = integer_field(*instances, "PerExecutionEnvironmentMaxConcurrency", 1, 1600);
  function.max_concurrency = static_cast<unsigned>(most.value_or(16));
}

}  // namespace

bool is_function_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  return !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), fits);
}

std::optional<std::string> string_field(const Json& object, const char* name) {
  const Json* const value = value_of(object, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) throw_type(name, "a string");
  return value->get<std::string>();
}

std::optional<bool> flag_field(const Json& object, const char* name) {
  const Json* const value = value_of(object, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) throw_type(name, "true or false");
  return value->get<bool>();
}

std::optional<std::int64_t> integer_field(const Json& object, const char* name, std::int64_t least, std::int64_t most) {
  const Json* const value = value_of(object, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) throw_type(name, "a whole number");
  const bool fits = value->is_number_unsigned() ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most)
                                                : value->get<std::int64_t>() <= most;
  std::string member(name);
  member[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(member[0])));
  if (!fits) throw_validation(value->dump(), member, fmt::format("have value less than or equal to {}", most));
  const auto number = value->get<std::int64_t>();
  if (number < least)
    throw_validation(value->dump(), member, fmt::format("have value greater than or equal to {}", least));
  return number;
}

const Json* object_field(const Json& object, const char* name) {
  const Json* const value = value_of(object, name);
  if (value != nullptr && !value->is_object()) throw_type(name, "an object");
  return value;
}

void apply_configuration(const Json& request, Function& function) {
  refuse_what_is_not_built(request);
  if (const auto description = string_field(request, "Description")) {
    if (description->size() > 256)
      throw_validation(*description, "description", "have length less than or equal to 256");
    function.description = *description;
  }
  if (const auto role = string_field(request, "Role")) {
    if (!role->starts_with("arn:") || role->find(":iam::") == std::string::npos ||
        role->find(":role/") == std::string::npos) {
      throw_validation(*role, "role",
                       "satisfy regular expression pattern: "
                       "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");
    }
    function.role = *role;
  }
  if (const auto runtime = string_field(request, "Runtime")) apply_runtime(*runtime, function);
  if (const auto handler = string_field(request, "Handler")) {
    if (handler->empty() || handler->size() > 128 || handler->find(' ') != std::string::npos) {
      throw_validation(*handler, "handler", "satisfy regular expression pattern: [^\\s]+");
    }
    function.handler = *handler;
  }
  if (const auto memory = integer_field(request, "MemorySize", 128, 10240)) {
    function.memory_mb = static_cast<unsigned>(*memory);
  }
  if (const auto timeout = integer_field(request, "Timeout", 1, 900)) {
    function.timeout = std::chrono::seconds(*timeout);
  }
  if (const Json* const storage = object_field(request, "EphemeralStorage")) {
    if (const auto size = integer_field(*storage, "Size", 512, 10240)) {
      function.temporary_mb = static_cast<unsigned>(*size);
    }
  }
  if (const Json* const environment = object_field(request, "Environment")) apply_environment(*environment, function);
  if (const Json* const dead_letters = object_field(request, "DeadLetterConfig")) {
    function.dead_letter_arn = string_field(*dead_letters, "TargetArn").value_or("");
  }
  if (const Json* const logging = object_field(request, "LoggingConfig")) apply_logging(*logging, function);
  if (const Json* const capacity = object_field(request, "CapacityProviderConfig")) apply_capacity(*capacity, function);
  for (const char* const member :
       {"VpcConfig", "TracingConfig", "KMSKeyArn", "LoggingConfig", "CapacityProviderConfig"}) {
    if (const Json* const value = value_of(request, member)) function.told[member] = json::compact(*value);
  }
}

void apply_architectures(const Json& request, Function& function) {
  const Json* const architectures = value_of(request, "Architectures");
  if (architectures == nullptr) return;
  if (!architectures->is_array() || architectures->size() != 1 || !architectures->front().is_string()) {
    throw_type("Architectures", "a list of one string");
  }
  const auto architecture = architectures->front().get<std::string>();
  if (architecture != "x86_64" && architecture != "arm64") {
    throw_validation("[" + architecture + "]", "architectures", "satisfy enum value set: [x86_64, arm64]");
  }
  function.architecture = architecture;
}

Json configuration_json(const RegisteredFunction& registered, const Function& function, const std::string& qualifier) {
  Json json = {{"FunctionName", function.name},
               {"FunctionArn", function.arn() + (qualifier.empty() ? "" : ":" + qualifier)},
               {"Runtime", function.runtime},
               {"Role", function.role},
               {"Handler", function.handler},
               {"CodeSize", function.code->size},
               {"CodeSha256", function.code->sha256},
               {"Description", function.description},
               {"Timeout", (function.timeout.count() + 999) / 1000},
               {"MemorySize", function.memory_mb},
               {"LastModified", function.last_modified},
               {"Version", function.version},
               {"RevisionId", function.revision_id},
               {"PackageType", "Zip"},
               {"Architectures", {function.architecture}},
               {"EphemeralStorage", {{"Size", function.temporary_mb}}},
               {"TracingConfig", {{"Mode", "PassThrough"}}},
               {"SnapStart", {{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}}},
               {"LoggingConfig",
                {{"LogFormat", function.json_logs ? "JSON" : "Text"}, {"LogGroup", "/aws/lambda/" + function.name}}}};
  if (!function.environment.empty()) json["Environment"] = {{"Variables", function.environment}};
  if (!function.dead_letter_arn.empty()) json["DeadLetterConfig"] = {{"TargetArn", function.dead_letter_arn}};
  if (function.tenants) json["TenancyConfig"] = {{"TenantIsolationMode", "PER_TENANT"}};
  for (const auto& [member, text] : function.told) {
    Json value = Json::parse(text);
    if (value.is_object() && json.contains(member)) {
      json[member].update(value);
    } else {
      json[member] = std::move(value);
    }
  }
  const bool is_latest = function.version == kLatest;
  if (is_latest && !registered.is_settled() && registered.is_new) {
    json["State"] = "Pending";
    json["StateReason"] = "The function is being created.";
    json["StateReasonCode"] = "Creating";
  } else {
    json["State"] = "Active";
  }
  if (is_latest && !registered.is_settled() && !registered.is_new) {
    json["LastUpdateStatus"] = "InProgress";
    json["LastUpdateStatusReason"] = "The function is being created.";
    json["LastUpdateStatusReasonCode"] = "Creating";
  } else if (is_latest ? registered.is_settled() : true) {
    json["LastUpdateStatus"] = "Successful";
  }
  return json;
}

}  // namespace textlambda::emulator
