#include "textlambda/conform/deployment.h"

#include <exception>

#include <nlohmann/json.hpp>

#include "textlambda/archive/zip_writer.h"
#include "textlambda/conform/judge.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/sha256.h"

namespace textlambda::conform {

using Json = nlohmann::json;

std::string deployment_zip(const Options& options, std::string_view marker) {
  return archive::write_zip({{"bootstrap", options.probe, true}, {"marker.txt", marker, false}});
}

std::string code_sha256(const Options& options, std::string_view marker) {
  return encoding::sha256_base64(deployment_zip(options, marker));
}

http::Response create_function(Session& session) {
  const Options& options = session.options();
  Deployed& deployed = session.deployed();
  deployed.name = session.unique("probe");
  deployed.code_sha256 = code_sha256(options, "one");
  const Json body = {{"FunctionName", deployed.name},
                     {"Runtime", "provided.al2023"},
                     {"Role", options.role},
                     {"Handler", "bootstrap"},
                     {"Description", "textlambda-conform"},
                     {"Timeout", 5},
                     {"MemorySize", 128},
                     {"Architectures", {options.architecture}},
                     {"Environment", {{"Variables", {{"PROBE_VARIABLE", "one"}}}}},
                     {"Code", {{"ZipFile", encoding::encode_base64(deployment_zip(options, "one"))}}}};
  http::Response response = session.management("POST", "/2015-03-31/functions", body);
  deployed.created = response.status == 201;
  if (deployed.created && response.body.size() < tls::kLongestHeaders) {
    deployed.arn = string_of(Json::parse(response.body, nullptr, false), "FunctionArn");
  }
  return response;
}

bool is_settled(const Json& configuration) {
  const std::string update = string_of(configuration, "LastUpdateStatus");
  return string_of(configuration, "State") == "Active" && (update.empty() || update == "Successful");
}

Json settled_configuration(Session& session) {
  Json last;
  do {
    const http::Response response = session.management("GET", function_path(session.deployed().name, "/configuration"));
    last = response.status == 200 && response.body.size() < tls::kLongestHeaders
               ? Json::parse(response.body, nullptr, false)
               : Json();
  } while (!is_settled(last) && session.pause(std::chrono::milliseconds(200)));
  return last;
}

std::string delete_all(Session& session) {
  constexpr std::chrono::seconds kPatience{20};
  const Deployed& deployed = session.deployed();
  // Also where the run was interrupted.
  const Deadline deadline{Clock::now() + kPatience, nullptr};
  std::string left;
  const auto take_away = [&](const std::string& what, const std::string& path) {
    try {
      const http::Response response = session.call({.method = "DELETE", .target = path}, deadline);
      if (response.status >= 300 && response.status != 404) left += what + ": " + summary(response) + "\n";
    } catch (const std::exception& error) {
      left += what + ": " + error.what() + "\n";
    }
  };
  if (!deployed.mapping.empty()) {
    take_away("event source mapping " + deployed.mapping, "/2015-03-31/event-source-mappings/" + deployed.mapping);
  }
  if (deployed.created) take_away("function " + deployed.name, function_path(deployed.name));
  return left;
}

}  // namespace textlambda::conform
