// The events that gateways make of requests. Shapes and values are those of AWS's documentation and of recordings.
#include "textlambda/emulator/gateway_event.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/emulator/sample_gateway.h"

using namespace textlambda;
using namespace textlambda::emulator;
using Json = nlohmann::json;

namespace {

ServerRequest request_with(std::string method, std::string target, std::vector<http::Header> headers,
                           std::string body) {
  ServerRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers = {{"Host", "127.0.0.1:8080"}, {"User-Agent", "curl/7.88.1"}, {"Connection", "keep-alive"}};
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.body = std::move(body);
  return request;
}

Json event_of(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& at = sample_arrival()) {
  return Json::parse(gateway_event(gateway, request, at));
}

ServerRequest example_request() {
  return request_with("POST", "/a%20b/c?q=x+y%2B&q=2&name=",
                      {{"Content-Type", "application/json"},
                       {"Content-Length", "7"},
                       {"X-Two", "1"},
                       {"x-two", "2"},
                       {"Cookie", "a=1; b=2"}},
                      R"({"a":1})");
}

}  // namespace

TEST_CASE("a function URL's event") {
  CHECK(event_of(sample_gateway(kUrl), example_request()) == Json::parse(R"({
    "version": "2.0", "routeKey": "$default", "rawPath": "/a%20b/c", "rawQueryString": "q=x+y%2B&q=2&name=",
    "cookies": ["a=1", "b=2"],
    "headers": {"host": "127.0.0.1:8080", "user-agent": "curl/7.88.1", "content-type": "application/json",
                "content-length": "7", "x-two": "1,2", "x-amzn-trace-id": "Root=1-5c536348-3d683b8b04734faae651f476",
                "x-forwarded-for": "192.0.2.1", "x-forwarded-port": "8080", "x-forwarded-proto": "http"},
    "queryStringParameters": {"q": "x y+,2", "name": ""},
    "requestContext": {
      "accountId": "anonymous", "apiId": "abcdefghijklmnopqrstuvwxyz012345",
      "domainName": "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws",
      "domainPrefix": "abcdefghijklmnopqrstuvwxyz012345",
      "http": {"method": "POST", "path": "/a%20b/c", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
               "userAgent": "curl/7.88.1"},
      "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599", "routeKey": "$default", "stage": "$default",
      "time": "02/Jan/2026:12:45:07 +0000", "timeEpoch": 1767357907123},
    "body": "{\"a\":1}", "isBase64Encoded": false})"));
}

TEST_CASE("who signed stands in a function URL's event") {
  Arrival at = sample_arrival();
  at.caller = GatewayCaller{"AKIDEXAMPLE"};
  const Json context = event_of(sample_gateway(kUrl), example_request(), at)["requestContext"];
  CHECK(context["accountId"] == "123456789012");
  CHECK(context["authorizer"] == Json::parse(R"({"iam": {
    "accessKey": "AKIDEXAMPLE", "accountId": "123456789012", "callerId": "123456789012", "cognitoIdentity": null,
    "principalOrgId": null, "userArn": "arn:aws:iam::123456789012:root", "userId": "123456789012"}})"));
}

TEST_CASE("an HTTP API's event of payload format 2.0") {
  const Json event = event_of(sample_gateway(kHttp), example_request());
  CHECK(event["rawPath"] == "/a b/c");
  CHECK(event["requestContext"]["http"]["path"] == "/a b/c");
  CHECK(event["rawQueryString"] == "q=x+y%2B&q=2&name=");
  CHECK(event["requestContext"]["accountId"] == "123456789012");
  CHECK(event["requestContext"]["domainName"] == "id0123abcd.execute-api.us-east-1.amazonaws.com");
  CHECK(event["requestContext"]["apiId"] == "id0123abcd");
  CHECK(event["cookies"] == Json({"a=1", "b=2"}));
}

