// Requests over HTTP and the proxy objects they get.
#include <string>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

const std::string kJsonType = R"({"content-type": "application/json"})";
const std::string kNoText = "no text at /text, /message, /body or /content";

json url_event(const std::string& method, const json& headers, const json& body, bool base64_encoded = false) {
  json event = {{"version", "2.0"},
                {"routeKey", "$default"},
                {"rawPath", "/"},
                {"headers", headers},
                {"requestContext",
                 {{"domainName", "abc.lambda-url.eu-central-1.on.aws"}, {"http", {{"method", method}, {"path", "/"}}}}},
                {"isBase64Encoded", base64_encoded}};
  if (!body.is_null()) event["body"] = body;
  return event;
}

struct Reply {
  int status = 0;
  json body;
};

Reply reply(const json& event, const HandlerOptions& options = {}) {
  const SampleHandler handle(options);
  const Answer answer = handle(event.dump());
  CHECK(answer.ok);
  CHECK(answer.recognised);
  const json object = json::parse(answer.body);
  CHECK(object["statusCode"] == answer.status_code);
  CHECK(object["isBase64Encoded"] == false);
  const bool failed = !answer.records.empty() && !answer.records[0].ok;
  CHECK(failed == (answer.status_code >= 400));
  const auto body = object["body"].get<std::string>();
  return {answer.status_code, body.empty() ? json() : json::parse(body)};
}

Reply post(const json& headers, const json& body, bool base64_encoded = false, const HandlerOptions& options = {}) {
  return reply(url_event("POST", headers, body, base64_encoded), options);
}

TEST_CASE("each kind of gateway gets its own proxy object") {
  const std::string body = R"("{\"text\": \"good\"}")";
  check_contract({
      {"REST", Source::api_gateway_rest,
       R"({"resource": "/classify", "path": "/classify", "httpMethod": "POST", "headers": )" + kJsonType +
           R"(, "multiValueHeaders": null, "requestContext": {"stage": "prod"}, "body": )" + body +
           R"(, "isBase64Encoded": false})",
       R"({"statusCode": 200, "headers": {"content-type": "application/json"}, "body": {"$": "good"},
           "isBase64Encoded": false})"},
      {"REST with multi-value headers", Source::api_gateway_rest,
       R"({"resource": "/{proxy+}", "path": "/classify", "httpMethod": "PUT", "headers": {},
           "multiValueHeaders": {"Content-Type": ["application/json"]}, "requestContext": {}, "body": )" +
           body + "}",
       R"({"statusCode": 200, "headers": {"content-type": "application/json"},
           "multiValueHeaders": {"content-type": ["application/json"]}, "body": {"$": "good"},
           "isBase64Encoded": false})"},
      {"HTTP API", Source::http_api,
       R"({"version": "2.0", "routeKey": "POST /", "headers": )" + kJsonType +
           R"(, "requestContext": {"domainName": "x.execute-api.eu-central-1.amazonaws.com",
                                   "http": {"method": "POST"}}, "body": )" +
           body + "}",
       R"({"statusCode": 200, "headers": {"content-type": "application/json"}, "body": {"$": "good"},
           "isBase64Encoded": false})"},
      {"function URL", Source::function_url, url_event("POST", json::parse(kJsonType), R"({"text": "bad"})").dump(),
       R"({"statusCode": 200, "headers": {"content-type": "application/json"}, "body": {"$": "bad"},
           "isBase64Encoded": false})"},
      {"load balancer", Source::alb,
       R"({"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "POST", "path": "/", "headers": )" +
           kJsonType + R"(, "body": )" + body + R"(, "isBase64Encoded": false})",
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "good"}, "isBase64Encoded": false})"},
      {"load balancer with multi-value headers", Source::alb,
       R"({"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "POST", "path": "/",
           "multiValueHeaders": {"Content-Type": ["text/plain", "application/json"]}, "body": )" +
           body + "}",
       R"({"statusCode": 200, "statusDescription": "200 OK", "multiValueHeaders": {"content-type": ["application/json"]},
           "body": {"$": "good"}, "isBase64Encoded": false})"},
      {"load balancer, client's mistake", Source::alb,
       R"({"requestContext": {"elb": {}}, "httpMethod": "POST", "path": "/", "headers": {}, "body": ""})",
       R"({"statusCode": 400, "statusDescription": "400 Bad Request", "headers": {"content-type": "application/json"},
           "body": {"error": "the body is empty"}, "isBase64Encoded": false})"},
      {"custom integration of the Serverless Framework", Source::api_gateway_rest,
       R"({"body": {"text": "good"}, "method": "POST", "principalId": "", "stage": "dev", "headers": {}, "query": {},
           "path": {}, "identity": {}, "stageVariables": {}})",
       R"({"statusCode": 200, "headers": {"content-type": "application/json"}, "body": {"$": "good"},
           "isBase64Encoded": false})"},
  });
}

