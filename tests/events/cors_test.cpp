// Requests of pages of other origins: what a browser has to be told, by the Fetch standard.
#include <string>
#include <utility>
#include <vector>

#include "textlambda/events/allowed_origins.h"
#include "textlambda/events/event.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

TEST_CASE("origins as browsers spell them") {
  CHECK(AllowedOrigins().empty());
  CHECK(AllowedOrigins().answer_to("https://a.example").empty());
  CHECK(AllowedOrigins(" * ").answer_to("https://a.example") == "*");
  CHECK(AllowedOrigins("*").answer_to("") == "*");
  CHECK_FALSE(AllowedOrigins("*").depend_on_request());

  const AllowedOrigins one("HTTPS://App.Example:443");
  CHECK(one.answer_to("https://app.example") == "https://app.example");
  CHECK(one.answer_to("https://other.example") == "https://app.example");
  CHECK_FALSE(one.depend_on_request());
  CHECK_FALSE(AllowedOrigins("https://a.example,https://a.example:443").depend_on_request());

  const AllowedOrigins several("https://a.example , http://localhost:3000,http://[::1]:80,capacitor://localhost");
  CHECK(several.depend_on_request());
  for (const char* origin : {"https://a.example", "http://localhost:3000", "http://[::1]", "capacitor://localhost"}) {
    CHECK(several.answer_to(origin) == origin);
  }
  for (const char* origin : {"", "null", "http://a.example", "https://a.example:8443", "https://a.example.evil.test",
                             "https://b.a.example", "http://localhost", "https://a.example,"}) {
    CHECK(several.answer_to(origin).empty());
  }
}

TEST_CASE("what is no origin is refused with its reason") {
  const std::pair<const char*, const char*> rows[] = {
      {"app.example", "\"app.example\" has no scheme"},
      {"://a", "has no scheme"},
      {"1http://a", "has no scheme"},
      {"https://a.example/", "has a path, or a slash at its end"},
      {"https://a.example/app", "has a path, or a slash at its end"},
      {"https://*.example", "has a *, which stands for all origins only where it is alone"},
      {"*,https://a.example", "has a *"},
      {"https://a.example,", "between the commas is no origin"},
      {"https://a.example,,https://b.example", "between the commas is no origin"},
      {"https://", "has no host"},
      {"https://user@a.example", "has no host"},
      {"https://a.example https://b.example", "has a path"},
      {"https://b\xC3\xBC"
       "cher.example",
       "has no host"},
      {"https://a.example:0", "has a port that is no number from 1 to 65535"},
      {"https://a.example:65536", "has a port"},
      {"https://a.example:", "has a port"},
      {"null", "has no scheme"},
      {"https://a.example\r\nx-evil: 1", "has a port"},
  };
  for (const auto& [list, reason] : rows) {
    CAPTURE(list);
    CHECK_THROWS_WITH(AllowedOrigins(list), Catch::Contains(reason) && Catch::Contains("expected an origin such as"));
    try {
      AllowedOrigins refused(list);
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::usage);
    }
  }
}

// A request by each gateway, its headers as that one has them.
json cors_request(Source source, const std::string& method, const json& headers, const std::string& body) {
  json event = {{"headers", headers}, {"body", body}, {"isBase64Encoded", false}};
  json lists = json::object();
  for (const auto& [name, value] : headers.items()) lists[name] = json::array({value});
  if (source == Source::api_gateway_rest) {
    event.update({{"resource", "/{proxy+}"}, {"httpMethod", method}, {"multiValueHeaders", lists}});
  } else if (source == Source::alb) {
    event.update({{"httpMethod", method}, {"requestContext", {{"elb", json::object()}}}});
  } else if (source == Source::vpc_lattice_v2) {
    event.update({{"version", "2.0"}, {"method", method}, {"requestContext", {{"serviceNetworkArn", "arn"}}}});
    event["headers"] = lists;
  } else {
    const bool url = source == Source::function_url;
    event.update({{"version", "2.0"},
                  {"requestContext",
                   {{"http", {{"method", method}}},
                    {"domainName", url ? "a.lambda-url.e.on.aws" : "x.execute-api.e.amazonaws.com"}}}});
  }
  return event;
}

HandlerOptions allowing(const char* origins) {
  HandlerOptions options;
  if (*origins != '\0') options.allowed_origins = AllowedOrigins(origins);
  return options;
}

json answered(const json& event, const char* origins) {
  const Answer answer = SampleHandler(allowing(origins))(event.dump());
  CHECK(answer.ok);
  return json::parse(answer.body);
}

const std::vector<Source> kGateways = {Source::api_gateway_rest, Source::http_api, Source::function_url, Source::alb,
                                       Source::vpc_lattice_v2};

TEST_CASE("a preflight is answered with what the page may do") {
  const json asks = {{"Origin", "https://app.example"},
                     {"Access-Control-Request-Method", "POST"},
                     {"Access-Control-Request-Headers", "content-type,x-api-key"}};
  for (const Source source : kGateways) {
    CAPTURE(source_name(source));
    const json object = answered(cors_request(source, "OPTIONS", asks, ""), "https://app.example");
    CHECK(object["statusCode"] == 204);
    CHECK(object["body"] == "");
    const json headers = {{"allow", "GET, HEAD, OPTIONS, PATCH, POST, PUT"},
                          {"access-control-allow-origin", "https://app.example"},
                          {"access-control-allow-methods", "GET, HEAD, OPTIONS, PATCH, POST, PUT"},
                          {"access-control-allow-headers", "content-type,x-api-key"},
                          {"access-control-max-age", "7200"}};
    CHECK(object["headers"] == headers);
    CHECK(object.contains("multiValueHeaders") == (source == Source::api_gateway_rest));
    if (object.contains("multiValueHeaders")) {
      CHECK(object["multiValueHeaders"]["access-control-allow-origin"] == json::array({"https://app.example"}));
    }
  }
}

