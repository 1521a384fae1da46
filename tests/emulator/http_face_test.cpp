// A function behind HTTP: who may call it, what is answered without it, and the wire.
#include "textlambda/emulator/http_face.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/http/client.h"
#include "textlambda/signing/signature_v4.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::emulator;
using Json = nlohmann::json;

namespace {

constexpr const char* kForbidden =
    R"({"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: )"
    R"(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})";
const signing::Credentials kKey = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
constexpr signing::Moment kNow{std::chrono::seconds(1440938160)};  // 20150830T123600Z

HttpFaceConfig config_of(GatewayKind kind) {
  HttpFaceConfig config;
  config.gateway.kind = kind;
  config.gateway.domain = default_domain(kind, "arn:aws:lambda:us-east-1:012345678912:function:f", "us-east-1");
  config.now = [] { return std::chrono::system_clock::time_point(kNow); };
  return config;
}

// Answers with `outcome`, and keeps what it was called with.
struct FakeFunction {
  GatewayOutcome outcome{.body = R"({"statusCode":200,"body":"called"})"};
  std::vector<Json> events;
  std::vector<std::string> ids;
  std::vector<std::string> traces;

  Awaitable<CallOutcome> call(FunctionCall what) {
    events.push_back(Json::parse(what.event));
    ids.push_back(std::move(what.request_id));
    traces.push_back(std::move(what.trace_id));
    co_return outcome;
  }
  CallFunction caller() {
    return [this](FunctionCall what) { return call(std::move(what)); };
  }
};

Awaitable<> ask(HttpFace& face, ServerRequest request, http::Response& response) {
  response = co_await face.answer(std::move(request), "192.0.2.1");
}

http::Response answer_of(HttpFaceConfig config, const CallFunction& call, ServerRequest request) {
  asio::io_context context;
  HttpFace face(context, std::move(config), call);
  http::Response response;
  std::exception_ptr failure;
  asio::co_spawn(context, ask(face, std::move(request), response),
                 [&](std::exception_ptr thrown) { failure = thrown; });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return response;
}

ServerRequest request_for(std::string method, std::string target, std::vector<http::Header> headers = {},
                          std::string body = "") {
  ServerRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers = {{"Host", "127.0.0.1:8080"}};
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.body = std::move(body);
  return request;
}

ServerRequest signed_request(const signing::Credentials& key, const std::string& service, signing::Moment at = kNow) {
  ServerRequest request = request_for("POST", "/classify?a=1", {{"Content-Type", "text/plain"}}, "good film");
  const std::vector<http::Header> added = signing::signature_headers(
      {request.method, request.target, request.headers, request.body}, key, {"us-east-1", service}, at);
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  return request;
}

}  // namespace

TEST_CASE("a request becomes an event, and the answer the response") {
  FakeFunction function;
  const http::Response response = answer_of(config_of(GatewayKind::function_url), function.caller(),
                                            request_for("POST", "/x?y=1", {{"Content-Type", "text/plain"}}, "text"));
  CHECK(response.status == 200);
  CHECK(response.body == "called");
  REQUIRE(function.events.size() == 1);
  const Json& event = function.events[0];
  CHECK(event["rawPath"] == "/x");
  CHECK(event["body"] == "text");
  CHECK(event["requestContext"]["http"]["sourceIp"] == "192.0.2.1");
  CHECK(event["requestContext"]["timeEpoch"] == 1440938160000);
  CHECK(event["requestContext"]["requestId"] == function.ids[0]);
  CHECK(response.header("x-amzn-RequestId") == function.ids[0]);
  CHECK(function.ids[0].size() == 36);
  CHECK(event["headers"]["x-amzn-trace-id"] == std::string(response.header("X-Amzn-Trace-Id")));
  CHECK(std::string(response.header("X-Amzn-Trace-Id")).starts_with("Root=1-55e2f8b0-"));
}

TEST_CASE("targets that name the host") {
  const struct {
    const char* target;
    const char* path;
    const char* query;
  } cases[] = {{"http://127.0.0.1:8080/x?y=1", "/x", "y=1"},
               {"http://127.0.0.1:8080", "/", ""},
               {"http://127.0.0.1:8080?y=1", "/", "y=1"},
               {"/x?y=http://z/", "/x", "y=http://z/"}};
  for (const auto& test : cases) {
    CAPTURE(test.target);
    FakeFunction function;
    answer_of(config_of(GatewayKind::function_url), function.caller(), request_for("GET", test.target));
    CHECK(function.events.at(0)["rawPath"] == test.path);
    CHECK(function.events.at(0)["rawQueryString"] == test.query);
  }
}

