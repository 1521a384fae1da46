// Functions and their versions.
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/function_json.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/emulator/management_request.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

}  // namespace

void demand_revision(const Json& body, const std::string& revision_id) {
  const auto wanted = string_field(body, "RevisionId");
  if (!wanted || *wanted == revision_id) return;
  throw ApiError(412, "PreconditionFailedException",
                 "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
                 "retrieve the latest Revision Id");
}

std::shared_ptr<const Code> ManagementFace::code_of(const Json& code, const std::string& function_name) {
  if (string_field(code, "ImageUri")) throw_not_built("container images");
  if (string_field(code, "S3Bucket")) throw_not_built("S3: give the zip itself, as ZipFile");
  const auto encoded = string_field(code, "ZipFile");
  if (!encoded) throw_invalid_value("Please provide a source for function code.");
  std::string zip;
  if (const std::string fault = encoding::decode_base64(*encoded, zip); !fault.empty()) {
    throw ApiError(400, "SerializationException", "ZipFile: " + fault);
  }
  if (zip.size() > kMostZipBytes) {
    throw ApiError(413, "RequestEntityTooLargeException",
                   fmt::format("Zip file must be smaller than {} bytes, found {}", kMostZipBytes, zip.size()));
  }
  try {
    return Code::of_zip(zip, settings_.scratch, "the zip of " + function_name);
  } catch (const io::Error& error) {
    throw_invalid_value(
        std::string("Could not unzip uploaded file. Please check your file, then try to upload again. (") +
        error.what() + ")");
  }
}

void ManagementFace::touch(RegisteredFunction& function, std::shared_ptr<Function> changed, bool is_new) {
  changed->last_modified = time_stamp();
  changed->revision_id = new_uuid();
  function.latest = std::move(changed);
  function.is_published = false;
  function.is_new = is_new;
  function.settled = std::chrono::steady_clock::now() + settings_.settling;
}

std::shared_ptr<const Function> ManagementFace::publish(RegisteredFunction& function, const std::string& description) {
  if (function.is_published) {
    if (const auto last = function.versions.find(function.last_version); last != function.versions.end()) {
      return last->second;
    }
  }
  auto version = std::make_shared<Function>(*function.latest);
  version->version = std::to_string(++function.last_version);
  version->revision_id = new_uuid();
  if (!description.empty()) version->description = description;
  function.versions[function.last_version] = version;
  function.is_published = true;
  return version;
}

http::Response ManagementFace::create_function(const Request& request) {
  const Json& body = request.body;
  const NamedFunction named = parse_function_name(string_field(body, "FunctionName").value_or(""));
  if (!is_function_name(named.name) || !named.qualifier.empty()) {
    throw_validation(string_field(body, "FunctionName").value_or("null"), "functionName",
                     "satisfy regular expression pattern: [a-zA-Z0-9-_]+, and have length between 1 and 64");
  }
  if (registry_.find(named.name) != nullptr) throw_conflict("Function already exist: " + named.name);
  for (const char* const member : {"Role", "Runtime", "Handler"}) {
    if (!string_field(body, member)) {
      throw_invalid_value(std::string("Runtime and Handler are mandatory parameters for functions created with "
                                      "deployment packages, and so is Role: there is no ") +
                          member);
    }
  }
  auto function = std::make_shared<Function>();
  function->name = named.name;
  function->region = registry_.region;
  function->account = registry_.account;
  apply_configuration(body, *function);
  apply_architectures(body, *function);
  if (const Json* const tenancy = object_field(body, "TenancyConfig")) {
    function->tenants = string_field(*tenancy, "TenantIsolationMode").value_or("") == "PER_TENANT";
  }
  const Json* const code = object_field(body, "Code");
  if (code == nullptr) throw_invalid_value("Please provide a source for function code.");
  function->code = code_of(*code, named.name);

  RegisteredFunction registered;
  if (const Json* const tags = object_field(body, "Tags")) {
    for (const auto& [key, value] : tags->items())
      registered.tags[key] = value.is_string() ? value.get<std::string>() : "";
  }
  touch(registered, std::move(function), true);
  RegisteredFunction& stored = registry_.functions[named.name] = std::move(registered);
  std::shared_ptr<const Function> shown = stored.latest;
  if (flag_field(body, "Publish").value_or(false)) shown = publish(stored, "");
  Json json = configuration_json(stored, *shown, shown->version == kLatest ? "" : shown->version);
  if (settings_.settling.count() == 0) {
    // It is ready by the next request; the answer to this one says what the cloud's says.
    json["State"] = "Pending";
    json["StateReason"] = "The function is being created.";
    json["StateReasonCode"] = "Creating";
    json.erase("LastUpdateStatus");
  }
  changed();
  return json_response(201, json);
}

http::Response ManagementFace::get_function(const Request& request, bool configuration_only) {
  const RegisteredFunction& function = registered(request);
  const std::shared_ptr<const Function> version = version_of(request);
  const Json configuration = configuration_json(function, *version, request.named.qualifier);
  if (configuration_only) return json_response(200, configuration);
  Json json = {{"Configuration", configuration},
               {"Code",
                {{"RepositoryType", "S3"},
                 {"Location", fmt::format("http://{}/_textlambda/code/{}/{}", settings_.address, version->name,
                                          version->version == kLatest ? "latest" : version->version)}}}};
  if (!function.tags.empty()) json["Tags"] = function.tags;
  if (function.reserved_concurrency) {
    json["Concurrency"] = {{"ReservedConcurrentExecutions", *function.reserved_concurrency}};
  }
  return json_response(200, json);
}