TEST_CASE("every answer says which pages may read it, refusals too") {
  const json from = {{"origin", "https://app.example"}, {"content-type", "application/json"}};
  const std::pair<const char*, int> bodies[] = {{R"({"text": "good"})", 200}, {"{", 400}, {R"({"n": 1})", 400}};
  for (const Source source : kGateways) {
    for (const auto& [body, status] : bodies) {
      CAPTURE(source_name(source), body);
      const json object = answered(cors_request(source, "POST", from, body), "*");
      CHECK(object["statusCode"] == status);
      CHECK(object["headers"] == json{{"content-type", "application/json"}, {"access-control-allow-origin", "*"}});
      CHECK(answered(cors_request(source, "POST", from, body), "")["headers"] ==
            json{{"content-type", "application/json"}});
    }
    const json wrong = answered(cors_request(source, "DELETE", from, ""), "*");
    CHECK(wrong["statusCode"] == 405);
    CHECK(wrong["headers"]["access-control-allow-origin"] == "*");
    CHECK(answered(cors_request(source, "GET", from, ""), "*")["headers"]["access-control-allow-origin"] == "*");
  }
}

TEST_CASE("of a list, the origin that asks; caches are told that the answer is its own") {
  const char* list = "https://a.example, https://b.example";
  const auto headers = [&](const json& asked, const std::string& method = "POST") {
    return answered(cors_request(Source::function_url, method, asked, "good"), list)["headers"];
  };
  CHECK(headers({{"origin", "https://b.example"}}) == json{{"content-type", "application/json"},
                                                           {"vary", "Origin"},
                                                           {"access-control-allow-origin", "https://b.example"}});
  CHECK(headers({{"origin", "https://c.example"}}) == json{{"content-type", "application/json"}, {"vary", "Origin"}});
  CHECK(headers(json::object()) == json{{"content-type", "application/json"}, {"vary", "Origin"}});
  CHECK(headers({{"origin", "https://c.example"}, {"access-control-request-method", "POST"}}, "OPTIONS") ==
        json{{"allow", "GET, HEAD, OPTIONS, PATCH, POST, PUT"}, {"vary", "Origin"}});
}

TEST_CASE("headers of a load balancer that has several values of each") {
  json event = cors_request(Source::alb, "OPTIONS", json::object(), "");
  event.erase("headers");
  event["multiValueHeaders"] = {{"origin", {"https://b.example"}}, {"access-control-request-method", {"PUT"}}};
  const json object = answered(event, "https://a.example,https://b.example");
  CHECK_FALSE(object.contains("headers"));
  CHECK(object["multiValueHeaders"] == json{{"allow", {"GET, HEAD, OPTIONS, PATCH, POST, PUT"}},
                                            {"vary", {"Origin"}},
                                            {"access-control-allow-origin", {"https://b.example"}},
                                            {"access-control-allow-methods", {"GET, HEAD, OPTIONS, PATCH, POST, PUT"}},
                                            {"access-control-allow-headers", {"content-type"}},
                                            {"access-control-max-age", {"7200"}}});
}

TEST_CASE("a question for the methods is no preflight, and names that are none are not repeated") {
  const auto headers = [](const json& asked) {
    return answered(cors_request(Source::http_api, "OPTIONS", asked, ""), "*")["headers"];
  };
  CHECK(headers(json::object()) ==
        json{{"allow", "GET, HEAD, OPTIONS, PATCH, POST, PUT"}, {"access-control-allow-origin", "*"}});
  for (const char* names : {"", "x\r\nset-cookie: a=b", "x:y", "\xC3\xA9"}) {
    CHECK(headers({{"access-control-request-method", "POST"},
                   {"access-control-request-headers", names}})["access-control-allow-headers"] == "content-type");
  }
}

// No input brings it about: a mistake of ours.
TEST_CASE("a mistake of ours over HTTP is a status 500 that the page may read") {
  const AllowedOrigins allowed("*");
  const json document = cors_request(Source::alb, "POST", json::object(), "good");
  Event event;
  event.source = Source::alb;
  event.document = &document;
  event.http.allowed_origins = &allowed;
  Answer answer;
  fail_internally(&event, answer);
  CHECK(answer.ok);
  CHECK(answer.status_code == 500);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.records[0].error == "internal error");
  CHECK(json::parse(answer.body) ==
        json{{"statusCode", 500},
             {"statusDescription", "500 Internal Server Error"},
             {"headers", {{"content-type", "application/json"}, {"access-control-allow-origin", "*"}}},
             {"body", R"({"error":"internal error"})"},
             {"isBase64Encoded", false}});
  Answer unread;
  fail_internally(nullptr, unread);
  CHECK_FALSE(unread.ok);
  CHECK(unread.error_type == "InternalError");
}

}  // namespace
}  // namespace textlambda::events