TEST_CASE("a function URL that asks who calls") {
  const signing::Credentials other = {"AKIDOTHER", "another-secret", ""};
  const signing::Credentials thief = {"AKIDEXAMPLE", "a-guess", ""};
  const struct {
    const char* name;
    ServerRequest request;
    unsigned status;
    const char* error_type;
    std::string body;
  } cases[] = {
      {"signed", signed_request(kKey, "lambda"), 200, "", "called"},
      {"not signed", request_for("GET", "/"), 403, "AccessDeniedException", kForbidden},
      {"an unknown key", signed_request(other, "lambda"), 403, "UnrecognizedClientException",
       R"({"message":"The security token included in the request is invalid."})"},
      {"a wrong key", signed_request(thief, "lambda"), 403, "InvalidSignatureException",
       R"({"message":"The request signature we calculated does not match the signature you provided. Check your AWS )"
       R"(Secret Access Key and signing method. Consult the service documentation for details."})"},
      {"another service", signed_request(kKey, "execute-api"), 403, "InvalidSignatureException",
       R"({"message":"Credential should be scoped to correct service: 'lambda'."})"},
      {"too old", signed_request(kKey, "lambda", kNow - std::chrono::minutes(6)), 403, "InvalidSignatureException",
       "{\"message\":\"Signature expired: 20150830T123000Z is now earlier than 20150830T123100Z (20150830T123600Z - 5 "
       "min.)\"}"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.name);
    FakeFunction function;
    HttpFaceConfig config = config_of(GatewayKind::function_url);
    config.iam = true;
    config.keys = {kKey};
    const http::Response response = answer_of(config, function.caller(), test.request);
    CHECK(response.status == test.status);
    CHECK(response.header("x-amzn-ErrorType") == test.error_type);
    CHECK(response.body == test.body);
    CHECK(function.events.size() == (test.status == 200 ? 1 : 0));
    if (test.status != 200) continue;
    CHECK(function.events[0]["requestContext"]["authorizer"]["iam"]["accessKey"] == "AKIDEXAMPLE");
    CHECK(function.events[0]["requestContext"]["accountId"] == "012345678912");
  }
  // A body that was changed on the way.
  FakeFunction function;
  HttpFaceConfig config = config_of(GatewayKind::function_url);
  config.iam = true;
  config.keys = {kKey};
  ServerRequest changed = signed_request(kKey, "lambda");
  changed.body += '!';
  CHECK(answer_of(config, function.caller(), changed).status == 403);
  CHECK(function.events.empty());
}

TEST_CASE("APIs that ask who calls have a service and words of their own") {
  const struct {
    GatewayKind kind;
    const char* error_type;
    const char* body;
  } cases[] = {
      {GatewayKind::http_api, "", R"({"message":"Forbidden"})"},
      {GatewayKind::rest_api, "MissingAuthenticationTokenException", R"({"message":"Missing Authentication Token"})"},
  };
  for (const auto& test : cases) {
    FakeFunction function;
    HttpFaceConfig config = config_of(test.kind);
    config.iam = true;
    config.keys = {kKey};
    const http::Response refused = answer_of(config, function.caller(), request_for("GET", "/"));
    CHECK(refused.status == 403);
    CHECK(refused.header("x-amzn-ErrorType") == test.error_type);
    CHECK(refused.body == test.body);
    CHECK(answer_of(config, function.caller(), signed_request(kKey, "execute-api")).status == 200);
    CHECK(answer_of(config, function.caller(), signed_request(kKey, "lambda")).status == 403);
  }
}