http::Response ManagementFace::fetch_code(const Request& request) const {
  const std::string& wanted = request.path.back();
  const std::shared_ptr<const Function> function =
      request.path.size() == 4 ? registry_.version(request.path[2], wanted == "latest" ? kLatest : wanted) : nullptr;
  if (function == nullptr) throw_not_found("there is no such code");
  const Code& code = *function->code;
  const bool is_zip = !code.zip_path.empty();
  try {
    const io::MappedFile file = io::MappedFile::open(is_zip ? code.zip_path : code.executable);
    return {.status = 200,
            .headers = {{"Content-Type", is_zip ? "application/zip" : "application/octet-stream"}},
            .body = std::string(file.view())};
  } catch (const io::Error& error) {
    throw_not_found(error.what());
  }
}

http::Response ManagementFace::list_functions(const Request& request) {
  const std::string which = request.text("FunctionVersion");
  if (!which.empty() && which != "ALL") throw_validation(which, "functionVersion", "satisfy enum value set: [ALL]");
  Json items = Json::array();
  std::vector<std::string> keys;
  for (const auto& [name, function] : registry_.functions) {
    keys.push_back(name);
    items.push_back(configuration_json(function, *function.latest, which.empty() ? "" : kLatest));
    if (which.empty()) continue;
    for (const auto& [number, version] : function.versions) {
      keys.push_back(name + ":" + version->version);
      items.push_back(configuration_json(function, *version, version->version));
    }
  }
  return json_response(200, page_of(request.wire.target, "Functions", keys, std::move(items), 50));
}

http::Response ManagementFace::update_code(const Request& request) {
  RegisteredFunction& function = registered(request);
  demand_settled(request, function);
  demand_revision(request.body, function.latest->revision_id);
  auto changed_function = std::make_shared<Function>(*function.latest);
  apply_architectures(request.body, *changed_function);
  changed_function->code = code_of(request.body, request.named.name);
  if (flag_field(request.body, "DryRun").value_or(false)) {
    return json_response(200, configuration_json(function, *changed_function, ""));
  }
  touch(function, std::move(changed_function), false);
  std::shared_ptr<const Function> shown = function.latest;
  if (flag_field(request.body, "Publish").value_or(false)) shown = publish(function, "");
  Json json = configuration_json(function, *shown, shown->version == kLatest ? "" : shown->version);
  if (shown->version == kLatest) json["LastUpdateStatus"] = "InProgress";
  changed();
  return json_response(200, json);
}

http::Response ManagementFace::update_configuration(const Request& request) {
  RegisteredFunction& function = registered(request);
  demand_settled(request, function);
  demand_revision(request.body, function.latest->revision_id);
  auto changed_function = std::make_shared<Function>(*function.latest);
  apply_configuration(request.body, *changed_function);
  touch(function, std::move(changed_function), false);
  Json json = configuration_json(function, *function.latest, "");
  json["LastUpdateStatus"] = "InProgress";
  changed();
  return json_response(200, json);
}

http::Response ManagementFace::delete_function(const Request& request) {
  RegisteredFunction& function = registered(request);
  const std::string& qualifier = request.named.qualifier;
  if (qualifier.empty()) {
    std::erase_if(registry_.mappings, [&](const auto& entry) { return entry.second.function == request.named.name; });
    registry_.functions.erase(request.named.name);
    changed();
    return {.status = 204, .headers = {}, .body = {}};
  }
  if (qualifier == kLatest) throw_invalid_value("$LATEST version cannot be deleted without deleting the function.");
  if (function.aliases.count(qualifier) != 0) throw_invalid_value("Deletion of aliases is not currently supported.");
  const std::shared_ptr<const Function> version = registry_.version(request.named.name, qualifier);
  if (version == nullptr) return {.status = 204, .headers = {}, .body = {}};  // as the cloud has it
  for (const auto& [name, alias] : function.aliases) {
    if (alias.version == qualifier || alias.weights.count(qualifier) != 0) {
      throw_conflict("Version " + qualifier + " is used by the alias " + name + " and cannot be deleted");
    }
  }
  function.versions.erase(std::stoull(version->version));
  changed();
  return {.status = 204, .headers = {}, .body = {}};
}

http::Response ManagementFace::publish_version(const Request& request) {
  RegisteredFunction& function = registered(request);
  demand_settled(request, function);
  demand_revision(request.body, function.latest->revision_id);
  const auto sha = string_field(request.body, "CodeSha256");
  if (sha && !sha->empty() && *sha != function.latest->code->sha256) {
    throw_invalid_value(
        fmt::format("CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please try "
                    "again with the CodeSHA256 in $LATEST.",
                    *sha, function.latest->code->sha256));
  }
  const std::shared_ptr<const Function> version =
      publish(function, string_field(request.body, "Description").value_or(""));
  changed();
  return json_response(201, configuration_json(function, *version, version->version));
}

http::Response ManagementFace::list_versions(const Request& request) {
  const RegisteredFunction& function = registered(request);
  std::vector<std::string> keys = {kLatest};
  Json items = {configuration_json(function, *function.latest, kLatest)};
  for (const auto& [number, version] : function.versions) {
    keys.push_back(version->version);
    items.push_back(configuration_json(function, *version, version->version));
  }
  return json_response(200, page_of(request.wire.target, "Versions", keys, std::move(items), 50));
}

}  // namespace textlambda::emulator
