// The group "functions": create, look at, change and delete. Asked with --deploy alone, of the function that is made
// for it; the rows stand in the order of its life.
#include <array>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/deployment.h"
#include "textlambda/conform/row.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"

namespace textlambda::conform::managing {
namespace {

using Json = nlohmann::json;

constexpr const char* kAnyUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
constexpr std::string_view kApi = "https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html";
constexpr std::string_view kStates = "https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html";

const Finding& not_made() {
  static const Finding kFinding = skipped("no function was made: see functions.create");
  return kFinding;
}

// What CreateFunction and its like tell of a function.
void check_configuration(Judge& judge, const Json& told, const Session& session, const Deployed& deployed) {
  judge.equal("FunctionName", member_of(told, "FunctionName"), deployed.name);
  judge.matches("FunctionArn", string_of(told, "FunctionArn"),
                "arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:" + deployed.name);
  judge.equal("Runtime", member_of(told, "Runtime"), "provided.al2023");
  judge.equal("Role", member_of(told, "Role"), session.options().role);
  judge.equal("Handler", member_of(told, "Handler"), "bootstrap");
  judge.equal("PackageType", member_of(told, "PackageType"), "Zip");
  judge.equal("Version", member_of(told, "Version"), "$LATEST");
  judge.equal("Architectures", member_of(told, "Architectures"), Json::array({session.options().architecture}));
  judge.matches("RevisionId", string_of(told, "RevisionId"), kAnyUuid);
  judge.that(number_of(told, "CodeSize") > 0, "CodeSize: " + member_of(told, "CodeSize").dump());
}

Finding create(Session& session) {
  Judge judge("201, the configuration with State Pending or Active, CodeSha256 and RevisionId");
  const Json told = judge.json(session.created(), 201);
  check_configuration(judge, told, session, session.deployed());
  judge.matches("State", string_of(told, "State"), "Pending|Active");
  judge.equal("CodeSha256", member_of(told, "CodeSha256"), session.deployed().code_sha256);
  judge.equal("Timeout", member_of(told, "Timeout"), 5);
  judge.equal("MemorySize", member_of(told, "MemorySize"), 128);
  const Json variables = {{"PROBE_VARIABLE", "one"}};
  return judge.equal("Environment", member_of(member_of(told, "Environment"), "Variables"), variables).finding();
}

Finding active(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("State Active, LastUpdateStatus Successful, a moment later");
  const Json told = settled_configuration(session);
  judge.equal("State", member_of(told, "State"), "Active");
  return judge.equal("LastUpdateStatus", member_of(told, "LastUpdateStatus"), "Successful").finding();
}

Finding get(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("GetFunction: 200, Configuration and Code.Location");
  const Json told = judge.json(session.management("GET", function_path(session.deployed().name)), 200);
  check_configuration(judge, member_of(told, "Configuration"), session, session.deployed());
  judge.matches("Code.Location", string_of(member_of(told, "Code"), "Location"), ".+");
  return judge.equal("Code.RepositoryType", member_of(member_of(told, "Code"), "RepositoryType"), "S3").finding();
}

Finding get_configuration(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("GetFunctionConfiguration: 200");
  const Json told =
      judge.json(session.management("GET", function_path(session.deployed().name, "/configuration")), 200);
  check_configuration(judge, told, session, session.deployed());
  return judge.finding();
}

Finding get_by_arn(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("GetFunctionConfiguration by ARN: 200");
  const std::string path =
      "/2015-03-31/functions/" + encoding::percent_encoded(session.deployed().arn) + "/configuration";
  const Json told = judge.json(session.management("GET", path), 200);
  return judge.equal("FunctionName", member_of(told, "FunctionName"), session.deployed().name).finding();
}

Finding list(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("ListFunctions: 200, the function among them, page by page");
  std::string marker;
  bool found = false;
  for (int page = 0; page < 100 && !found && !judge.decided(); ++page) {
    const std::string query = marker.empty() ? "" : "?Marker=" + encoding::percent_encoded(marker);
    const Json told = judge.json(session.management("GET", "/2015-03-31/functions/" + query), 200);
    for (const Json& function : member_of(told, "Functions"))
      found = found || string_of(function, "FunctionName") == session.deployed().name;
    marker = string_of(told, "NextMarker");
    if (marker.empty()) break;
  }
  return judge.that(found, "not listed").finding();
}

Finding invoke_new(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("it is invoked, with the code and the variables that it was made of");
  const Json answer = judge.answered(session.invoke(command("ping"), {.function = session.deployed().name}));
  judge.equal("code", member_of(answer, "marker"), "one");
  return judge.equal("variable", member_of(answer, "variable"), "one").finding();
}

Finding create_again(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("409 ResourceConflictException for a name that is taken");
  const Options& options = session.options();
  const Json body = {{"FunctionName", session.deployed().name},
                     {"Runtime", "provided.al2023"},
                     {"Role", options.role},
                     {"Handler", "bootstrap"},
                     {"Code", {{"ZipFile", encoding::encode_base64(deployment_zip(options, "one"))}}}};
  const Json told = judge.api_error(session.management("POST", "/2015-03-31/functions", body), 409,
                                    {"ResourceConflictException"}, "message");
  return judge.equal("Type", member_of(told, "Type"), "User").finding();
}

Finding create_without_zip(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("400 InvalidParameterValueException for code that is no zip");
  const Json body = {{"FunctionName", session.unique("no-zip")},
                     {"Runtime", "provided.al2023"},
                     {"Role", session.options().role},
                     {"Handler", "bootstrap"},
                     {"Code", {{"ZipFile", encoding::encode_base64("this is no zip")}}}};
  judge.api_error(session.management("POST", "/2015-03-31/functions", body), 400, {"InvalidParameterValueException"},
                  "message");
  return judge.finding();
}

Finding create_with_long_name(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("400 for a name of 65 characters");
  const Options& options = session.options();
  const Json body = {{"FunctionName", std::string(65, 'a')},
                     {"Runtime", "provided.al2023"},
                     {"Role", options.role},
                     {"Handler", "bootstrap"},
                     {"Code", {{"ZipFile", encoding::encode_base64(deployment_zip(options, "one"))}}}};
  judge.api_error(session.management("POST", "/2015-03-31/functions", body), 400,
                  {"InvalidParameterValueException", "ValidationException"}, "message");
  return judge.finding();
}

Finding missing(Session& session, const std::string& method, const std::string& below, const Json& body) {
  if (!session.deployed().created) return not_made();
  const std::string name = session.unique("missing");
  Judge judge("404 ResourceNotFoundException {\"Type\":\"User\",\"Message\":\"Function not found: arn:…\"}");
  const std::string path = function_path(name, below);
  const http::Response response =
      body.is_null() ? session.management(method, path) : session.management(method, path, body);
  const Json told = judge.api_error(response, 404, {"ResourceNotFoundException"}, "Message");
  judge.equal("Type", member_of(told, "Type"), "User");
  return judge.matches("Message", string_of(told, "Message"), "Function not found: arn:.*:function:" + name + ".*")
      .finding();
}

Finding get_missing(Session& session) { return missing(session, "GET", "", Json()); }
Finding update_missing(Session& session) { return missing(session, "PUT", "/configuration", {{"Description", "x"}}); }
Finding delete_missing(Session& session) { return missing(session, "DELETE", "", Json()); }

Finding update_configuration(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge(
      "UpdateFunctionConfiguration: 200, LastUpdateStatus InProgress or Successful; then Successful, with the new "
      "values");
  const Json change = {{"Description", "changed"},
                       {"MemorySize", 256},
                       {"Timeout", 6},
                       {"Environment", {{"Variables", {{"PROBE_VARIABLE", "two"}}}}}};
  const std::string path = function_path(session.deployed().name, "/configuration");
  const Json told = judge.json(session.management("PUT", path, change), 200);
  judge.matches("LastUpdateStatus", string_of(told, "LastUpdateStatus"), "InProgress|Successful");
  if (judge.decided()) return judge.finding();
  const Json later = settled_configuration(session);
  judge.equal("LastUpdateStatus", member_of(later, "LastUpdateStatus"), "Successful");
  judge.equal("Description", member_of(later, "Description"), "changed");
  judge.equal("MemorySize", member_of(later, "MemorySize"), 256);
  judge.equal("Timeout", member_of(later, "Timeout"), 6);
  const Json variables = {{"PROBE_VARIABLE", "two"}};
  return judge.equal("Environment", member_of(member_of(later, "Environment"), "Variables"), variables).finding();
}

Finding updated_environment(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("the function has the new variable and memory, a warm environment or not");
  const Json answer = judge.answered(session.invoke(command("ping"), {.function = session.deployed().name}));
  judge.equal("variable", member_of(answer, "variable"), "two");
  return judge.equal("memory", member_of(answer, "memory_mb"), 256).finding();
}

Finding wrong_revision(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("412 PreconditionFailedException for a RevisionId of before");
  const Json change = {{"Description", "never"}, {"RevisionId", "00000000-0000-4000-8000-000000000000"}};
  const std::string path = function_path(session.deployed().name, "/configuration");
  judge.api_error(session.management("PUT", path, change), 412, {"PreconditionFailedException"}, "message");
  return judge.finding();
}

Finding bad_memory(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("400 for a MemorySize of 64");
  const std::string path = function_path(session.deployed().name, "/configuration");
  judge.api_error(session.management("PUT", path, {{"MemorySize", 64}}), 400,
                  {"InvalidParameterValueException", "ValidationException"}, "message");
  return judge.finding();
}

Finding reserved_zero(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("PutFunctionConcurrency 0: 200; an invocation is 429; without it, 200 again");
  const std::string& name = session.deployed().name;
  const std::string path = function_path(name, "/concurrency", "2017-10-31");
  const Json put = judge.json(session.management("PUT", path, {{"ReservedConcurrentExecutions", 0}}), 200);
  judge.equal("ReservedConcurrentExecutions", member_of(put, "ReservedConcurrentExecutions"), 0);
  if (judge.decided()) return judge.finding();
  const Json got = judge.json(session.management("GET", function_path(name, "/concurrency", "2019-09-30")), 200);
  judge.equal("ReservedConcurrentExecutions", member_of(got, "ReservedConcurrentExecutions"), 0);
  const http::Response refused = session.invoke(command("ping"), {.function = name});
  const http::Response deleted = session.management("DELETE", path);
  const Json body = judge.api_error(refused, 429, {"TooManyRequestsException"}, "message");
  judge.equal("Reason", member_of(body, "Reason"), "ReservedFunctionConcurrentInvocationLimitExceeded");
  judge.status(deleted, 204);
  const Json none = judge.json(session.management("GET", function_path(name, "/concurrency", "2019-09-30")), 200);
  judge.that(!none.contains("ReservedConcurrentExecutions"), none.dump());
  judge.answered(session.invoke(command("ping"), {.function = name}));
  return judge.finding();
}

Finding init_error(Session& session) {
  if (!session.deployed().created) return not_made();
  Judge judge("a function that reports an error of its initialisation: that error, Unhandled; then it is mended");
  const std::string& name = session.deployed().name;
  const std::string path = function_path(name, "/configuration");
  const auto set = [&](const Json& variables) {
    judge.json(session.management("PUT", path, {{"Environment", {{"Variables", variables}}}}), 200);
    judge.that(is_settled(settled_configuration(session)), "the update does not come to an end");
  };
  set({{"PROBE_VARIABLE", "two"}, {"PROBE_INIT", "error"}});
  const Json body = judge.function_error(session.invoke(command("ping"), {.function = name}));
  judge.equal("errorType", member_of(body, "errorType"), "Probe.InitError");
  judge.equal("errorMessage", member_of(body, "errorMessage"), "told at the start");
  const Finding found = judge.finding();
  set({{"PROBE_VARIABLE", "two"}});
  judge.answered(session.invoke(command("ping"), {.function = name}));
  return found.verdict == Verdict::fail ? found : judge.finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"functions.create", "CreateFunction", kApi, create},
    {"functions.active", "whether it becomes active", kStates, active},
    {"functions.get", "GetFunction", kApi, get},
    {"functions.get_configuration", "GetFunctionConfiguration", kApi, get_configuration},
    {"functions.get_by_arn", "the same by ARN", kApi, get_by_arn},
    {"functions.list", "ListFunctions", kApi, list},
    {"functions.invoke", "its first invocation", kApi, invoke_new},
    {"functions.create_again", "CreateFunction of a name that is taken", source::kRecorded, create_again},
    {"functions.create_without_zip", "CreateFunction of what is no zip", kApi, create_without_zip},
    {"functions.create_with_long_name", "CreateFunction of a name that is too long", source::kRecorded,
     create_with_long_name},
    {"functions.get_missing", "GetFunction of none", source::kRecorded, get_missing},
    {"functions.update_missing", "UpdateFunctionConfiguration of none", source::kRecorded, update_missing},
    {"functions.delete_missing", "DeleteFunction of none", source::kRecorded, delete_missing},
    {"functions.update_configuration", "UpdateFunctionConfiguration", source::kRecorded, update_configuration},
    {"functions.updated_environment", "what the function sees of that", kApi, updated_environment},
    {"functions.wrong_revision", "UpdateFunctionConfiguration of a revision of before", kApi, wrong_revision},
    {"functions.bad_memory", "UpdateFunctionConfiguration with too little memory", source::kQuotas, bad_memory},
    {"functions.reserved_zero", "PutFunctionConcurrency, Get… and Delete…", source::kRecorded, reserved_zero},
    {"functions.init_error", "an error of the initialisation", source::kRuntimeApi, init_error},
});

}  // namespace
}  // namespace textlambda::conform::managing

namespace textlambda::conform {

std::span<const Row> function_rows() { return managing::kRows; }

}  // namespace textlambda::conform
