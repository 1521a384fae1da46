// The group "faces": how a function is reached besides Invoke, its URL and its event source mappings, as they are
// configured; and the function's end. Asked with --deploy alone, behind the groups "functions" and "versions".
#include <array>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/deployment.h"
#include "textlambda/conform/row.h"
#include "textlambda/encoding/percent_encoding.h"

namespace textlambda::conform::facing {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kUrls = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html";
constexpr std::string_view kMappings =
    "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html";
constexpr std::string_view kDelete = "https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html";
constexpr const char* kMappingsPath = "/2015-03-31/event-source-mappings/";

const Finding& no_function() {
  static const Finding kFinding = skipped("no function was made: see functions.create");
  return kFinding;
}

std::string url_path(Session& session) { return function_path(session.deployed().name, "/url", "2021-10-31"); }

Finding create_url(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("CreateFunctionUrlConfig: 201, FunctionUrl, FunctionArn, AuthType");
  const Json told = judge.json(session.management("POST", url_path(session), {{"AuthType", "AWS_IAM"}}), 201);
  judge.matches("FunctionUrl", string_of(told, "FunctionUrl"), "https?://.+/");
  judge.equal("AuthType", member_of(told, "AuthType"), "AWS_IAM");
  return judge.matches("FunctionArn", string_of(told, "FunctionArn"), "arn:.*:function:" + session.deployed().name)
      .finding();
}

Finding url_again(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("409 ResourceConflictException for a second URL");
  judge.api_error(session.management("POST", url_path(session), {{"AuthType", "AWS_IAM"}}), 409,
                  {"ResourceConflictException"}, "message");
  return judge.finding();
}

Finding get_url(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("GetFunctionUrlConfig: 200, InvokeMode BUFFERED");
  const Json told = judge.json(session.management("GET", url_path(session)), 200);
  judge.equal("AuthType", member_of(told, "AuthType"), "AWS_IAM");
  return judge.equal("InvokeMode", member_of(told, "InvokeMode"), "BUFFERED").finding();
}

Finding bad_url(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("400 ValidationException for an AuthType that there is not");
  judge.api_error(session.management("PUT", url_path(session), {{"AuthType", "PASSWORD"}}), 400,
                  {"ValidationException"}, "message");
  return judge.finding();
}

Finding delete_url(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("DeleteFunctionUrlConfig: 204; then GetFunctionUrlConfig is 404");
  judge.status(session.management("DELETE", url_path(session)), 204);
  judge.api_error(session.management("GET", url_path(session)), 404, {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

Finding create_mapping(Session& session) {
  if (!session.deployed().created) return no_function();
  if (session.options().queue.empty()) return skipped("no queue to take events from: --queue ARN");
  Judge judge("CreateEventSourceMapping: 202, UUID, State Creating, Enabling or Enabled, BatchSize as given");
  const Json body = {{"EventSourceArn", session.options().queue},
                     {"FunctionName", session.deployed().name},
                     {"BatchSize", 5},
                     {"Enabled", false},
                     {"FunctionResponseTypes", {"ReportBatchItemFailures"}}};
  const Json told = judge.json(session.management("POST", kMappingsPath, body), 202);
  judge.matches("UUID", string_of(told, "UUID"), "[0-9a-f-]{36}");
  judge.matches("State", string_of(told, "State"), "Creating|Enabling|Enabled|Disabled");
  judge.equal("BatchSize", member_of(told, "BatchSize"), 5);
  judge.equal("EventSourceArn", member_of(told, "EventSourceArn"), session.options().queue);
  judge.equal("FunctionResponseTypes", member_of(told, "FunctionResponseTypes"),
              Json::array({"ReportBatchItemFailures"}));
  if (!judge.decided()) session.deployed().mapping = string_of(told, "UUID");
  return judge.finding();
}

const Finding& no_mapping() {
  static const Finding kFinding = skipped("there is no mapping: see faces.mapping");
  return kFinding;
}

// Waits until it is made, or changed; the last that was told.
Json settled_mapping(Session& session, Judge& judge) {
  Json told;
  do {
    told = judge.json(session.management("GET", kMappingsPath + session.deployed().mapping), 200);
    if (!string_of(told, "State").ends_with("ing")) return told;
  } while (!judge.decided() && session.pause(std::chrono::milliseconds(500)));
  return told;
}

Finding get_mapping(Session& session) {
  if (session.deployed().mapping.empty()) return no_mapping();
  Judge judge("GetEventSourceMapping and ListEventSourceMappings: 200; Disabled in the end, as it was made");
  const Json told = settled_mapping(session, judge);
  judge.equal("State", member_of(told, "State"), "Disabled");
  const std::string query = "?FunctionName=" + encoding::percent_encoded(session.deployed().name);
  const Json all = judge.json(session.management("GET", kMappingsPath + query), 200);
  bool found = false;
  for (const Json& mapping : member_of(all, "EventSourceMappings"))
    found = found || string_of(mapping, "UUID") == session.deployed().mapping;
  return judge.that(found, "not listed").finding();
}

Finding update_mapping(Session& session) {
  if (session.deployed().mapping.empty()) return no_mapping();
  Judge judge("UpdateEventSourceMapping: 202; the new BatchSize in the end");
  judge.json(session.management("PUT", kMappingsPath + session.deployed().mapping, {{"BatchSize", 7}}), 202);
  if (judge.decided()) return judge.finding();
  return judge.equal("BatchSize", member_of(settled_mapping(session, judge), "BatchSize"), 7).finding();
}

Finding missing_mapping(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("404 ResourceNotFoundException for a mapping that is not there");
  judge.api_error(session.management("GET", std::string(kMappingsPath) + "00000000-0000-4000-8000-000000000000"), 404,
                  {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

Finding delete_mapping(Session& session) {
  if (session.deployed().mapping.empty()) return no_mapping();
  Judge judge("DeleteEventSourceMapping: 202, State Deleting; 404 in the end");
  const std::string path = kMappingsPath + session.deployed().mapping;
  const Json told = judge.json(session.management("DELETE", path), 202);
  judge.equal("State", member_of(told, "State"), "Deleting");
  if (judge.decided()) return judge.finding();
  http::Response last;
  do {
    last = session.management("GET", path);
  } while (last.status == 200 && session.pause(std::chrono::milliseconds(500)));
  judge.status(last, 404);
  if (!judge.decided()) session.deployed().mapping.clear();
  return judge.finding();
}

Finding delete_version(Session& session) {
  if (session.deployed().version.empty()) return skipped("there is no version: see versions.publish");
  Judge judge("DeleteFunction of a version: 204; its invocation is 404, the function's is 200");
  const Deployed& deployed = session.deployed();
  judge.status(session.management("DELETE", function_path(deployed.name, "?Qualifier=" + deployed.version)), 204);
  judge.api_error(session.invoke(command("ping"), {.function = deployed.name, .qualifier = deployed.version}), 404,
                  {"ResourceNotFoundException"}, "Message");
  judge.answered(session.invoke(command("ping"), {.function = deployed.name}));
  return judge.finding();
}

Finding delete_function(Session& session) {
  if (!session.deployed().created) return no_function();
  Judge judge("DeleteFunction: 204; then GetFunction and Invoke are 404");
  const std::string path = function_path(session.deployed().name);
  judge.status(session.management("DELETE", path), 204);
  if (judge.decided()) return judge.finding();
  session.deployed().created = false;
  judge.api_error(session.management("GET", path), 404, {"ResourceNotFoundException"}, "Message");
  judge.api_error(session.invoke(command("ping"), {.function = session.deployed().name}), 404,
                  {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"faces.url", "CreateFunctionUrlConfig", source::kRecorded, create_url},
    {"faces.url_again", "CreateFunctionUrlConfig twice", source::kRecorded, url_again},
    {"faces.get_url", "GetFunctionUrlConfig", source::kRecorded, get_url},
    {"faces.bad_url", "UpdateFunctionUrlConfig with an AuthType of its own", kUrls, bad_url},
    {"faces.delete_url", "DeleteFunctionUrlConfig", source::kRecorded, delete_url},
    {"faces.mapping", "CreateEventSourceMapping", kMappings, create_mapping},
    {"faces.get_mapping", "GetEventSourceMapping and ListEventSourceMappings", kMappings, get_mapping},
    {"faces.update_mapping", "UpdateEventSourceMapping", kMappings, update_mapping},
    {"faces.missing_mapping", "GetEventSourceMapping of none", kMappings, missing_mapping},
    {"faces.delete_mapping", "DeleteEventSourceMapping", kMappings, delete_mapping},
    {"faces.delete_version", "DeleteFunction of a version", kDelete, delete_version},
    {"faces.delete_function", "DeleteFunction", kDelete, delete_function},
});

}  // namespace
}  // namespace textlambda::conform::facing

namespace textlambda::conform {

std::span<const Row> url_rows() { return facing::kRows; }

}  // namespace textlambda::conform
