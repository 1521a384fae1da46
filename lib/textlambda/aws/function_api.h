// Functions of AWS Lambda, and of what speaks as it does: asked, updated, published, and what an alias leads to.
// https://docs.aws.amazon.com/lambda/latest/api/
// Not thread-safe: one a thread, of one session.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/aws/client.h"
#include "textlambda/http/message.h"

namespace textlambda::aws {

// NAME, NAME:QUALIFIER, or an ARN of either, taken apart.
struct FunctionName {
  std::string name;       // without its qualifier: a name or an ARN
  std::string qualifier;  // a version or an alias; empty: none is said
  std::string region;     // an ARN's; empty: none is said
};

// Throws Error(usage) for what is none.
FunctionName parse_function_name(const std::string& text);

struct FunctionConfiguration {
  std::string name;
  std::string arn;
  std::string version;  // "$LATEST", "7"
  std::string code_sha256;
  std::string revision_id;
  std::string package_type;  // "Zip", "Image"
  std::string state;         // "Active", "Pending", "Failed", …; may be empty
  std::string state_reason;
  std::string update_status;  // of the last update: "Successful", "InProgress", "Failed"; may be empty
  std::string update_reason;
  std::vector<std::string> architectures;
};

// Where the code comes from: a zip itself, or an object in S3.
struct FunctionCode {
  std::string_view zip = {};  // not owned
  std::string bucket = {};
  std::string key = {};
  std::string revision_id = {};  // what the function has to be at; empty: whatever it is
  bool dry_run = false;          // asks whether it could be done, and does nothing
};

struct FunctionAlias {
  std::string name;
  std::string version;
  std::map<std::string, double> weights;  // of other versions, shares of what is asked, 0 to 1
  std::string revision_id;
  std::string description;
};

// What a function answered to one event.
struct Invocation {
  unsigned status = 0;         // 200, unless the service itself refused
  std::string function_error;  // "Unhandled"; empty: it answered
  std::string payload;
  std::string version;   // that answered
  std::string log_tail;  // the last 4 KiB of it, where that was asked for
};

class FunctionApi {
 public:
  // `function` is what all calls are about; an ARN's region is where it is asked, unless the session says another.
  FunctionApi(std::shared_ptr<Session> session, FunctionName function, const ClientOptions& options = {});

  // The name in messages, and where it is asked: "lambda.eu-central-1.amazonaws.com".
  const std::string& name() const { return function_.name; }
  std::string host() const { return to_.target.host(); }
  const std::string& region() const { return to_.scope.region; }

  // A request of the Invoke API as it is made elsewhere (protocol/invoke_api.h), signed; the answer as it came. Not
  // asked again where the function may have begun, but where it was refused because too many are running.
  http::Response send(const http::Request& request);

  // The four below and those of aliases throw ServiceError where the service refuses, which an answer of the function's
  // that is an error is not.
  Invocation invoke(std::string_view event, bool with_log = false);
  FunctionConfiguration configuration(const std::string& qualifier = {});
  FunctionConfiguration update_code(const FunctionCode& code);
  FunctionConfiguration publish(const std::string& code_sha256, const std::string& revision_id,
                                const std::string& description);
  // Of published versions, with $LATEST, the oldest first.
  std::vector<FunctionConfiguration> versions();

  // Asks every second or so until the last update is over and the function is active. Throws Error(input_output) with
  // Lambda's reason where that failed, or where it takes longer than `patience`. `waiting` is told each state on the
  // way. `may_have_failed`: what failed is an answer like another.
  FunctionConfiguration settled(std::chrono::seconds patience, bool may_have_failed,
                                const std::function<void(const FunctionConfiguration&)>& waiting = {});

  std::optional<FunctionAlias> alias(const std::string& name);  // nothing: there is none
  FunctionAlias create_alias(const std::string& name, const std::string& version);
  // At the revision that `wanted` has, where it has one.
  FunctionAlias update_alias(const FunctionAlias& wanted);

 private:
  std::string path(std::string_view below) const;
  // The answer's JSON is the caller's to read; 2xx alone.
  http::Response ask(const std::string& method, const std::string& target, const std::string& body,
                     std::string_view subject);

  FunctionName function_;
  Destination to_;
  Client client_;
};

}  // namespace textlambda::aws
