// Lambda's API but for invocations: functions, versions, aliases, concurrency, URLs, permissions, asynchronous
// settings, event source mappings, tags. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html Not
// thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/face_response.h"
#include "textlambda/emulator/mapped_queues.h"
#include "textlambda/emulator/registry.h"

namespace textlambda::emulator {

// The largest body of a request that brings a zip.
inline constexpr std::uint64_t kMostManagementBytes = 70'167'211;

struct ManagementSettings {
  std::string scratch;                    // a folder to unpack zips below
  std::chrono::milliseconds settling{0};  // for how long a function says that it is Pending or InProgress
  unsigned account_concurrency = 1000;
  std::string address;  // HOST:PORT of the API, for the place that a zip is fetched from
  // Called after each change, before its answer; a throw undoes nothing.
  std::function<void()> changed;
  // Why nothing can be delivered to an ARN that is configured as a destination; empty: it can.
  std::function<std::string(const std::string& arn)> destination_fault;
  // Where a mapping stands, and whether it is fed.
  std::function<MappedQueues::Progress(const EventSourceMapping&)> mapping_progress;
};

class ManagementFace {
 public:
  // `registry` has to outlive it.
  ManagementFace(Registry& registry, ManagementSettings settings);

  // Every request but invocations. Never throws ApiError: errors are answers.
  http::Response answer(const ServerRequest& request);

 private:
  struct Request;
  using Json = nlohmann::json;

  http::Response route(const Request& request);
  http::Response route_function(const Request& request);

  http::Response create_function(const Request& request);
  http::Response get_function(const Request& request, bool configuration_only);
  http::Response list_functions(const Request& request);
  http::Response update_code(const Request& request);
  http::Response update_configuration(const Request& request);
  http::Response delete_function(const Request& request);
  http::Response publish_version(const Request& request);
  http::Response list_versions(const Request& request);
  http::Response fetch_code(const Request& request) const;

  http::Response create_alias(const Request& request);
  http::Response update_alias(const Request& request, const std::string& name);
  http::Response get_alias(const Request& request, const std::string& name);
  http::Response delete_alias(const Request& request, const std::string& name);
  http::Response list_aliases(const Request& request);

  http::Response concurrency(const Request& request);
  http::Response url(const Request& request);
  http::Response list_urls(const Request& request);
  http::Response policy(const Request& request);
  http::Response remove_permission(const Request& request, const std::string& id);
  http::Response event_invoke_config(const Request& request);
  http::Response list_event_invoke_configs(const Request& request);
  http::Response mappings(const Request& request);
  http::Response mapping(const Request& request, const std::string& uuid);
  http::Response tags(const Request& request, const std::string& arn);
  http::Response account_settings() const;

  RegisteredFunction& registered(const Request& request);
  // The version of the request's qualifier.
  std::shared_ptr<const Function> version_of(const Request& request);
  std::shared_ptr<const Code> code_of(const Json& code, const std::string& function_name);
  void demand_settled(const Request& request, const RegisteredFunction& function) const;
  void touch(RegisteredFunction& function, std::shared_ptr<Function> changed, bool is_new);
  std::shared_ptr<const Function> publish(RegisteredFunction& function, const std::string& description);
  void apply_routing(const Json& request, const std::string& name, Alias& alias);
  Json alias_json(const std::string& function, const Alias& alias) const;
  Json url_json(const std::string& function, const std::string& qualifier, const UrlConfig& config) const;
  Json event_invoke_json(const std::string& function, const std::string& qualifier,
                         const EventInvokeConfig& config) const;
  Json mapping_json(const EventSourceMapping& mapping, const char* state = nullptr) const;
  void demand_destination(const std::string& arn) const;
  void changed() const;

  Registry& registry_;
  ManagementSettings settings_;
};

}  // namespace textlambda::emulator
