#include "textlambda/emulator/functions_file.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include <fmt/format.h>

// Without exceptions a fault comes back with its place, and no stream is involved.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/package/elf.h"

namespace textlambda::emulator {
namespace {

namespace fs = std::filesystem;

// Reads one table, and says of what is wrong where it stands.
class TableReader {
 public:
  TableReader(const std::string& path, const std::string& of) : path_(path), of_(of) {}

  [[noreturn]] void fail(const toml::node& node, const std::string& name, const std::string& expected) const {
    io::throw_input(fmt::format("{}.{}: expected {}", of_, name, expected), path_, node.source().begin.line);
  }

  std::string text(const toml::node& node, const std::string& name) const {
    const auto value = node.value_exact<std::string>();
    if (!value) fail(node, name, "a string");
    return *value;
  }

  bool flag(const toml::node& node, const std::string& name) const {
    const auto value = node.value_exact<bool>();
    if (!value) fail(node, name, "true or false");
    return *value;
  }

  unsigned number(const toml::node& node, const std::string& name, unsigned least, unsigned most) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) fail(node, name, fmt::format("{} to {}", least, most));
    return static_cast<unsigned>(*value);
  }

  double seconds(const toml::node& node, const std::string& name, double most) const {
    const auto value = node.value<double>();
    if (!value || !(*value > 0 && *value <= most)) {
      fail(node, name, fmt::format("seconds, above 0 and up to {}", most));
    }
    return *value;
  }

  std::map<std::string, std::string> texts(const toml::node& node, const std::string& name) const {
    const toml::table* const table = node.as_table();
    if (table == nullptr) fail(node, name, "a table of strings");
    std::map<std::string, std::string> result;
    for (const auto& [key, value] : *table) {
      result[std::string(key.str())] = text(value, name + "." + std::string(key.str()));
    }
    return result;
  }

  std::vector<std::string> list(const toml::node& node, const std::string& name) const {
    const toml::array* const array = node.as_array();
    if (array == nullptr) fail(node, name, "a list of strings");
    std::vector<std::string> result;
    for (const toml::node& value : *array) result.push_back(text(value, name));
    return result;
  }

 private:
  const std::string& path_;
  const std::string& of_;
};

std::string beside(const std::string& path, const std::string& file) {
  const fs::path folder = fs::path(path).parent_path();
  return fs::path(file).is_absolute() || folder.empty() ? file : (folder / file).lexically_normal().string();
}

// The same as an absolute one. What has a scheme, as s3://bucket/key, is no file of this machine.
std::string absolute(const std::string& path, const std::string& file) {
  if (file.find("://") != std::string::npos) return file;
  std::error_code ignored;
  return fs::absolute(beside(path, file), ignored).lexically_normal().string();
}

