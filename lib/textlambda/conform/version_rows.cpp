// The group "versions": code that changes, versions that do not, aliases that point to them. Asked with --deploy alone,
// behind the group "functions".
#include <array>
#include <set>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/deployment.h"
#include "textlambda/conform/row.h"
#include "textlambda/encoding/base64.h"

namespace textlambda::conform::versioning {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kVersions = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html";
constexpr std::string_view kAliases = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html";
constexpr std::string_view kUpdateCode = "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html";
constexpr std::string_view kPublish = "https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html";

const Finding& none_made() {
  static const Finding kFinding = skipped("no function was made: see functions.create");
  return kFinding;
}
const Finding& no_versions() {
  static const Finding kFinding =
      skipped("there are no two versions: see versions.publish and versions.publish_second");
  return kFinding;
}
const Finding& no_alias() {
  static const Finding kFinding = skipped("there is no alias: see versions.alias");
  return kFinding;
}

std::string path_below(Session& session, const std::string& below) {
  return function_path(session.deployed().name, below);
}

// PublishVersion; its number goes to `version`.
void publish(Session& session, Judge& judge, std::string& version) {
  const Json told = judge.json(session.management("POST", path_below(session, "/versions"), Json::object()), 201);
  judge.matches("Version", string_of(told, "Version"), "[1-9][0-9]{0,8}");
  judge.matches("FunctionArn", string_of(told, "FunctionArn"),
                "arn:.*:function:" + session.deployed().name + ":" + literally(string_of(told, "Version")));
  if (!judge.decided()) version = string_of(told, "Version");
}

Finding publish_first(Session& session) {
  if (!session.deployed().created) return none_made();
  Judge judge("PublishVersion: 201, Version a number, FunctionArn with it");
  publish(session, judge, session.deployed().version);
  return judge.finding();
}

Finding publish_unchanged(Session& session) {
  if (session.deployed().version.empty()) return no_versions();
  Judge judge("the same version where nothing has changed since");
  std::string again;
  publish(session, judge, again);
  return judge.equal("Version", again, session.deployed().version).finding();
}

Finding update_code(Session& session) {
  if (!session.deployed().created) return none_made();
  Judge judge("UpdateFunctionCode: 200, a new CodeSha256; LastUpdateStatus Successful a moment later");
  const Json change = {{"ZipFile", encoding::encode_base64(deployment_zip(session.options(), "two"))}};
  const Json told = judge.json(session.management("PUT", path_below(session, "/code"), change), 200);
  const std::string sha256 = code_sha256(session.options(), "two");
  judge.equal("CodeSha256", member_of(told, "CodeSha256"), sha256);
  if (judge.decided()) return judge.finding();
  const Json later = settled_configuration(session);
  judge.equal("LastUpdateStatus", member_of(later, "LastUpdateStatus"), "Successful");
  return judge.equal("CodeSha256", member_of(later, "CodeSha256"), sha256).finding();
}

// Which code an invocation ran, with what the host says of it.
Finding runs(Session& session, const std::string& qualifier, const std::string& marker, const std::string& version) {
  Judge judge(fmt::format("the code \"{}\", X-Amz-Executed-Version: {}{}", marker, version,
                          qualifier.empty() ? "" : ", the qualifier in the function's ARN"));
  const http::Response answer =
      session.invoke(command("ping"), {.function = session.deployed().name, .qualifier = qualifier});
  const Json told = judge.answered(answer);
  judge.equal("code", member_of(told, "marker"), marker);
  judge.header(answer, "X-Amz-Executed-Version", version);
  if (!qualifier.empty())
    judge.that(string_of(told, "function_arn").ends_with(":" + qualifier), string_of(told, "function_arn"));
  return judge.finding();
}

Finding runs_new_code(Session& session) {
  return session.deployed().created ? runs(session, "", "two", "$LATEST") : none_made();
}
Finding version_keeps_code(Session& session) {
  return session.deployed().version.empty()
             ? no_versions()
             : runs(session, session.deployed().version, "one", session.deployed().version);
}

Finding publish_second(Session& session) {
  if (session.deployed().version.empty()) return no_versions();
  Judge judge("PublishVersion behind a change: the next number");
  publish(session, judge, session.deployed().next_version);
  judge.that(session.deployed().next_version != session.deployed().version,
             "the same version " + session.deployed().next_version);
  return judge.finding();
}

Finding list_versions(Session& session) {
  if (session.deployed().next_version.empty()) return no_versions();
  Judge judge("ListVersionsByFunction: 200, $LATEST and both versions");
  const Json told = judge.json(session.management("GET", path_below(session, "/versions")), 200);
  std::set<std::string> versions;
  for (const Json& version : member_of(told, "Versions")) versions.insert(string_of(version, "Version"));
  const std::set<std::string> wanted = {"$LATEST", session.deployed().version, session.deployed().next_version};
  return judge.that(versions == wanted, member_of(told, "Versions").dump().substr(0, 1000)).finding();
}

constexpr const char* kAlias = "live";

Finding create_alias(Session& session) {
  if (session.deployed().next_version.empty()) return no_versions();
  Judge judge("CreateAlias: 201, AliasArn, Name, FunctionVersion, RevisionId");
  const Deployed& deployed = session.deployed();
  const Json told = judge.json(session.management("POST", path_below(session, "/aliases"),
                                                  {{"Name", kAlias}, {"FunctionVersion", deployed.version}}),
                               201);
  judge.matches("AliasArn", string_of(told, "AliasArn"), "arn:.*:function:" + deployed.name + ":" + kAlias);
  judge.equal("Name", member_of(told, "Name"), kAlias);
  judge.equal("FunctionVersion", member_of(told, "FunctionVersion"), deployed.version);
  judge.that(!string_of(told, "RevisionId").empty(), "no RevisionId");
  session.deployed().alias = !judge.decided();
  return judge.finding();
}

Finding alias_again(Session& session) {
  if (!session.deployed().alias) return no_alias();
  Judge judge("409 ResourceConflictException for an alias that is there");
  judge.api_error(session.management("POST", path_below(session, "/aliases"),
                                     {{"Name", kAlias}, {"FunctionVersion", session.deployed().version}}),
                  409, {"ResourceConflictException"}, "message");
  return judge.finding();
}

Finding alias_of_digits(Session& session) {
  if (!session.deployed().alias) return no_alias();
  Judge judge("400 ValidationException for an alias named 2024");
  judge.api_error(session.management("POST", path_below(session, "/aliases"),
                                     {{"Name", "2024"}, {"FunctionVersion", session.deployed().version}}),
                  400, {"ValidationException"}, "message");
  return judge.finding();
}

Finding alias_of_nothing(Session& session) {
  if (!session.deployed().alias) return no_alias();
  Judge judge("404 ResourceNotFoundException for an alias of a version that is not there");
  judge.api_error(
      session.management("POST", path_below(session, "/aliases"), {{"Name", "nowhere"}, {"FunctionVersion", "99999"}}),
      404, {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

Finding missing_alias(Session& session) {
  if (!session.deployed().created) return none_made();
  Judge judge("404 ResourceNotFoundException \"Cannot find alias arn: …\"");
  const Json told = judge.api_error(session.management("GET", path_below(session, "/aliases/no-such")), 404,
                                    {"ResourceNotFoundException"}, "Message");
  return judge.matches("Message", string_of(told, "Message"), "Cannot find alias arn: arn:.*:no-such").finding();
}

Finding get_alias(Session& session) {
  if (!session.deployed().alias) return no_alias();
  Judge judge("GetAlias and ListAliases: 200");
  const Json told = judge.json(session.management("GET", path_below(session, std::string("/aliases/") + kAlias)), 200);
  judge.equal("FunctionVersion", member_of(told, "FunctionVersion"), session.deployed().version);
  const Json all = judge.json(session.management("GET", path_below(session, "/aliases")), 200);
  bool found = false;
  for (const Json& alias : member_of(all, "Aliases")) found = found || string_of(alias, "Name") == kAlias;
  return judge.that(found, "not listed: " + all.dump().substr(0, 1000)).finding();
}

Finding invoke_alias(Session& session) {
  return session.deployed().alias ? runs(session, kAlias, "one", session.deployed().version) : no_alias();
}

// UpdateAlias, then 40 invocations: which versions were executed.
std::set<std::string> executed(Session& session, Judge& judge, const Json& change) {
  judge.json(session.management("PUT", path_below(session, std::string("/aliases/") + kAlias), change), 200);
  std::set<std::string> versions;
  constexpr int kInvocations = 40;
  for (int i = 0; i < kInvocations && !judge.decided(); ++i) {
    const http::Response answer =
        session.invoke(command("ping"), {.function = session.deployed().name, .qualifier = kAlias});
    judge.answered(answer);
    versions.insert(std::string(answer.header("X-Amz-Executed-Version")));
  }
  return versions;
}

// Of 40, both are missed once in 500,000,000,000 runs.
Finding weights(Session& session) {
  if (!session.deployed().alias) return no_alias();
  const Deployed& deployed = session.deployed();
  Judge judge("half of the invocations go to each version with AdditionalVersionWeights 0.5");
  const Json change = {{"FunctionVersion", deployed.version},
                       {"RoutingConfig", {{"AdditionalVersionWeights", {{deployed.next_version, 0.5}}}}}};
  const std::set<std::string> versions = executed(session, judge, change);
  return judge
      .that(versions == std::set<std::string>{deployed.version, deployed.next_version},
            fmt::format("{} of the two versions", versions.size()))
      .finding();
}

Finding weight_back(Session& session) {
  if (!session.deployed().alias) return no_alias();
  const Deployed& deployed = session.deployed();
  Judge judge("all of them go to the one version without weights");
  const Json change = {{"FunctionVersion", deployed.next_version},
                       {"RoutingConfig", {{"AdditionalVersionWeights", Json::object()}}}};
  const std::set<std::string> versions = executed(session, judge, change);
  return judge.that(versions == std::set<std::string>{deployed.next_version}, "others too").finding();
}

Finding bad_weight(Session& session) {
  if (!session.deployed().alias) return no_alias();
  const Deployed& deployed = session.deployed();
  Judge judge("400 ValidationException for a weight of 2");
  const Json change = {{"FunctionVersion", deployed.version},
                       {"RoutingConfig", {{"AdditionalVersionWeights", {{deployed.next_version, 2.0}}}}}};
  judge.api_error(session.management("PUT", path_below(session, std::string("/aliases/") + kAlias), change), 400,
                  {"ValidationException"}, "message");
  return judge.finding();
}

Finding delete_alias(Session& session) {
  if (!session.deployed().alias) return no_alias();
  Judge judge("DeleteAlias: 204; then GetAlias is 404");
  const std::string path = path_below(session, std::string("/aliases/") + kAlias);
  judge.status(session.management("DELETE", path), 204);
  judge.api_error(session.management("GET", path), 404, {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"versions.publish", "PublishVersion", kPublish, publish_first},
    {"versions.publish_unchanged", "PublishVersion once more", kPublish, publish_unchanged},
    {"versions.update_code", "UpdateFunctionCode", kUpdateCode, update_code},
    {"versions.new_code", "an invocation behind that", kUpdateCode, runs_new_code},
    {"versions.old_code", "an invocation of the version of before", kVersions, version_keeps_code},
    {"versions.publish_second", "PublishVersion behind a change", kPublish, publish_second},
    {"versions.list", "ListVersionsByFunction", kVersions, list_versions},
    {"versions.alias", "CreateAlias", source::kRecorded, create_alias},
    {"versions.alias_again", "CreateAlias of one that is there", source::kRecorded, alias_again},
    {"versions.alias_of_digits", "CreateAlias with a name of digits", source::kRecorded, alias_of_digits},
    {"versions.alias_of_nothing", "CreateAlias of a version that is not there", source::kRecorded, alias_of_nothing},
    {"versions.missing_alias", "GetAlias of none", source::kRecorded, missing_alias},
    {"versions.get_alias", "GetAlias and ListAliases", source::kRecorded, get_alias},
    {"versions.invoke_alias", "an invocation by alias", source::kRecorded, invoke_alias},
    {"versions.weights", "an alias of two versions", kAliases, weights},
    {"versions.weight_back", "the same of one again", kAliases, weight_back},
    {"versions.bad_weight", "a weight above 1", source::kRecorded, bad_weight},
    {"versions.delete_alias", "DeleteAlias", source::kRecorded, delete_alias},
});

}  // namespace
}  // namespace textlambda::conform::versioning

namespace textlambda::conform {

std::span<const Row> version_rows() { return versioning::kRows; }

}  // namespace textlambda::conform
