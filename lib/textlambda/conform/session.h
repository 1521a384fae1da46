// What rows ask a host with, and what they know of each other. A row's calls share its deadline. call() and invoke()
// may be used by several threads at a time; the rest by one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/conform/options.h"
#include "textlambda/tls/connection.h"
#include "textlambda/tls/deadline.h"

namespace textlambda::conform {

// How an invocation is asked for, besides its event.
struct Invocation {
  std::string type = {};            // X-Amz-Invocation-Type; empty: not sent
  bool tail = false;                // X-Amz-Log-Type: Tail
  std::string function = {};        // empty: the session's
  std::string qualifier = {};       // ?Qualifier=
  std::string client_context = {};  // as it is sent: base64
  std::string tenant = {};          // X-Amz-Tenant-Id
};

// What the probe told of itself.
struct Probe {
  std::string kind;  // "bootstrap" or "node"
  unsigned memory_mb = 0;
  long timeout_ms = 0;            // as it was left when the probe had the event: a little less than the function's
  std::string function_arn = {};  // as the function was told, without a qualifier; empty: it was not
  bool is_bootstrap() const { return kind == "bootstrap"; }
};

// What is known of the function that --deploy made; the rows of function management change it one after the other.
struct Deployed {
  bool created = false;
  std::string name;
  std::string arn;
  std::string code_sha256;  // base64
  std::string version;      // published first, and second
  std::string next_version;
  bool alias = false;
  std::string mapping;  // UUID
};

class Session {
 public:
  explicit Session(const Options& options);

  const Options& options() const { return options_; }
  const Probe& probe() const { return probe_; }
  void set_probe(Probe probe) { probe_ = std::move(probe); }
  const std::string& function() const { return function_; }
  void set_function(std::string name) { function_ = std::move(name); }
  // The name alone, without ARN and qualifier.
  std::string bare_name() const;
  Deployed& deployed() { return deployed_; }
  // What the host said to CreateFunction, with --deploy.
  const http::Response& created() const { return created_; }
  void set_created(http::Response response) { created_ = std::move(response); }

  // Of the row that is asked now.
  const Deadline& deadline() const { return deadline_; }
  void begin_row() { begin_row(options_.row_timeout); }
  void begin_row(std::chrono::milliseconds timeout) { deadline_ = {Clock::now() + timeout, options_.interrupted}; }
  // Pauses, but not beyond the deadline. False where that is over.
  bool pause(std::chrono::milliseconds time) const;

  // A name that no other run uses.
  std::string unique(std::string_view what) const { return "conform-" + options_.unique + "-" + std::string(what); }

  // On a connection of its own. Throw Error(input_output) where there is no answer in time.
  http::Response call(const Call& call) const;
  http::Response call(const Call& call, const Deadline& deadline) const;
  Connection connect() const { return connect(deadline_); }
  Connection connect(const Deadline& deadline) const;
  http::Response management(const std::string& method, const std::string& path, const nlohmann::json& body) const;
  http::Response management(const std::string& method, const std::string& path) const;

  // The invocation of an event, which is JSON or is meant not to be; body() has to outlive what is made of it.
  Call invocation(std::string_view event, const Invocation& how) const;
  http::Response invoke_text(std::string_view event, const Invocation& how = {}) const;
  http::Response invoke(const nlohmann::json& event, const Invocation& how = {}) const;
  // Several at a time; an answer each, in their order. What went wrong with one is its status 0 and its body.
  std::vector<http::Response> invoke_all(const std::vector<nlohmann::json>& events, const Invocation& how = {}) const;

 private:
  Options options_;
  std::string function_;
  Probe probe_;
  Deployed deployed_;
  http::Response created_;
  Deadline deadline_;
};

// The decoded X-Amz-Log-Result; empty where there is none.
std::string log_tail(const http::Response& answer);

// {"probe": command}, and more members where those are given.
nlohmann::json command(std::string_view name);
nlohmann::json command(std::string_view name, nlohmann::json more);

// Path of a function, or of what is below it ("/configuration"): the name as one segment, its colons kept.
std::string function_path(std::string_view name, std::string_view below = {}, std::string_view version = "2015-03-31");

}  // namespace textlambda::conform