TEST_CASE("a browser's question is answered without the function, and without a signature") {
  HttpFaceConfig config = config_of(GatewayKind::function_url);
  config.iam = true;
  config.keys = {kKey};
  config.gateway.cors = FunctionUrlCors{.allow_credentials = true,
                                        .allow_headers = {"content-type", "x-custom"},
                                        .allow_methods = {"GET", "POST"},
                                        .allow_origins = {"https://www.example.com"},
                                        .expose_headers = {"x-one"},
                                        .max_age = 300};
  const std::vector<http::Header> asked = {{"Origin", "https://www.example.com"},
                                           {"Access-Control-Request-Method", "POST"},
                                           {"Access-Control-Request-Headers", "content-type"}};
  FakeFunction function;
  const http::Response response = answer_of(config, function.caller(), request_for("OPTIONS", "/", asked));
  CHECK(response.status == 200);
  CHECK(response.body == "");
  const struct {
    const char* name;
    const char* value;
  } headers[] = {{"Access-Control-Allow-Origin", "https://www.example.com"},
                 {"Access-Control-Allow-Methods", "GET,POST"},
                 {"Access-Control-Allow-Headers", "content-type,x-custom"},
                 {"Access-Control-Allow-Credentials", "true"},
                 {"Access-Control-Expose-Headers", "x-one"},
                 {"Access-Control-Max-Age", "300"},
                 {"Vary", "Origin"}};
  for (const auto& header : headers) {
    CAPTURE(header.name);
    CHECK(response.header(header.name) == header.value);
  }
  const http::Response other = answer_of(
      config, function.caller(),
      request_for("OPTIONS", "/", {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}}));
  CHECK(other.status == 200);
  CHECK(other.header("Access-Control-Allow-Origin") == "");
  CHECK(other.header("Access-Control-Allow-Methods") == "");
  CHECK(function.events.empty());
  // Without an origin, or without a configuration, it is a request like others.
  config.iam = false;
  CHECK(answer_of(config, function.caller(), request_for("OPTIONS", "/")).body == "called");
  config.gateway.cors.reset();
  CHECK(answer_of(config, function.caller(), request_for("OPTIONS", "/", asked)).body == "called");
}

TEST_CASE("what is too large does not reach the function") {
  const struct {
    GatewayKind kind;
    const char* type;
    std::size_t bytes;
    unsigned status;
  } cases[] = {
      {GatewayKind::function_url, "text/plain", 6'000'000, 200},
      {GatewayKind::function_url, "text/plain", 6'291'456, 413},                // with the event around it
      {GatewayKind::function_url, "application/octet-stream", 5'000'000, 413},  // as base64
      {GatewayKind::load_balancer, "text/plain", 1'048'576, 200},
      {GatewayKind::load_balancer, "text/plain", 1'048'577, 413},
  };
  for (const auto& test : cases) {
    CAPTURE(test.type, test.bytes);
    FakeFunction function;
    const http::Response response =
        answer_of(config_of(test.kind), function.caller(),
                  request_for("POST", "/", {{"Content-Type", test.type}}, std::string(test.bytes, 'x')));
    CHECK(response.status == test.status);
    CHECK(function.events.size() == (test.status == 200 ? 1 : 0));
  }
  FakeFunction function;
  ServerRequest cut = request_for("POST", "/");
  cut.body_too_large = true;
  CHECK(answer_of(config_of(GatewayKind::rest_api), function.caller(), cut).status == 413);
  CHECK(answer_of(config_of(GatewayKind::load_balancer), function.caller(),
                  request_for("GET", "/", {{"Connection", "keep-alive, Upgrade"}, {"Upgrade", "websocket"}}))
            .status == 400);
  CHECK(function.events.empty());
}

TEST_CASE("a gateway does not wait for ever, and the function goes on") {
  const struct {
    GatewayKind kind;
    unsigned status;
  } cases[] = {{GatewayKind::rest_api, 504}, {GatewayKind::http_api, 503}, {GatewayKind::http_api_v1, 503}};
  for (const auto& test : cases) {
    asio::io_context context;
    Signal release(context);
    bool finished = false;
    struct Slow {
      Signal& release;
      bool& finished;
      Awaitable<CallOutcome> call() {
        co_await release.wait();
        finished = true;
        co_return GatewayOutcome{.body = "{}"};
      }
    } slow{release, finished};
    HttpFaceConfig config = config_of(test.kind);
    config.timeout = std::chrono::milliseconds(1);
    HttpFace face(context, config, [&](FunctionCall) { return slow.call(); });
    http::Response response;
    asio::co_spawn(context, ask(face, request_for("GET", "/"), response), [&](std::exception_ptr) {
      CHECK(!finished);
      release.notify();
    });
    context.run();
    CHECK(response.status == test.status);
    CHECK(finished);
  }
  CHECK(integration_timeout(GatewayKind::rest_api) == std::chrono::seconds(29));
  CHECK(integration_timeout(GatewayKind::http_api) == std::chrono::seconds(30));
  CHECK(!integration_timeout(GatewayKind::function_url));
  CHECK(!integration_timeout(GatewayKind::load_balancer));
}

