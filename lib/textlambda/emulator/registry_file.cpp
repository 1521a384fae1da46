#include "textlambda/emulator/registry_file.h"

#include <filesystem>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/identifier.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr int kFormat = 1;

// As a name of a file.
std::string file_name(const std::string& sha256) {
  std::string name = sha256;
  for (char& c : name) {
    if (c == '/') c = '_';
    if (c == '+') c = '-';
  }
  return name + ".zip";
}

template <typename Value>
Json optional_json(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

template <typename Value>
std::optional<Value> optional_of(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional<Value>(json.get<Value>());
}

Json function_state(const Function& function) {
  return {{"version", function.version},
          {"description", function.description},
          {"role", function.role},
          {"runtime", function.runtime},
          {"handler", function.handler},
          {"architecture", function.architecture},
          {"memory_mb", function.memory_mb},
          {"temporary_mb", function.temporary_mb},
          {"timeout_ms", function.timeout.count()},
          {"environment", function.environment},
          {"dead_letter_arn", function.dead_letter_arn},
          {"json_logs", function.json_logs},
          {"tenants", function.tenants},
          {"max_concurrency", function.max_concurrency},
          {"told", function.told},
          {"last_modified", function.last_modified},
          {"revision_id", function.revision_id},
          {"code", function.code->zip_path.empty() ? Json{{"program", function.code->executable}}
                                                   : Json{{"zip", file_name(function.code->sha256)}}}};
}

// Of each zip one, however many versions have it.
using Codes = std::map<std::string, std::shared_ptr<const Code>>;

std::shared_ptr<const Code> code_of_state(const Json& json, const std::string& folder, const std::string& scratch,
                                          Codes& codes) {
  if (json.contains("program")) return Code::of_program(json.at("program").get<std::string>());
  const auto name = json.at("zip").get<std::string>();
  std::shared_ptr<const Code>& code = codes[name];
  if (code == nullptr) {
    const std::string path = (fs::path(folder) / "code" / fs::path(name).filename()).string();
    const io::MappedFile file = io::MappedFile::open(path);
    code = Code::of_zip(file.view(), scratch, path);
  }
  return code;
}

std::shared_ptr<Function> function_of_state(const Json& json, const Registry& registry, const std::string& name,
                                            std::shared_ptr<const Code> code) {
  auto function = std::make_shared<Function>();
  function->name = name;
  function->region = registry.region;
  function->account = registry.account;
  json.at("version").get_to(function->version);
  json.at("description").get_to(function->description);
  json.at("role").get_to(function->role);
  json.at("runtime").get_to(function->runtime);
  json.at("handler").get_to(function->handler);
  json.at("architecture").get_to(function->architecture);
  json.at("memory_mb").get_to(function->memory_mb);
  json.at("temporary_mb").get_to(function->temporary_mb);
  function->timeout = std::chrono::milliseconds(json.at("timeout_ms").get<std::int64_t>());
  json.at("environment").get_to(function->environment);
  json.at("dead_letter_arn").get_to(function->dead_letter_arn);
  json.at("json_logs").get_to(function->json_logs);
  json.at("tenants").get_to(function->tenants);
  json.at("max_concurrency").get_to(function->max_concurrency);
  json.at("told").get_to(function->told);
  json.at("last_modified").get_to(function->last_modified);
  json.at("revision_id").get_to(function->revision_id);
  function->code = std::move(code);
  return function;
}

Json relations_state(const RegisteredFunction& function) {
  Json aliases = Json::object();
  for (const auto& [name, alias] : function.aliases) {
    aliases[name] = {{"version", alias.version},
                     {"description", alias.description},
                     {"revision_id", alias.revision_id},
                     {"weights", alias.weights}};
  }
  Json urls = Json::object();
  for (const auto& [qualifier, url] : function.urls) {
    urls[qualifier] = {{"auth_type", url.auth_type},
                       {"cors", url.cors},
                       {"invoke_mode", url.invoke_mode},
                       {"created", url.created},
                       {"modified", url.modified}};
  }
  Json policies = Json::object();
  for (const auto& [qualifier, statements] : function.policies) {
    for (const PolicyStatement& statement : statements) policies[qualifier].push_back({statement.id, statement.json});
  }
  Json configs = Json::object();
  for (const auto& [qualifier, config] : function.event_invoke_configs) {
    configs[qualifier] = {{"retries", optional_json(config.retries)},
                          {"age_seconds", optional_json(config.age_seconds)},
                          {"on_success", config.on_success},
                          {"on_failure", config.on_failure},
                          {"modified", config.modified}};
  }
  return {{"aliases", aliases},
          {"urls", urls},
          {"policies", policies},
          {"event_invoke_configs", configs},
          {"tags", function.tags},
          {"last_version", function.last_version},
          {"is_published", function.is_published},
          {"reserved_concurrency", optional_json(function.reserved_concurrency)}};
}

void read_relations(const Json& json, RegisteredFunction& function) {
  for (const auto& [name, one] : json.at("aliases").items()) {
    function.aliases[name] = {name, one.at("version").get<std::string>(), one.at("description").get<std::string>(),
                              one.at("revision_id").get<std::string>(),
                              one.at("weights").get<std::map<std::string, double>>()};
  }
  for (const auto& [qualifier, one] : json.at("urls").items()) {
    function.urls[qualifier] = {one.at("auth_type").get<std::string>(),   one.at("cors").get<std::string>(),
                                one.at("invoke_mode").get<std::string>(), one.at("created").get<std::string>(),
                                one.at("modified").get<std::string>(),    ""};
  }
  for (const auto& [qualifier, statements] : json.at("policies").items()) {
    for (const Json& one : statements) {
      function.policies[qualifier].push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>()});
    }
  }
  for (const auto& [qualifier, one] : json.at("event_invoke_configs").items()) {
    function.event_invoke_configs[qualifier] = {
        optional_of<unsigned>(one.at("retries")), optional_of<unsigned>(one.at("age_seconds")),
        one.at("on_success").get<std::string>(), one.at("on_failure").get<std::string>(),
        one.at("modified").get<double>()};
  }
  json.at("tags").get_to(function.tags);
  json.at("last_version").get_to(function.last_version);
  json.at("is_published").get_to(function.is_published);
  function.reserved_concurrency = optional_of<unsigned>(json.at("reserved_concurrency"));
}

}  // namespace