TEST_CASE("a REST API's event") {
  CHECK(event_of(sample_gateway(kRest), example_request()) == Json::parse(R"({
    "resource": "/{proxy+}", "path": "/a%20b/c", "httpMethod": "POST",
    "headers": {"Host": "127.0.0.1:8080", "User-Agent": "curl/7.88.1", "Content-Type": "application/json", "X-Two": "1",
                "x-two": "2", "Cookie": "a=1; b=2", "X-Amzn-Trace-Id": "Root=1-5c536348-3d683b8b04734faae651f476",
                "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Port": "8080", "X-Forwarded-Proto": "http"},
    "multiValueHeaders": {"Host": ["127.0.0.1:8080"], "User-Agent": ["curl/7.88.1"],
                "Content-Type": ["application/json"], "X-Two": ["1"], "x-two": ["2"], "Cookie": ["a=1; b=2"],
                "X-Amzn-Trace-Id": ["Root=1-5c536348-3d683b8b04734faae651f476"],
                "X-Forwarded-For": ["192.0.2.1"], "X-Forwarded-Port": ["8080"], "X-Forwarded-Proto": ["http"]},
    "queryStringParameters": {"q": "2", "name": ""},
    "multiValueQueryStringParameters": {"q": ["x y+", "2"], "name": [""]},
    "pathParameters": {"proxy": "a%20b/c"}, "stageVariables": null,
    "requestContext": {
      "accountId": "123456789012", "apiId": "id0123abcd",
      "domainName": "id0123abcd.execute-api.us-east-1.amazonaws.com", "domainPrefix": "id0123abcd",
      "extendedRequestId": "ZTE1MDZmZDUtOWU=", "httpMethod": "POST",
      "identity": {"accessKey": null, "accountId": null, "caller": null, "cognitoAuthenticationProvider": null,
                   "cognitoAuthenticationType": null, "cognitoIdentityId": null, "cognitoIdentityPoolId": null,
                   "principalOrgId": null, "sourceIp": "192.0.2.1", "user": null, "userAgent": "curl/7.88.1",
                   "userArn": null},
      "path": "/prod/a%20b/c", "protocol": "HTTP/1.1", "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
      "requestTime": "02/Jan/2026:12:45:07 +0000", "requestTimeEpoch": 1767357907123, "resourceId": "proxy0",
      "resourcePath": "/{proxy+}", "stage": "prod"},
    "body": "{\"a\":1}", "isBase64Encoded": false})"));
}

TEST_CASE("an HTTP API's event of payload format 1.0") {
  const Json event = event_of(sample_gateway(kHttp1), example_request());
  CHECK(event["version"] == "1.0");
  CHECK(event["resource"] == "$default");
  CHECK(event["path"] == "/a b/c");
  CHECK(event["requestContext"]["path"] == "/a b/c");
  CHECK(event["requestContext"]["stage"] == "$default");
  CHECK(event["headers"]["x-two"] == "2");
  CHECK(event["multiValueHeaders"]["x-two"] == Json({"1", "2"}));
  CHECK(event["headers"]["content-length"] == "7");
  CHECK(event["queryStringParameters"]["q"] == "2");
  CHECK(event["pathParameters"].is_null());
}

