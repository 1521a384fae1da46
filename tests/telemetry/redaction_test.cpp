#include "textlambda/telemetry/redaction.h"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"

#include "tests/catch.h"

namespace textlambda::telemetry {
namespace {

using nlohmann::json;
using Cases = std::vector<std::pair<std::string, std::string>>;

std::string redacted(const std::string& event) { return Redaction().redacted(event).json; }

TEST_CASE("Headers of every shape lose their credentials and keep their spelling") {
  const Cases cases = {
      {R"({ "headers" : {"Authorization":"Bearer s3cret","Host":"x.example"} })",
       R"({ "headers" : {"Authorization":"[redacted]","Host":"x.example"} })"},
      {R"({"headers":{"COOKIE":"a=s3cret; b=c","x-api-key":"s3cret","X-Amz-Security-Token":"s3cret"}})",
       R"({"headers":{"COOKIE":"[redacted]","x-api-key":"[redacted]","X-Amz-Security-Token":"[redacted]"}})"},
      {R"({"multiValueHeaders":{"set-cookie":["s3cret","s3cret2"],"accept":["*/*"]}})",
       R"({"multiValueHeaders":{"set-cookie":["[redacted]","[redacted]"],"accept":["*/*"]}})"},
      {R"({"cookies":["session=s3cret"],"rawPath":"/"})", R"({"cookies":["[redacted]"],"rawPath":"/"})"},
      {R"({"headers":{"Proxy-Authorization":"s3cret","X-Forwarded-Access-Token":"s3cret","X-Session":"s3cret"}})",
       R"({"headers":{"Proxy-Authorization":"[redacted]","X-Forwarded-Access-Token":"[redacted]","X-Session":"[redacted]"}})"},
      // CloudFront; SES and others
      {R"({"headers":{"authorization":[{"key":"Authorization","value":"s3cret"}]}})",
       R"({"headers":{"authorization":[{"key":"[redacted]","value":"[redacted]"}]}})"},
      {R"({"headers":[{"name":"X-Api-Key","value":"s3cret"},{"name":"To","value":"me"}]})",
       R"({"headers":[{"name":"X-Api-Key","value":"[redacted]"},{"name":"To","value":"me"}]})"},
      {R"({"headers":[{"value":"s3cret","name":"Cookie"}]})",
       R"({"headers":[{"value":"[redacted]","name":"Cookie"}]})"},
      // bytes, as Kafka and RabbitMQ have them
      {R"({"headers":[{"authorization":[115,51,-1.5e3]},{"n":[7]}]})",
       R"({"headers":[{"authorization":[0,0,0]},{"n":[7]}]})"},
      {R"({"headers":{"\u0041uthorization":"s3cret"}})", R"({"headers":{"\u0041uthorization":"[redacted]"}})"},
      {R"({"Authorization":{"deep":[{"er":"s3cret"},true,null]}})",
       R"({"Authorization":{"deep":[{"er":"[redacted]"},true,null]}})"},
  };
  for (const auto& [event, expected] : cases) CHECK(redacted(event) == expected);
}

TEST_CASE("Parameters, wherever they stand") {
  const Cases cases = {
      {R"({"queryStringParameters":{"text":"hi","token":"s3cret","key":"s3cret"}})",
       R"({"queryStringParameters":{"text":"hi","token":"[redacted]","key":"[redacted]"}})"},
      {R"({"multiValueQueryStringParameters":{"X-Amz-Signature":["s3cret"],"q":["a"]}})",
       R"({"multiValueQueryStringParameters":{"X-Amz-Signature":["[redacted]"],"q":["a"]}})"},
      {R"({"rawQueryString":"text=hi&access_token=s3cret&n=1"})",
       R"({"rawQueryString":"text=hi&access_token=[redacted]&n=1"})"},
      {R"({"rawQueryString":"signature=s3cret"})", R"({"rawQueryString":"signature=[redacted]"})"},
      {R"({"rawQueryString":"%74oken=s3cret&a=b"})", R"({"rawQueryString":"%74oken=[redacted]&a=b"})"},
      {R"({"raw_path":"/a?password=s3cret"})", R"({"raw_path":"/a?password=[redacted]"})"},
      {R"({"headers":{"referer":"https://x.example/?a=b&code=s3cret#top"}})",
       R"({"headers":{"referer":"https://x.example/?a=b&code=[redacted]#top"}})"},
      {R"({"body":"text=good+day&password=s3cret&x=y"})", R"({"body":"text=good+day&password=[redacted]&x=y"})"},
      {R"({"text":"see https://b.s3.example/o?X-Amz-Security-Token=s3cret&X-Amz-Date=1 there"})",
       R"({"text":"see https://b.s3.example/o?X-Amz-Security-Token=[redacted]&X-Amz-Date=1 there"})"},
  };
  for (const auto& [event, expected] : cases) CHECK(redacted(event) == expected);
}

TEST_CASE("Lines of headers and JSON inside strings") {
  const Cases cases = {
      {"GET / HTTP/1.1\nAuthorization: Bearer s3cret\nHost: x", "GET / HTTP/1.1\nAuthorization: [redacted]\nHost: x"},
      {"cookie: a=s3cret; b=s3cret\r\nnext", "cookie: [redacted]\r\nnext"},
      {"12:00 request headers: authorization: Basic s3cret==", "12:00 request headers: authorization: [redacted]"},
      {"> X-Api-Key: s3cret", "> X-Api-Key: [redacted]"},
      {R"({"headers":{"Authorization":"Bearer s3cret","a":1},"password": "s3cret"})",
       R"({"headers":{"Authorization":"[redacted]","a":1},"password": "[redacted]"})"},
      {R"({"Cookie":["s3cret"]})", R"({"Cookie":["[redacted]"]})"},
      {R"({\"x-api-key\":\"s3cret\"})", R"({\"x-api-key\":\"[redacted]\"})"},
      {R"({"password":"s3\"cret","pin":1})", R"({"password":"[redacted]","pin":1})"},
      {R"({\"password\":\"s3\\\"cret\",\"pin\":1})", R"({\"password\":\"[redacted]\",\"pin\":1})"},
      {R"({"token":12345,"pin":1})", R"({"token":[redacted],"pin":1})"},
  };
  for (const auto& [text, expected] : cases) {
    CHECK(json::parse(redacted(json{{"body", text}}.dump())).at("body") == expected);
    const std::string packed = encoding::encode_base64(text);
    CHECK(json::parse(redacted(json{{"body", packed}}.dump())).at("body") == encoding::encode_base64(expected));
  }
}

TEST_CASE("What is no credential stays as it is") {
  for (const std::string event :
       {R"({"text":"the cookie: it crumbles","n":1.50,"key":"photos/a.jpg","signature":"SNS has one"})",
        R"({"text":"my password is wrong, and a token = of love", "s3" : {"object":{"key":"a=b"}}})",
        R"({"text":"10:30: the key: lost","session":{"id":"Lex has one"},"code":7})",
        R"({"headers":{"content-type":"text/plain; charset=utf-8","x-amzn-trace-id":"Root=1-x"}})",
        R"({"a":[[],{},"",[{"b":[1,2,{"c":"d"}]}]],"é":"\ud83d\ude00\n"})", R"("plain")", R"(17)", R"([])", R"({})"}) {
    CHECK(redacted(event) == event);
  }
}

TEST_CASE("Names that a user adds count everywhere") {
  const Redaction redaction({"X-Tenant-Key", "pin"});
  CHECK(redaction.redacted(R"({"headers":{"x-tenant_key":"s"},"PIN":12,"q":"a=b&pin=3","text":"pin"})").json ==
        R"({"headers":{"x-tenant_key":"[redacted]"},"PIN":0,"q":"a=b&pin=[redacted]","text":"pin"})");
}

TEST_CASE("Packed content with a credential is told, since it stays") {
  const auto packed = [](const std::string& content) {
    return json{{"awslogs", {{"data", encoding::encode_base64(encoding::pack_gzip(content))}}}}.dump();
  };
  CHECK(Redaction().redacted(packed(R"({"message":"Authorization: Bearer s3cret"})")).packed_secret);
  const std::string harmless = packed(R"({"message":"my invoice"})");
  CHECK_FALSE(Redaction().redacted(harmless).packed_secret);
  CHECK(redacted(harmless) == harmless);
  std::string cut = encoding::pack_gzip(std::string(1000, 'x'));
  cut.resize(cut.size() / 2);
  CHECK(Redaction().redacted(json{{"body", encoding::encode_base64(cut)}}.dump()).packed_secret);
}

TEST_CASE("Nesting and length cost no more than themselves") {
  const std::size_t depth = 100000;
  const std::string deep = std::string(depth, '[') + std::string(depth, ']');
  CHECK(redacted(deep) == deep);
  const std::string signs = '"' + std::string(200000, '=') + std::string(200000, ':') + '"';
  CHECK(redacted(signs) == signs);
}

}  // namespace
}  // namespace textlambda::telemetry
