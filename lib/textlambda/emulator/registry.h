// What the account has: functions with their versions, aliases, URLs, permissions, and event source mappings. Plain
// data and the questions to it; who may change what is for the management face. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/function.h"

namespace textlambda::emulator {

struct Alias {
  std::string name;
  std::string version;  // a number; $LATEST where there are no weights
  std::string description;
  std::string revision_id;
  std::map<std::string, double> weights;  // of further versions, above 0 and up to 1
};

struct UrlConfig {
  std::string auth_type = "NONE";  // or AWS_IAM
  std::string cors;                // JSON as it was configured; empty: none
  std::string invoke_mode = "BUFFERED";
  std::string created;
  std::string modified;
  std::string url;  // where it is served; empty as long as it is not
};

// What becomes of an asynchronous event that fails.
struct EventInvokeConfig {
  std::optional<unsigned> retries;      // 0 to 2
  std::optional<unsigned> age_seconds;  // 60 to 21600
  std::string on_success;               // ARNs; empty: none
  std::string on_failure;
  double modified = 0;  // epoch seconds
};

struct PolicyStatement {
  std::string id;
  std::string json;
};

struct EventSourceMapping {
  std::string uuid;
  std::string function;   // its name
  std::string qualifier;  // may be empty
  std::string json;       // what was asked for, with the defaults
  bool enabled = true;
  double modified = 0;
  std::string transition = "Creating";  // what it says until it has settled
};

struct RegisteredFunction {
  std::shared_ptr<const Function> latest;
  std::map<std::uint64_t, std::shared_ptr<const Function>> versions;
  std::uint64_t last_version = 0;  // that was ever given; numbers are not used twice
  bool is_published = false;       // $LATEST is what the last version is
  std::map<std::string, Alias> aliases;
  std::optional<unsigned> reserved_concurrency;
  // By qualifier, "" for none.
  std::map<std::string, UrlConfig> urls;
  std::map<std::string, std::vector<PolicyStatement>> policies;
  std::map<std::string, EventInvokeConfig> event_invoke_configs;
  std::map<std::string, std::string> tags;
  // Until when the function says that it is being created or updated.
  std::chrono::steady_clock::time_point settled{};
  bool is_new = false;  // created, not updated

  bool is_settled() const { return std::chrono::steady_clock::now() >= settled; }
  // Of the events that the qualifier, which may be empty or $LATEST, takes; null where nothing was configured.
  const EventInvokeConfig* event_invoke_config(const std::string& qualifier) const;
};

// A version to call, as a qualifier named it.
struct Resolved {
  std::shared_ptr<const Function> function;
  std::string invoked_arn;  // as the caller qualified it
};

class Registry {
 public:
  std::string region = "us-east-1";
  std::string account = "012345678912";
  std::map<std::string, RegisteredFunction> functions;
  std::map<std::string, EventSourceMapping> mappings;  // by UUID

  RegisteredFunction* find(const std::string& name);
  const RegisteredFunction* find(const std::string& name) const;

  std::string arn(const std::string& name, const std::string& qualifier = "") const;

  // The version that `qualifier` names: empty, $LATEST, a number or an alias, which `fraction`, 0 to below 1, leads to
  // one of its versions. Nothing where there is none.
  std::optional<Resolved> resolve(const std::string& name, const std::string& qualifier, double fraction) const;

  // The version that stands under that number or $LATEST now; null where there is none.
  std::shared_ptr<const Function> version(const std::string& name, const std::string& version) const;
  // Whether it is that version still, and was not replaced or deleted.
  bool is_current(const Function& function) const;
};

}  // namespace textlambda::emulator