TEST_CASE("a load balancer's event, without and with multi-value headers") {
  GatewayConfig gateway = sample_gateway(kBalancer);
  CHECK(event_of(gateway, example_request()) == Json::parse(R"({
    "requestContext": {"elb": {"targetGroupArn":
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/classify/6d0ecf831eec9f09"}},
    "httpMethod": "POST", "path": "/a%20b/c", "queryStringParameters": {"q": "2", "name": ""},
    "headers": {"host": "127.0.0.1:8080", "user-agent": "curl/7.88.1", "content-type": "application/json",
                "content-length": "7", "x-two": "2", "cookie": "a=1; b=2",
                "x-amzn-trace-id": "Root=1-5c536348-3d683b8b04734faae651f476", "x-forwarded-for": "192.0.2.1",
                "x-forwarded-port": "8080", "x-forwarded-proto": "http"},
    "body": "{\"a\":1}", "isBase64Encoded": false})"));
  gateway.multi_value_headers = true;
  const Json event = event_of(gateway, example_request());
  CHECK(!event.contains("headers"));
  CHECK(!event.contains("queryStringParameters"));
  CHECK(event["multiValueHeaders"]["x-two"] == Json({"1", "2"}));
  CHECK(event["multiValueHeaders"]["cookie"] == Json::array({"a=1; b=2"}));
  CHECK(event["multiValueQueryStringParameters"] == Json::parse(R"({"q": ["x+y%2B", "2"], "name": [""]})"));
}

TEST_CASE("what a request lacks") {
  const struct {
    GatewayKind kind;
    const char* absent;   // members that are not there
    const char* present;  // and what others are
  } cases[] = {
      {kUrl, R"(["body", "cookies", "queryStringParameters"])", R"({"rawQueryString": "", "isBase64Encoded": false})"},
      {kHttp, R"(["body", "cookies", "queryStringParameters"])", R"({"rawQueryString": "", "isBase64Encoded": false})"},
      {kHttp1, "[]",
       R"({"body": null, "queryStringParameters": null, "multiValueQueryStringParameters": null, "pathParameters": null})"},
      {kRest, "[]",
       R"({"body": null, "queryStringParameters": null, "multiValueQueryStringParameters": null, "pathParameters": null,
           "resource": "/", "path": "/"})"},
      {kBalancer, "[]", R"({"body": "", "queryStringParameters": {}, "isBase64Encoded": false})"},
  };
  for (const auto& test : cases) {
    const Json event = event_of(sample_gateway(test.kind), request_with("GET", "/", {}, ""));
    CAPTURE(event.dump());
    for (const Json& name : Json::parse(test.absent)) CHECK(!event.contains(name.get<std::string>()));
    const Json present = Json::parse(test.present);
    for (const auto& [name, value] : present.items()) CHECK(event.at(name) == value);
  }
}

// Of an HTTP API, and of a load balancer, seen in the cloud and documented.
TEST_CASE("which bodies are text") {
  const struct {
    const char* type;
    bool text;
  } cases[] = {
      {"text/plain", true},
      {"text/html; charset=utf-8", true},
      {"Text/Anything", true},
      {"application/json", true},
      {"application/json;charset=utf-8", true},
      {"application/javascript", true},
      {"application/xml", true},
      {"", false},  // none is given
      {"application/x-www-form-urlencoded", false},
      {"multipart/form-data; boundary=x", false},
      {"application/octet-stream", false},
      {"application/vnd.api+json", false},
      {"image/svg+xml", false},
      {"application/vnd.ms-excel", false},
  };
  for (const auto& test : cases) {
    for (const GatewayKind kind : {kUrl, kHttp, kHttp1, kBalancer}) {
      CAPTURE(test.type, static_cast<int>(kind));
      std::vector<http::Header> headers;
      if (test.type[0] != '\0') headers.push_back({"Content-Type", test.type});
      const Json event = event_of(sample_gateway(kind), request_with("POST", "/", headers, "test-data"));
      CHECK(event["isBase64Encoded"] == !test.text);
      CHECK(event["body"] == (test.text ? "test-data" : "dGVzdC1kYXRh"));
    }
  }
}

TEST_CASE("bodies that cannot be text") {
  const std::string bytes("\x00\xFF\x80\x0A", 4);
  const struct {
    std::vector<http::Header> headers;
    std::string body;
    const char* event_body;
  } cases[] = {
      {{{"Content-Type", "text/plain"}}, bytes, "AP+ACg=="},
      {{{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}, "test-data", "dGVzdC1kYXRh"},
  };
  for (const auto& test : cases) {
    for (const GatewayKind kind : {kUrl, kHttp, kHttp1, kBalancer}) {
      const Json event = event_of(sample_gateway(kind), request_with("POST", "/", test.headers, test.body));
      CHECK(event["isBase64Encoded"] == true);
      CHECK(event["body"] == test.event_body);
    }
  }
}

TEST_CASE("a REST API takes for binary what its media types name, and all else for text") {
  const struct {
    std::vector<std::string> media_types;
    const char* type;
    bool binary;
  } cases[] = {
      {{}, "application/octet-stream", false},
      {{}, "image/png", false},
      {{"image/*"}, "image/png", true},
      {{"image/*"}, "IMAGE/PNG; a=b", true},
      {{"image/*"}, "imagery/png", false},
      {{"image/png"}, "image/jpeg", false},
      {{"application/octet-stream", "image/png"}, "image/png", true},
      {{"*/*"}, "application/json", true},
      {{"*/*"}, "", true},
      {{"image/*"}, "", false},
  };
  for (const auto& test : cases) {
    CAPTURE(test.type);
    GatewayConfig gateway = sample_gateway(kRest);
    gateway.binary_media_types = test.media_types;
    std::vector<http::Header> headers;
    if (test.type[0] != '\0') headers.push_back({"Content-Type", test.type});
    const Json event = event_of(gateway, request_with("POST", "/", headers, "test-data"));
    CHECK(event["isBase64Encoded"] == test.binary);
    CHECK(event["body"] == (test.binary ? "dGVzdC1kYXRh" : "test-data"));
  }
  const Json broken = event_of(sample_gateway(kRest), request_with("POST", "/", {}, "a\xFFz"));
  CHECK(broken["body"] == "a\xEF\xBF\xBDz");
}

TEST_CASE("paths, as each gateway has them") {
  const struct {
    const char* target;
    const char* raw;
    const char* decoded;  // by HTTP APIs alone
  } cases[] = {
      {"/", "/", "/"},
      {"/a%2Fb", "/a%2Fb", "/a/b"},
      {"/pa2%Fth/1?q=1", "/pa2%Fth/1", "/pa2%Fth/1"},
      {"/test%2Balias@gmail.com/plus+", "/test%2Balias@gmail.com/plus+", "/test+alias@gmail.com/plus+"},
      {"/a%3Fb=1/c", "/a%3Fb=1/c", "/a"},  // cut where a question mark comes out
      {"/%E9%80%80", "/%E9%80%80", "/\xE9\x80\x80"},
      {"/%FF", "/%FF", "/\xEF\xBF\xBD"},
      {"//a/../b/", "//a/../b/", "//a/../b/"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.target);
    const ServerRequest request = request_with("GET", test.target, {}, "");
    CHECK(event_of(sample_gateway(kUrl), request)["rawPath"] == test.raw);
    CHECK(event_of(sample_gateway(kRest), request)["path"] == test.raw);
    CHECK(event_of(sample_gateway(kBalancer), request)["path"] == test.raw);
    CHECK(event_of(sample_gateway(kHttp), request)["rawPath"] == test.decoded);
    CHECK(event_of(sample_gateway(kHttp1), request)["path"] == test.decoded);
  }
  const Json root = event_of(sample_gateway(kRest), request_with("GET", "/", {}, ""));
  CHECK(root["pathParameters"].is_null());
  CHECK(root["requestContext"]["path"] == "/prod/");
  const Json slashed = event_of(sample_gateway(kRest), request_with("GET", "/test-path/", {}, ""));
  CHECK(slashed["path"] == "/test-path/");
  CHECK(slashed["pathParameters"]["proxy"] == "test-path");
  CHECK(slashed["requestContext"]["path"] == "/prod/test-path/");
}

TEST_CASE("queries, as each gateway has them") {
  const struct {
    const char* query;
    const char* joined;     // payload format 2.0
    const char* last;       // payload format 1.0
    const char* untouched;  // a load balancer
  } cases[] = {
      {"a=1", R"({"a":"1"})", R"({"a":"1"})", R"({"a":"1"})"},
      {"a=1&b=2&a=3", R"({"a":"1,3","b":"2"})", R"({"a":"3","b":"2"})", R"({"a":"3","b":"2"})"},
      {"a", R"({"a":""})", R"({"a":""})", R"({"a":""})"},
      {"&a==b&", R"({"a":"=b"})", R"({"a":"=b"})", R"({"a":"=b"})"},
      {"%61%20b=c%26", R"({"a b":"c&"})", R"({"a b":"c&"})", R"({"%61%20b":"c%26"})"},
      {"t=x+y", R"({"t":"x y"})", R"({"t":"x y"})", R"({"t":"x+y"})"},
      {"t=%FF", R"({"t":"\uFFFD"})", R"({"t":"\uFFFD"})", R"({"t":"%FF"})"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.query);
    const ServerRequest request = request_with("GET", std::string("/?") + test.query, {}, "");
    CHECK(event_of(sample_gateway(kUrl), request)["rawQueryString"] == test.query);
    for (const GatewayKind kind : {kUrl, kHttp}) {
      CHECK(event_of(sample_gateway(kind), request)["queryStringParameters"] == Json::parse(test.joined));
    }
    for (const GatewayKind kind : {kRest, kHttp1}) {
      CHECK(event_of(sample_gateway(kind), request)["queryStringParameters"] == Json::parse(test.last));
    }
    CHECK(event_of(sample_gateway(kBalancer), request)["queryStringParameters"] == Json::parse(test.untouched));
  }
}

TEST_CASE("the way that a request has come") {
  const ServerRequest request = request_with("GET", "/",
                                             {{"x-forwarded-for", "203.0.113.9"},
                                              {"X-Forwarded-Proto", "https"},
                                              {"X-FORWARDED-PORT", "1"},
                                              {"x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678"},
                                              {"Transfer-Encoding", "chunked"},
                                              {"Upgrade", "h2c"}},
                                             "");
  GatewayConfig gateway = sample_gateway(kUrl);
  gateway.scheme = "https";
  CHECK(event_of(gateway, request)["headers"] == Json::parse(R"({
    "host": "127.0.0.1:8080", "user-agent": "curl/7.88.1", "x-forwarded-for": "203.0.113.9, 192.0.2.1",
    "x-forwarded-proto": "https", "x-forwarded-port": "8080",
    "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678"})"));
  const struct {
    const char* host;
    const char* scheme;
    const char* port;
  } cases[] = {{"127.0.0.1:8080", "http", "8080"}, {"localhost", "http", "80"}, {"localhost", "https", "443"},
               {"[::1]:9000", "http", "9000"},     {"[::1]", "http", "80"},     {"", "http", "80"}};
  for (const auto& test : cases) {
    CAPTURE(test.host);
    ServerRequest asked = request_with("GET", "/", {}, "");
    asked.headers[0].value = test.host;
    gateway.scheme = test.scheme;
    CHECK(event_of(gateway, asked)["headers"]["x-forwarded-port"] == test.port);
  }
}

TEST_CASE("cookies of several headers") {
  const ServerRequest request = request_with("GET", "/", {{"Cookie", "a=1;b=\"x y\" ;; c"}, {"cookie", " d=4"}}, "");
  for (const GatewayKind kind : {kUrl, kHttp}) {
    const Json event = event_of(sample_gateway(kind), request);
    CHECK(event["cookies"] == Json({"a=1", "b=\"x y\"", "c", "d=4"}));
    CHECK(!event["headers"].contains("cookie"));
  }
  CHECK(event_of(sample_gateway(kBalancer), request)["headers"]["cookie"] == " d=4");  // the last
}

TEST_CASE("names in capitals and bytes that are no UTF-8 among the headers") {
  const ServerRequest request = request_with("GET", "/", {{"X-LOUD", "a\xFF"}, {"authorization", "Basic x"}}, "");
  CHECK(event_of(sample_gateway(kUrl), request)["headers"]["x-loud"] == "a\xEF\xBF\xBD");
  const Json rest = event_of(sample_gateway(kRest), request)["headers"];
  CHECK(rest["X-LOUD"] == "a\xEF\xBF\xBD");
  CHECK(rest["Authorization"] == "Basic x");
  CHECK(!rest.contains("authorization"));
}

TEST_CASE("the domains of a function") {
  const std::string arn = "arn:aws:lambda:us-east-1:012345678912:function:classify";
  CHECK(default_domain(kUrl, arn, "eu-central-1").ends_with(".lambda-url.eu-central-1.on.aws"));
  CHECK(default_domain(kUrl, arn, "eu-central-1").find('.') == 32);
  CHECK(default_domain(kUrl, arn, "eu-central-1") == default_domain(kUrl, arn, "eu-central-1"));
  CHECK(default_domain(kUrl, arn, "eu-central-1") != default_domain(kUrl, arn + ":live", "eu-central-1"));
  CHECK(default_domain(kRest, arn, "us-east-1").ends_with(".execute-api.us-east-1.amazonaws.com"));
  CHECK(default_domain(kBalancer, arn, "us-east-1").ends_with(".us-east-1.elb.amazonaws.com"));
}