TEST_CASE("the trace of the call is that of its event, and the client's where it has one") {
  const std::string given = "Root=1-5c536348-3d683b8b04734faae651f476;Parent=53995c3f42cd8ad8;Sampled=1";
  for (const bool client_has_one : {false, true}) {
    FakeFunction function;
    std::vector<http::Header> headers;
    if (client_has_one) headers.push_back({"X-Amzn-Trace-Id", given});
    const http::Response response =
        answer_of(config_of(GatewayKind::function_url), function.caller(), request_for("GET", "/", headers));
    REQUIRE(function.traces.size() == 1);
    CHECK(function.traces[0] == function.events[0]["headers"]["x-amzn-trace-id"]);
    CHECK(function.traces[0] == response.header("X-Amzn-Trace-Id"));
    CHECK((function.traces[0] == given) == client_has_one);
  }
}

TEST_CASE("what the call throws reaches who asked") {
  struct Broken {
    Awaitable<CallOutcome> call() {
      throw std::runtime_error("broken");
      co_return CallOutcome{};
    }
  } broken;
  for (const GatewayKind kind : {GatewayKind::function_url, GatewayKind::rest_api}) {
    CHECK_THROWS_WITH(answer_of(
                          config_of(kind), [&](FunctionCall) { return broken.call(); }, request_for("GET", "/")),
                      "broken");
  }
}

namespace {

// A face at a port of its own, on a thread of its own.
class ServedFace {
 public:
  ServedFace(HttpFaceConfig config, const CallFunction& call)
      : acceptor_(listen_on(context_, "127.0.0.1", 0)), face_(context_, std::move(config), call) {
    asio::co_spawn(context_,
                   serve(acceptor_, {.body_bytes = kMostGatewayEventBytes},
                         [this](ServerRequest request) {
                           std::string peer = request.peer;
                           return face_.answer(std::move(request), std::move(peer));
                         }),
                   asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ServedFace(const ServedFace&) = delete;
  ServedFace& operator=(const ServedFace&) = delete;
  ~ServedFace() {
    context_.stop();
    thread_.join();
  }

  http::Client client() const { return http::Client(http::parse_endpoint(address_of(acceptor_))); }

 private:
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_;
  HttpFace face_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("over the wire: the peer, large bodies, bytes, and statuses without a body") {
  FakeFunction function;
  ServedFace served(config_of(GatewayKind::function_url), function.caller());
  http::Client client = served.client();

  http::Response response = client.send({.method = "POST", .target = "/", .body = "x"});
  CHECK(response.body == "called");
  CHECK(response.header("Content-Length") == "6");
  CHECK(function.events.back()["requestContext"]["http"]["sourceIp"] == "127.0.0.1");
  CHECK(function.events.back()["headers"]["x-forwarded-for"] == "127.0.0.1");

  function.outcome.body = R"({"statusCode":200,"isBase64Encoded":true,"body":"AP+ACg=="})";
  CHECK(client.send({.target = "/bytes"}).body == std::string("\x00\xFF\x80\x0A", 4));

  function.outcome.body = R"({"statusCode":200,"cookies":["a=1","b=2"],"body":")" + std::string(5'000'000, 'y') + "\"}";
  response = client.send({.target = "/large"});
  CHECK(response.body.size() == 5'000'000);
  CHECK(std::count_if(response.headers.begin(), response.headers.end(),
                      [](const http::Header& header) { return header.name == "set-cookie"; }) == 2);

  const std::string large(7'000'000, 'x');
  CHECK(client.send({.method = "POST", .target = "/", .body = large}).status == 413);
  for (const unsigned status : {204U, 304U}) {
    function.outcome.body = R"({"statusCode":)" + std::to_string(status) + R"(,"body":"left out"})";
    response = client.send({.target = "/"});
    CHECK(response.status == status);
    CHECK(response.body == "");
    CHECK(response.header("Content-Length") == "");
  }
}