RegistryFile::RegistryFile(std::string folder)
    : folder_([&] {
        std::error_code error;
        fs::create_directories(fs::path(folder) / "code", error);
        if (error) io::throw_system("cannot make the folder", folder, error.value());
        return std::move(folder);
      }()),
      lock_(folder_, 1) {}

void RegistryFile::load(Registry& registry, const std::string& scratch) const {
  const std::string path = (fs::path(folder_) / "registry.json").string();
  std::error_code error;
  if (!fs::exists(path, error)) return;
  const io::MappedFile file = io::MappedFile::open(path);
  Codes codes;
  try {
    const Json state = Json::parse(file.view());
    if (const int format = state.at("format").get<int>(); format != kFormat) {
      io::throw_input(fmt::format("is of format {}, expected {}", format, kFormat), path);
    }
    for (const auto& [name, json] : state.at("functions").items()) {
      RegisteredFunction function;
      for (const Json& one : json.at("versions")) {
        const auto version =
            function_of_state(one, registry, name, code_of_state(one.at("code"), folder_, scratch, codes));
        if (version->version == kLatest) {
          function.latest = version;
        } else {
          function.versions[std::stoull(version->version)] = version;
        }
      }
      if (function.latest == nullptr) io::throw_input("has no $LATEST of the function " + name, path);
      read_relations(json, function);
      registry.functions[name] = std::move(function);
    }
    for (const auto& [uuid, one] : state.at("mappings").items()) {
      registry.mappings[uuid] = {uuid,
                                 one.at("function").get<std::string>(),
                                 one.at("qualifier").get<std::string>(),
                                 one.at("json").get<std::string>(),
                                 one.at("enabled").get<bool>(),
                                 one.at("modified").get<double>()};
    }
  } catch (const Json::exception& fault) {
    io::throw_input(std::string("is no registry of textlambda-emulate: ") + fault.what(), path);
  } catch (const std::logic_error& fault) {  // a version that is no number
    io::throw_input(std::string("is no registry of textlambda-emulate: ") + fault.what(), path);
  }
}

void RegistryFile::save(const Registry& registry) const {
  std::set<std::string> kept;
  Json functions = Json::object();
  const auto keep = [&](const Function& function) {
    const Code& code = *function.code;
    if (code.zip_path.empty() || !kept.insert(file_name(code.sha256)).second) return;
    const fs::path path = fs::path(folder_) / "code" / file_name(code.sha256);
    std::error_code error;
    if (fs::exists(path, error)) return;
    const io::MappedFile zip = io::MappedFile::open(code.zip_path);
    io::write_file(path.string(), zip.view());
  };
  for (const auto& [name, function] : registry.functions) {
    Json json = relations_state(function);
    keep(*function.latest);
    json["versions"].push_back(function_state(*function.latest));
    for (const auto& [number, version] : function.versions) {
      keep(*version);
      json["versions"].push_back(function_state(*version));
    }
    functions[name] = std::move(json);
  }
  Json mappings = Json::object();
  for (const auto& [uuid, mapping] : registry.mappings) {
    mappings[uuid] = {{"function", mapping.function},
                      {"qualifier", mapping.qualifier},
                      {"json", mapping.json},
                      {"enabled", mapping.enabled},
                      {"modified", mapping.modified}};
  }
  const Json state = {{"format", kFormat}, {"functions", functions}, {"mappings", mappings}};
  io::write_file((fs::path(folder_) / "registry.json").string(),
                 state.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(folder_) / "code", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".zip") && kept.count(name) == 0) fs::remove(entry.path(), ignored);
  }
}

}  // namespace textlambda::emulator