FunctionSpec read_function(const std::string& path, const std::string& name, const toml::table& table,
                           const FunctionSpec& defaults) {
  const std::string of = "functions." + name;
  const TableReader read(path, of);
  FunctionSpec spec = defaults;
  spec.name = name;
  using Setter = std::function<void(const toml::node&, const std::string&)>;
  const std::map<std::string, Setter, std::less<>> members = {
      {"file", [&](const auto& node, const auto& key) { spec.file = beside(path, read.text(node, key)); }},
      {"handler", [&](const auto& node, const auto& key) { spec.handler = read.text(node, key); }},
      {"memory", [&](const auto& node, const auto& key) { spec.memory_mb = read.number(node, key, 128, 10240); }},
      {"timeout",
       [&](const auto& node, const auto& key) {
         spec.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(read.seconds(node, key, 900) * 1000));
       }},
      {"environment",
       [&](const auto& node, const auto& key) {
         for (auto& [variable, value] : read.texts(node, key)) spec.environment[variable] = value;
       }},
      {"model", [&](const auto& node,
                    const auto& key) { spec.environment["TEXTLAMBDA_MODEL"] = absolute(path, read.text(node, key)); }},
      {"concurrency", [&](const auto& node, const auto& key) { spec.concurrency = read.number(node, key, 0, 1000); }},
      {"max-concurrency",
       [&](const auto& node, const auto& key) { spec.max_concurrency = read.number(node, key, 1, 1600); }},
      {"json-logs", [&](const auto& node, const auto& key) { spec.json_logs = read.flag(node, key); }},
      {"tenants", [&](const auto& node, const auto& key) { spec.tenants = read.flag(node, key); }},
      {"retries", [&](const auto& node, const auto& key) { spec.event_invoke.retries = read.number(node, key, 0, 2); }},
      {"event-age",
       [&](const auto& node, const auto& key) { spec.event_invoke.age_seconds = read.number(node, key, 60, 21600); }},
      {"on-success", [&](const auto& node, const auto& key) { spec.event_invoke.on_success = read.text(node, key); }},
      {"on-failure", [&](const auto& node, const auto& key) { spec.event_invoke.on_failure = read.text(node, key); }},
      {"own",
       [&](const auto& node, const auto& key) {
         spec.own = read.text(node, key);
         if (spec.own != "serve" && spec.own != "serve-s3" && spec.own != "retrain") {
           read.fail(node, key, "serve, serve-s3 or retrain");
         }
       }},
      {"paths",
       [&](const auto& node, const auto& key) {
         for (auto& [variable, value] : read.texts(node, key)) spec.environment[variable] = absolute(path, value);
       }},
      {"sources", [&](const auto& node, const auto& key) { spec.sources = read.list(node, key); }},
  };
  for (const auto& [key, node] : table) {
    const auto member = members.find(std::string_view(key.str()));
    if (member == members.end()) {
      std::string known;
      for (const auto& [one, setter] : members) known += (known.empty() ? "" : ", ") + one;
      io::throw_input(fmt::format("{} has no member \"{}\"; there are {}", of, key.str(), known), path,
                      node.source().begin.line);
    }
    member->second(node, std::string(key.str()));
  }
  if (spec.file.empty() == spec.own.empty()) {
    io::throw_input(of + (spec.own.empty() ? " has no file" : " has both file and own"), path,
                    table.source().begin.line);
  }
  return spec;
}

}  // namespace

std::vector<FunctionSpec> read_functions_file(const std::string& path, const FunctionSpec& defaults) {
  const io::MappedFile file = io::MappedFile::open(path);
  const toml::parse_result parsed = toml::parse(file.view(), std::string_view(path));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    io::throw_input(fmt::format("is no TOML: {}", error.description()), path, error.source().begin.line);
  }
  const toml::table& root = parsed.table();
  std::vector<FunctionSpec> specs;
  for (const auto& [key, node] : root) {
    const toml::table* const functions = node.as_table();
    if (key.str() != "functions" || functions == nullptr) {
      io::throw_input(fmt::format("expected tables [functions.NAME], found \"{}\"", key.str()), path,
                      node.source().begin.line);
    }
    for (const auto& [name, one] : *functions) {
      const toml::table* const table = one.as_table();
      if (table == nullptr) {
        io::throw_input(fmt::format("functions.{}: expected a table", name.str()), path, one.source().begin.line);
      }
      specs.push_back(read_function(path, std::string(name.str()), *table, defaults));
    }
  }
  if (specs.empty()) io::throw_input("describes no function: expected tables [functions.NAME]", path);
  return specs;
}

std::shared_ptr<Function> function_of(const FunctionSpec& spec, const std::string& scratch) {
  auto function = std::make_shared<Function>();
  function->name = spec.name;
  function->handler = spec.handler;
  function->memory_mb = spec.memory_mb;
  function->timeout = spec.timeout;
  function->environment = spec.environment;
  function->max_concurrency = spec.max_concurrency;
  function->json_logs = spec.json_logs;
  function->tenants = spec.tenants;
  if (const auto own = package::own_architecture()) function->architecture = package::architecture_name(*own);
  std::error_code ignored;
  if (!fs::is_regular_file(spec.file, ignored)) {
    function->code = Code::of_program(spec.file);
    return function;
  }
  const io::MappedFile file = io::MappedFile::open(spec.file);
  function->code =
      archive::is_zip(file.view()) ? Code::of_zip(file.view(), scratch, spec.file) : Code::of_program(spec.file);
  if (const std::string fault = start_fault(*function->code); !fault.empty()) io::throw_input(fault, spec.file);
  return function;
}

}  // namespace textlambda::emulator
