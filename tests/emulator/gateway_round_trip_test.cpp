// The recorded events of data/events, taken apart into the requests that they were and put through a gateway again: our
// own handler answers as it does to the recordings, and clients get what it said.
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/emulator/gateway_event.h"
#include "textlambda/emulator/gateway_response.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/model/classifier.h"

#include "tests/catch.h"
#include "tests/emulator/sample_gateway.h"
#include "tests/source_folder.h"

using namespace textlambda;
using namespace textlambda::emulator;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

std::string recorded_query(const Json& event) {
  if (event.contains("rawQueryString")) return event["rawQueryString"];
  std::string query;
  const char* member =
      event.contains("multiValueQueryStringParameters") ? "multiValueQueryStringParameters" : "queryStringParameters";
  if (event.value(member, Json()).is_null()) return query;
  for (const auto& [name, values] : event[member].items()) {
    for (const Json& value : values.is_array() ? values : Json::array({values})) {
      query += (query.empty() ? "" : "&") + encoding::percent_encoded(name) + "=" +
               encoding::percent_encoded(value.get<std::string>());
    }
  }
  return query;
}

// What a gateway adds, it adds again.
bool is_the_clients(const std::string& name) {
  const std::string lower = http::lower_case(name);
  return lower != "x-amzn-trace-id" && !lower.starts_with("x-forwarded-");
}

ServerRequest recorded_request(const Json& event) {
  ServerRequest request;
  const Json http = event["requestContext"].value("http", Json::object());
  request.method = event.contains("httpMethod") ? event["httpMethod"] : http["method"];
  request.target = event.contains("rawPath") ? event["rawPath"] : event["path"];
  if (const std::string query = recorded_query(event); !query.empty()) request.target += "?" + query;
  const char* member = event.contains("multiValueHeaders") ? "multiValueHeaders" : "headers";
  for (const auto& [name, values] : event[member].items()) {
    for (const Json& value : values.is_array() ? values : Json::array({values})) {
      if (is_the_clients(name)) request.headers.push_back({name, value});
    }
  }
  const Json body = event.value("body", Json());
  if (!body.is_string()) return request;
  request.body = body;
  if (event["isBase64Encoded"].get<bool>()) {
    std::string bytes;
    REQUIRE(encoding::decode_base64(request.body, bytes) == "");
    request.body = bytes;
  }
  return request;
}

GatewayConfig recorded_gateway(GatewayKind kind, const Json& event) {
  GatewayConfig gateway;
  gateway.kind = kind;
  gateway.scheme = "https";
  gateway.domain = event["requestContext"].value("domainName", "support-lb.eu-central-1.elb.amazonaws.com");
  gateway.multi_value_headers = kind == GatewayKind::load_balancer && event.contains("multiValueHeaders");
  return gateway;
}

// As a client sees it.
struct Seen {
  unsigned status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

Seen expected_of(const Json& proxy_object) {
  Seen seen{.status = proxy_object["statusCode"], .body = proxy_object.value("body", ""), .headers = {}};
  const bool multiple = !proxy_object.contains("headers");
  for (const auto& [name, value] : proxy_object[multiple ? "multiValueHeaders" : "headers"].items()) {
    seen.headers.emplace_back(name, multiple ? value.at(0) : value);
  }
  return seen;
}

}  // namespace

TEST_CASE("recorded requests through a gateway get the answers of their recordings") {
  const struct {
    GatewayKind kind;
    const char* folder;
    std::size_t recordings;
  } cases[] = {{GatewayKind::function_url, "function_url", 6},
               {GatewayKind::http_api, "http_api", 4},
               {GatewayKind::rest_api, "api_gateway_rest", 5},
               {GatewayKind::load_balancer, "alb", 3}};
  const auto classifier = model::Classifier::load(in_source_folder("data/events/support.tlm"));
  const lambda::Handler handler(classifier);
  model::Scratch scratch;
  const auto answer_to = [&](const std::string& event) {
    lambda::Invocation invocation;
    invocation.event = event;
    return handler.handle(invocation, scratch).body;
  };
  for (const auto& test : cases) {
    std::size_t recordings = 0;
    for (const auto& entry : fs::directory_iterator(in_source_folder(std::string("data/events/") + test.folder))) {
      const std::string name = entry.path().filename().string();
      // Its body is said to be base64 and is not: no request becomes that.
      if (name.ends_with(".expected.json") || name == "broken-base64.json") continue;
      CAPTURE(test.folder, name);
      ++recordings;
      const Json recorded = read_json(entry.path());
      const ServerRequest request = recorded_request(recorded);
      const GatewayConfig gateway = recorded_gateway(test.kind, recorded);

      const std::string answer = answer_to(gateway_event(gateway, request, sample_arrival()));
      CHECK(answer == answer_to(recorded.dump()));

      const http::Response response = gateway_response(gateway, request, sample_arrival(), {.body = answer});
      const Seen expected = expected_of(Json::parse(answer));
      CHECK(response.status == expected.status);
      CHECK(response.status == read_json(entry.path().parent_path() / (entry.path().stem().string() + ".expected.json"))
                                   .at("statusCode")
                                   .get<unsigned>());
      CHECK(response.body == expected.body);
      for (const auto& [header, value] : expected.headers) CHECK(response.header(header) == value);
    }
    CHECK(recordings == test.recordings);
  }
}