TEST_CASE("WebSocket APIs: connections are let in, messages are classified") {
  const auto turn = [](const std::string& context, const std::string& rest) {
    return R"({"requestContext": {"connectionId": "c=", "domainName": "x.execute-api.eu-central-1.amazonaws.com",
                                  "stage": "prod", "apiId": "x", )" +
           context + "}" + rest + R"(, "isBase64Encoded": false})";
  };
  const std::string message = R"("routeKey": "$default", "eventType": "MESSAGE", "messageDirection": "IN")";
  const std::string heading = R"("headers": {"content-type": "application/json"}, "isBase64Encoded": false)";
  const auto ok = [&](const std::string& body) {
    return R"({"statusCode": 200, "body": )" + body + ", " + heading + "}";
  };
  const auto refused = [&](const std::string& reason) {
    return R"({"statusCode": 400, "body": {"error": ")" + reason + R"("}, )" + heading + "}";
  };
  const auto api = Source::api_gateway_websocket;
  check_contract({
      {"opened", api,
       turn(R"("routeKey": "$connect", "eventType": "CONNECT")",
            R"(, "headers": {"Host": "x", "Origin": "https://a.example"}, "multiValueHeaders": {"Host": ["x"]})"),
       ok(R"("")")},
      {"opened, with a text in its query", api,
       turn(R"("routeKey": "$connect", "eventType": "CONNECT")", R"(, "queryStringParameters": {"text": "good"})"),
       ok(R"("")")},
      {"opened, told by the route alone", api, turn(R"("routeKey": "$connect")", ""), ok(R"("")")},
      {"closed", api,
       turn(R"("routeKey": "$disconnect", "eventType": "DISCONNECT", "disconnectStatusCode": 1001,
               "disconnectReason": "Going away")",
            ""),
       ok(R"("")")},
      {"a message in JSON", api, turn(message, R"(, "body": "{\"action\": \"classify\", \"text\": \"good\"}")"),
       ok(R"({"$": "good"})")},
      {"a message on a route of its own", api,
       turn(R"("routeKey": "classify", "eventType": "MESSAGE")",
            R"(, "body": "{\"action\": \"classify\", \"message\": \"bad\"}")"),
       ok(R"({"$": "bad"})")},
      {"a message as it is typed", api, turn(message, R"(, "body": "good")"), ok(R"({"$": "good"})")},
      {"a message that only looks like JSON", api, turn(message, R"(, "body": "{good")"), ok(R"({"$": "good"})")},
      {"several texts", api, turn(message, R"(, "body": "[\"good\", {\"text\": \"bad\"}]")"),
       ok(R"([{"$": "good"}, {"$": "bad"}])")},
      {"JSON without a text", api, turn(message, R"(, "body": "{\"action\": \"ping\"}")"), refused(kNoText)},
      {"a blank text", api, turn(message, R"(, "body": "{\"text\": \" \"}")"), refused("the text at /text is empty")},
      {"no body", api, turn(message, ""), refused("the body is empty")},
  });
  HandlerOptions options;
  options.limits.websocket_answer_bytes = 400;
  options.allowed_origins = AllowedOrigins("*");  // a handshake is none of CORS's business
  const SampleHandler handle(options);
  const Answer answer = handle(turn(message, R"(, "body": "[\"good\", \"bad\", \"good\"]")"));
  CHECK(answer.status_code == 413);
  CHECK(answer.body.size() < 400);
  CHECK(json::parse(answer.body)["headers"] == json{{"content-type", "application/json"}});
}

TEST_CASE("VPC Lattice, version 1") {
  const auto request = [](const std::string& method, const std::string& rest) {
    return R"({"raw_path": "/classify", "method": ")" + method + R"(", "headers": )" + kJsonType + rest + "}";
  };
  check_contract({
      {"a text", Source::vpc_lattice_v1,
       request("POST",
               R"(, "query_string_parameters": {}, "body": "{\"text\": \"good\"}", "is_base64_encoded": false)"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "good"}, "isBase64Encoded": false})"},
      {"base64", Source::vpc_lattice_v1,
       request("PUT", R"(, "body": ")" + base64("\"bad\"") + R"(", "is_base64_encoded": true)"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "bad"}, "isBase64Encoded": false})"},
      {"a text in the query", Source::vpc_lattice_v1,
       request("GET", R"(, "query_string_parameters": {"text": "good"})"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "good"}, "isBase64Encoded": false})"},
      {"another service's name for the query", Source::vpc_lattice_v1,
       request("GET", R"(, "queryStringParameters": {"text": "good"}, "body": "\"bad\"")"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "bad"}, "isBase64Encoded": false})"},
      {"a wrong method", Source::vpc_lattice_v1, request("DELETE", ""),
       R"({"statusCode": 405, "statusDescription": "405 Method Not Allowed",
           "headers": {"content-type": "application/json", "allow": "GET, HEAD, OPTIONS, PATCH, POST, PUT"},
           "body": {"error": "the method is DELETE; post the text, or get with it in the query"},
           "isBase64Encoded": false})"},
  });
}

TEST_CASE("VPC Lattice, version 2: headers and parameters are lists") {
  const auto request = [](const std::string& method, const std::string& rest) {
    return R"({"version": "2.0", "path": "/classify", "method": ")" + method +
           R"(", "headers": {"Content-Type": ["application/json"]},
               "requestContext": {"serviceNetworkArn": "arn:n", "serviceArn": "arn:s", "targetGroupArn": "arn:t",
                                  "identity": {"sourceVpcArn": "arn:v"}, "region": "us-east-2",
                                  "timeEpoch": "1690497599177430"})" +
           rest + "}";
  };
  check_contract({
      {"a text", Source::vpc_lattice_v2,
       request("POST", R"(, "queryStringParameters": {}, "body": "{\"text\": \"good\"}", "isBase64Encoded": false)"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "good"}, "isBase64Encoded": false})"},
      {"the content type is read", Source::vpc_lattice_v2, request("POST", R"(, "body": "good")"),
       R"({"statusCode": 400, "statusDescription": "400 Bad Request", "headers": {"content-type": "application/json"},
           "body": {"error": "the body is not valid JSON: a syntax error at byte 1"}, "isBase64Encoded": false})"},
      {"base64", Source::vpc_lattice_v2,
       request("PUT", R"(, "body": ")" + base64("\"bad\"") + R"(", "isBase64Encoded": true)"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "bad"}, "isBase64Encoded": false})"},
      {"a text in the query", Source::vpc_lattice_v2,
       request("GET", R"(, "queryStringParameters": {"text": ["bad", "good"]})"),
       R"({"statusCode": 200, "statusDescription": "200 OK", "headers": {"content-type": "application/json"},
           "body": {"$": "good"}, "isBase64Encoded": false})"},
  });
}

TEST_CASE("methods") {
  const SampleHandler handle;
  const json card = {{"id", handle.classifier().file().id()},
                     {"labels", {"bad", "good"}},
                     {"training_loss", 0.125},
                     {"training_accuracy", 0.96875},
                     {"features", 5}};
  CHECK(reply(url_event("GET", json::object(), nullptr)).body == card);
  CHECK(reply(url_event("GET", json::object(), nullptr)).status == 200);
  CHECK(reply(url_event("HEAD", json::object(), nullptr)).status == 200);
  CHECK(reply(url_event("HEAD", json::object(), nullptr)).body == json());
  CHECK(reply(url_event("PATCH", json::object(), "good")).body["label"] == "good");
  for (const char* method : {"DELETE", "TRACE", "post", ""}) {
    CHECK(reply(url_event(method, json::object(), "good")).status == 405);
  }
  const json refused = json::parse(handle(url_event("DELETE", json::object(), "good").dump()).body);
  CHECK(refused["headers"]["allow"] == "GET, HEAD, OPTIONS, PATCH, POST, PUT");
  const json options = json::parse(handle(url_event("OPTIONS", json::object(), nullptr).dump()).body);
  CHECK(options == json::parse(R"({"statusCode": 204, "headers": {"allow": "GET, HEAD, OPTIONS, PATCH, POST, PUT"},
                                   "body": "", "isBase64Encoded": false})"));
}

TEST_CASE("a text in the query") {
  json event = url_event("GET", json::object(), nullptr);
  event["queryStringParameters"] = {{"text", "bad %41"}};
  CHECK(reply(event).body["label"] == "bad");
  // A load balancer does not decode.
  const auto alb = [](const json& query) {
    json request = {{"requestContext", {{"elb", json::object()}}}, {"httpMethod", "GET"}, {"path", "/"}};
    request.update(query);
    return reply(request).body;
  };
  CHECK(alb({{"queryStringParameters", {{"te%78t", "not%20good%21"}}}})["label"] == "bad");
  CHECK(alb({{"queryStringParameters", {{"text", "not+good"}}}})["label"] == "bad");
  CHECK(alb({{"multiValueQueryStringParameters", {{"text", {"bad", "good"}}}}})["label"] == "good");
  CHECK(alb({{"queryStringParameters", {{"q", "good"}}}}).contains("labels"));
}

TEST_CASE("bodies by content type") {
  const auto label = [](const std::string& type, const std::string& body) {
    const Reply answer = post(type.empty() ? json::object() : json{{"Content-Type", type}}, body);
    return answer.status == 200 ? answer.body["label"].get<std::string>()
                                : std::to_string(answer.status) + " " + answer.body["error"].get<std::string>();
  };
  // "not good" is bad to the sample model, and any text without its words is.
  CHECK(label("application/json", R"({"text": "good"})") == "good");
  CHECK(label("APPLICATION/JSON; charset=UTF-8", R"({"text": "good"})") == "good");
  CHECK(label("application/vnd.shop+json", R"({"message": "good"})") == "good");
  CHECK(label("application/json", R"("good")") == "good");
  CHECK(label("application/json", R"({"n": 1})") == "400 " + kNoText);
  CHECK(label("application/json", R"({"text": ""})") == "400 the text at /text is empty");
  CHECK(label("application/json", "good") == "400 the body is not valid JSON: a syntax error at byte 1");
  CHECK(label("application/json", "null") == "400 " + kNoText);
  CHECK(label("application/json", "[]") == "400 the array is empty");
  CHECK(label("text/plain", "good") == "good");
  CHECK(label("text/plain; charset=utf-8", "{good}") == "good");
  CHECK(label("text/plain", R"({"text": "good", "x": "not good bad bad"})") ==
        "good");                                                // as a browser's fetch sends it
  CHECK(label("text/plain", R"({"said": "good"})") == "good");  // as it stands
  CHECK(label("text/plain", R"({"text": " "})") == "400 the text at /text is empty");
  CHECK(label("", "good") == "good");
  CHECK(label("", R"({"text": "good"})") == "good");
  CHECK(label("text/html", "<p>good</p>") == "good");
  CHECK(label("application/x-www-form-urlencoded", "a=not+good&text=good+film%21&text=bad") == "good");
  CHECK(label("application/x-www-form-urlencoded", "%74ext=good") == "good");
  CHECK(label("application/x-www-form-urlencoded", "a=good") == "400 " + kNoText);
  CHECK(label("application/x-www-form-urlencoded", "good film") == "good");            // curl -d 'good film'
  CHECK(label("application/x-www-form-urlencoded", R"({"text": "good"})") == "good");  // curl -d '{"text": …}'
  CHECK(label("image/png", "good") == "415 the content type is image/png, only text, JSON and forms are taken");
  CHECK(label("multipart/form-data; boundary=x", "good").starts_with("415 "));
  CHECK(label("text/plain", " \n") == "400 the body is empty");
  CHECK(label("text/plain; charset=\"ISO-8859-1\"", "good") == "good");  // plain ASCII is the same in it
  CHECK(label("text/plain; charset=iso-8859-1", "caf\xC3\xA9") == "415 the charset is iso-8859-1, only utf-8 is taken");
}

TEST_CASE("a text in the query that is blank is a mistake, none is a question for the model's health") {
  const auto asked = [](const std::string& method, const json& query, const json& body = nullptr) {
    json event = url_event(method, json::object(), body);
    event["queryStringParameters"] = query;
    const SampleHandler handle;
    const Answer answer = handle(event.dump());
    const std::string content = json::parse(answer.body)["body"];
    const json said = content.empty() ? json() : json::parse(content);
    return std::to_string(answer.status_code) + " " +
           (said.contains("error")    ? said["error"].get<std::string>()
            : said.contains("label")  ? said["label"].get<std::string>()
            : said.contains("labels") ? "health"
                                      : "");
  };
  CHECK(asked("GET", {{"text", "good"}}) == "200 good");
  CHECK(asked("GET", {{"text", ""}}) == "400 the text at /text is empty");
  CHECK(asked("GET", {{"text", " \t"}}) == "400 the text at /text is empty");
  CHECK(asked("GET", {{"content", ""}}) == "400 the text at /content is empty");
  CHECK(asked("GET", {{"text", ""}, {"message", "bad"}}) == "200 bad");
  CHECK(asked("HEAD", {{"text", ""}}) == "400 ");
  CHECK(asked("GET", {{"other", ""}}) == "200 health");
  CHECK(asked("GET", nullptr) == "200 health");
  CHECK(asked("GET", {{"text", ""}}, "good") == "200 good");  // the body has one
  HandlerOptions options;
  options.limits.text_bytes = 5;
  json event = url_event("GET", json::object(), nullptr);
  event["queryStringParameters"] = {{"text", "too long"}};
  CHECK(SampleHandler(options)(event.dump()).status_code == 413);
}

TEST_CASE("encoded bodies") {
  const json none = json::object();
  CHECK(post(none, base64("good"), true).body["label"] == "good");
  CHECK(post(json::parse(kJsonType), base64(R"({"text": "good"})"), true).body["label"] == "good");
  CHECK(post(none, "Z29v*A==", true).status == 400);
  CHECK(post(none, "Z29v*A==", true).body["error"] == "the body is not valid base64: \"*\" at byte 5");
  CHECK(post(none, "", true).status == 400);
  CHECK(post(none, nullptr).status == 400);
  CHECK(post(none, 5).status == 400);
  const json packed = {{"content-encoding", "gzip"}};
  CHECK(post(packed, base64(gzipped("good")), true).body["label"] == "good");
  CHECK(post(packed, base64(gzipped("good").substr(0, 12)), true).status == 400);
  HandlerOptions options;
  options.limits.inflated_bytes = 1000;
  CHECK(post(packed, base64(gzipped(std::string(1001, ' '))), true, options).status == 413);
  options.limits.inflated_bytes = 100000;
  options.limits.event_bytes = 2000;
  CHECK(post(packed, base64(gzipped("{\"text\": \"a" + std::string(1900, ' ') + "\"}")), true, options).status == 200);
  CHECK(post(packed, base64(gzipped("{\"text\": \"a" + std::string(2000, ' ') + "\"}")), true, options).status == 413);
  CHECK(post({{"Content-Encoding", "br"}}, base64("good"), true).status == 415);
}

TEST_CASE("a batch over HTTP") {
  const json type = json::parse(kJsonType);
  const Reply batch = post(type, R"(["good", {"text": "bad"}, 5])");
  CHECK(batch.status == 200);
  REQUIRE(batch.body.size() == 3);
  CHECK(batch.body[0]["label"] == "good");
  CHECK(batch.body[1]["label"] == "bad");
  CHECK(batch.body[2] == json{{"error", kNoText}});
  CHECK(post(json::object(), R"(["good", "bad"])").body.size() == 2);
  CHECK(post(type, "[1, 2]").status == 400);
  HandlerOptions options;
  options.limits.records = 2;
  CHECK(post(type, R"(["good", "bad", "good"])", false, options).status == 413);
}

TEST_CASE("texts and answers that are too large") {
  HandlerOptions options;
  options.limits.text_bytes = 100;
  options.limits.alb_answer_bytes = 2000;
  const Reply large = post(json::object(), std::string(101, 'x'), false, options);
  CHECK(large.status == 413);
  CHECK(large.body["error"] == "the text has 101 bytes, at most 100 are classified");
  json alb = {{"requestContext", {{"elb", json::object()}}},
              {"httpMethod", "POST"},
              {"headers", {{"content-type", "application/json"}}},
              {"body", json(std::vector<std::string>(50, "good")).dump()}};
  const SampleHandler handle(options);
  const Answer answer = handle(alb.dump());
  CHECK(answer.status_code == 413);
  CHECK(answer.body.size() < 2000);
  CHECK(json::parse(answer.body)["statusDescription"] == "413 Payload Too Large");
}

}  // namespace
}  // namespace textlambda::events
