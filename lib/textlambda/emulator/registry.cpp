#include "textlambda/emulator/registry.h"

#include <charconv>

namespace textlambda::emulator {
namespace {

std::optional<std::uint64_t> version_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

RegisteredFunction* Registry::find(const std::string& name) {
  const auto found = functions.find(name);
  return found == functions.end() ? nullptr : &found->second;
}

const RegisteredFunction* Registry::find(const std::string& name) const {
  const auto found = functions.find(name);
  return found == functions.end() ? nullptr : &found->second;
}

std::string Registry::arn(const std::string& name, const std::string& qualifier) const {
  Function named;
  named.name = name;
  named.region = region;
  named.account = account;
  return named.arn() + (qualifier.empty() ? "" : ":" + qualifier);
}

const EventInvokeConfig* RegisteredFunction::event_invoke_config(const std::string& qualifier) const {
  const auto found = event_invoke_configs.find(qualifier == kLatest ? "" : qualifier);
  return found == event_invoke_configs.end() ? nullptr : &found->second;
}

bool Registry::is_current(const Function& function) const {
  return version(function.name, function.version).get() == &function;
}

std::shared_ptr<const Function> Registry::version(const std::string& name, const std::string& version) const {
  const RegisteredFunction* const function = find(name);
  if (function == nullptr) return nullptr;
  if (version.empty() || version == kLatest) return function->latest;
  const std::optional<std::uint64_t> number = version_number(version);
  const auto found = number ? function->versions.find(*number) : function->versions.end();
  return found == function->versions.end() ? nullptr : found->second;
}

std::optional<Resolved> Registry::resolve(const std::string& name, const std::string& qualifier,
                                          double fraction) const {
  const RegisteredFunction* const function = find(name);
  if (function == nullptr) return std::nullopt;
  std::string chosen = qualifier;
  if (const auto alias = function->aliases.find(qualifier); alias != function->aliases.end()) {
    chosen = alias->second.version;
    for (const auto& [version, weight] : alias->second.weights) {
      if (fraction < weight) {
        chosen = version;
        break;
      }
      fraction -= weight;
    }
  }
  std::shared_ptr<const Function> found = version(name, chosen);
  if (found == nullptr) return std::nullopt;
  return Resolved{std::move(found), arn(name, qualifier)};
}

}  // namespace textlambda::emulator
