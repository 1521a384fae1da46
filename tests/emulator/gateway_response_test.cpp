// What gateways make of a function's answer. Where the cloud was seen to answer, its answer is what is held here.
#include "textlambda/emulator/gateway_response.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/emulator/sample_gateway.h"

using namespace textlambda;
using namespace textlambda::emulator;

namespace {

constexpr GatewayKind kAllKinds[] = {kUrl, kHttp, kHttp1, kRest, kBalancer};

constexpr const char* kBadGateway =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    "</body>\r\n</html>\r\n";

ServerRequest get(std::vector<http::Header> headers = {}) {
  ServerRequest request;
  request.method = "GET";
  request.target = "/";
  request.headers = std::move(headers);
  return request;
}

http::Response response_to(const GatewayConfig& gateway, const std::string& answer,
                           const ServerRequest& request = get()) {
  return gateway_response(gateway, request, sample_arrival(), {.body = answer});
}

http::Response response_to(GatewayKind kind, const std::string& answer) {
  return response_to(sample_gateway(kind), answer);
}

std::vector<std::string> all(const http::Response& response, const std::string& name) {
  std::vector<std::string> values;
  for (const http::Header& header : response.headers) {
    if (http::lower_case(header.name) == name) values.push_back(header.value);
  }
  return values;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("an answer without a status code is the body of a function URL's response") {
  const struct {
    const char* answer;
    const char* body;
  } cases[] = {
      {R"({"hello": "world"})", R"({"hello":"world"})"},  // written anew, without blanks
      {R"(["hello", 3, true])", R"(["hello",3,true])"},
      {R"("hello")", "hello"},  // a string without its quotes
      {"3", "3"},
      {"3.1", "3.1"},
      {"true", "true"},
      {"null", "null"},
      {"{}", "{}"},
      {R"({"headers": {"a": "b"}})", R"({"headers":{"a":"b"}})"},
      {R"({"b": 1.0e5, "a": "x \" y"})", R"({"b":1.0e5,"a":"x \" y"})"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.answer);
    const http::Response response = response_to(kUrl, test.answer);
    CHECK(response.status == 200);
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.body == test.body);
  }
}

TEST_CASE("an answer without a status code is the body of an HTTP API's response, in format 2.0 alone") {
  const struct {
    const char* answer;
    unsigned status;
    const char* body;
  } cases[] = {
      {"{}", 200, "{}"},
      {R"("justAString")", 200, "justAString"},
      {R"("errorMessage")", 200, "errorMessage"},
      {R"("")", 200, ""},
      {"null", 200, "null"},
      {R"({"headers":{"test-header":"value"}})", 200, R"({"headers":{"test-header":"value"}})"},
      {R"({"random":{"json-body":"value"}})", 200, R"({"random":{"json-body":"value"}})"},
      // As a runtime tells of an error.
      {R"({"errorMessage":"test fake error message"})", 500, R"({"message":"Internal Server Error"})"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.answer);
    const http::Response response = response_to(kHttp, test.answer);
    CHECK(response.status == test.status);
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.body == test.body);
    CHECK(response_to(kHttp1, test.answer).status == 500);
  }
}

TEST_CASE("what each gateway takes of an answer, and what it does not") {
  const struct {
    const char* answer;
    unsigned url, http, http1, rest, balancer;
  } cases[] = {
      {R"({"statusCode":200})", 200, 200, 200, 200, 200},
      {R"({"statusCode":"201"})", 201, 201, 201, 201, 201},
      {R"({"statusCode":418,"body":"i'm a teapot"})", 418, 418, 418, 418, 418},
      {R"({"statusCode":"test"})", 502, 500, 500, 502, 502},
      {R"({"statusCode":200.5})", 502, 500, 500, 502, 502},
      {R"({"statusCode":99})", 502, 500, 500, 502, 502},
      {R"({"statusCode":100})", 502, 500, 500, 502, 502},
      {R"({"statusCode":600})", 502, 500, 500, 502, 502},
      {R"({"statusCode":-200})", 502, 500, 500, 502, 502},
      {R"({"statusCode":[200]})", 502, 500, 500, 502, 502},
      {R"({"statusCode":200,"headers":null,"body":null})", 200, 200, 200, 200, 200},
      {R"({"statusCode":200,"headers":["a"]})", 502, 500, 500, 502, 502},
      {R"({"statusCode":200,"headers":{"a":["b"]}})", 502, 500, 500, 502, 502},
      {R"({"statusCode":200,"headers":{"a":{"b":1}}})", 502, 500, 500, 502, 502},
      {R"({"statusCode":200,"wrongValue":"value"})", 200, 200, 200, 502, 200},
      {R"({"statusCode":200,"cookies":{"a":"b"}})", 502, 500, 200, 502, 200},
      {R"({"statusCode":200,"cookies":[1]})", 502, 500, 200, 502, 200},
      {R"({"statusCode":200,"multiValueHeaders":{"a":"b"}})", 200, 200, 500, 502, 200},
      {R"({"statusCode":200,"multiValueHeaders":[]})", 200, 200, 500, 502, 200},
      {R"({"statusCode":200,"body":{"a":1}})", 200, 500, 500, 502, 502},
      {R"({"statusCode":200,"body":7})", 200, 500, 500, 502, 502},
      {R"({"statusCode":200,"isBase64Encoded":"true"})", 502, 500, 500, 502, 502},
      {R"({"statusCode":200,"isBase64Encoded":true,"body":"not base64"})", 502, 500, 500, 200, 502},
      {R"({"headers":{"test-header":"value"}})", 200, 200, 500, 200, 502},
      {R"({})", 200, 200, 500, 200, 502},
      {R"("a string")", 200, 200, 500, 502, 502},
      {"null", 200, 200, 500, 502, 502},
      {"", 502, 500, 500, 502, 502},
      {"not JSON", 502, 500, 500, 502, 502},
      {R"({"statusCode":200)", 502, 500, 500, 502, 502},
  };
  for (const auto& test : cases) {
    CAPTURE(test.answer);
    CHECK(response_to(kUrl, test.answer).status == test.url);
    CHECK(response_to(kHttp, test.answer).status == test.http);
    CHECK(response_to(kHttp1, test.answer).status == test.http1);
    CHECK(response_to(kRest, test.answer).status == test.rest);
    CHECK(response_to(kBalancer, test.answer).status == test.balancer);
  }
  const std::string deep = std::string(2000, '[') + std::string(2000, ']');
  CHECK(response_to(kUrl, deep).status == 502);
}

TEST_CASE("a body of a function URL that is no text is written out") {
  CHECK(response_to(kUrl, R"({"statusCode":200,"body":{"b": 1, "a": [1.50, "x"]}})").body ==
        R"({"b":1,"a":[1.50,"x"]})");
  CHECK(response_to(kUrl, R"({"statusCode":200,"body":7})").body == "7");
}

TEST_CASE("the content type where the function gives none") {
  const std::string with_body = R"({"statusCode":200,"body":"body123"})";
  const std::string without = R"({"statusCode":200})";
  const struct {
    GatewayKind kind;
    const char* with_body;
    const char* without;
  } cases[] = {{kUrl, "application/json", "application/json"},
               {kHttp, "text/plain;charset=UTF-8", ""},
               {kHttp1, "text/plain;charset=UTF-8", ""},
               {kRest, "application/json", "application/json"},
               {kBalancer, "application/octet-stream", ""}};
  for (const auto& test : cases) {
    CHECK(response_to(test.kind, with_body).header("Content-Type") == test.with_body);
    CHECK(response_to(test.kind, with_body).body == "body123");
    CHECK(response_to(test.kind, without).header("Content-Type") == test.without);
    CHECK(response_to(test.kind, without).body == "");
    CHECK(all(response_to(test.kind, R"({"statusCode":200,"headers":{"content-TYPE":"text/html"},"body":"x"})"),
              "content-type") == Strings{"text/html"});
  }
}

TEST_CASE("headers that are no strings, and cookies") {
  for (const GatewayKind kind : kAllKinds) {
    const http::Response response = response_to(
        kind, R"({"statusCode":200,"headers":{"header-bool":true,"header-number":7,"header-float":1.5,"none":null,
                                             "blanks":"  x "}})");
    CHECK(response.header("header-bool") == "true");
    CHECK(response.header("header-number") == "7");
    CHECK(response.header("header-float") == "1.5");
    CHECK(all(response, "none").empty());
    CHECK(response.header("blanks") == "x");
  }
  const std::string cookies = R"({"statusCode":200,"headers":{"set-cookie":"c=3"},"cookies":["a=1; Secure","b=2"]})";
  for (const GatewayKind kind : {kUrl, kHttp}) {
    CHECK(all(response_to(kind, cookies), "set-cookie") == Strings{"c=3", "a=1; Secure", "b=2"});
  }
  CHECK(all(response_to(kHttp1, cookies), "set-cookie") == Strings{"c=3"});
}

TEST_CASE("headers of several values") {
  const std::string valid = R"({"statusCode":200,"multiValueHeaders":{"test-multi":["value1","value2",3]}})";
  const std::string both =
      R"({"statusCode":200,"multiValueHeaders":{"tesT-Multi":["value-multi"]},
          "headers":{"test-multi":"value-solo","other":"1"}})";
  for (const GatewayKind kind : {kHttp1, kRest}) {
    CHECK(all(response_to(kind, valid), "test-multi") == Strings{"value1", "value2", "3"});
    CHECK(all(response_to(kind, both), "test-multi") == Strings{"value-multi"});
    CHECK(all(response_to(kind, both), "other") == Strings{"1"});
  }
  for (const GatewayKind kind : {kUrl, kHttp}) CHECK(all(response_to(kind, valid), "test-multi").empty());
  // As the target group is configured, one kind of the two counts.
  GatewayConfig gateway = sample_gateway(kBalancer);
  CHECK(all(response_to(gateway, both), "test-multi") == Strings{"value-solo"});
  gateway.multi_value_headers = true;
  CHECK(all(response_to(gateway, both), "test-multi") == Strings{"value-multi"});
  CHECK(all(response_to(gateway, both), "other").empty());
}

TEST_CASE("bytes come as base64") {
  const std::string answer = R"({"statusCode":200,"isBase64Encoded":true,"body":"AP+ACg=="})";
  for (const GatewayKind kind : {kUrl, kHttp, kHttp1, kBalancer}) {
    CHECK(response_to(kind, answer).body == std::string("\x00\xFF\x80\x0A", 4));
  }
  const std::string text = R"({"statusCode":200,"body":"AP+ACg=="})";
  for (const GatewayKind kind : kAllKinds) CHECK(response_to(kind, text).body == "AP+ACg==");
  // A REST API looks at what the client accepts first.
  const struct {
    std::vector<std::string> media_types;
    const char* accept;
    bool bytes;
  } cases[] = {
      {{}, "*/*", false},
      {{"image/*"}, "image/png", true},
      {{"image/*"}, "image/png, text/html", true},
      {{"image/*"}, "text/html, image/png", false},
      {{"image/*"}, "", false},
      {{"*/*"}, "", true},
  };
  for (const auto& test : cases) {
    CAPTURE(test.accept);
    GatewayConfig gateway = sample_gateway(kRest);
    gateway.binary_media_types = test.media_types;
    const http::Response response = response_to(gateway, answer, get({{"Accept", test.accept}}));
    CHECK(response.body == (test.bytes ? std::string("\x00\xFF\x80\x0A", 4) : "AP+ACg=="));
  }
}

TEST_CASE("headers of the connection are not the function's") {
  const std::string answer = R"({"statusCode":200,"body":"four","headers":{
    "Connection":"close","Content-Length":"999","Transfer-Encoding":"chunked","Keep-Alive":"1","Upgrade":"h2c","TE":"x",
    "Trailer":"x","WWW-Authenticate":"Basic","server":"fn","X-Ok":"1"}})";
  for (const GatewayKind kind : kAllKinds) {
    const http::Response response = response_to(kind, answer);
    CHECK(response.status == 200);
    for (const char* name :
         {"connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer"}) {
      CHECK(all(response, name).empty());
    }
    CHECK(response.header("X-Ok") == "1");
  }
  for (const GatewayKind kind : {kUrl, kRest}) {
    const http::Response response = response_to(kind, answer);
    CHECK(response.header("x-amzn-Remapped-WWW-Authenticate") == "Basic");
    CHECK(response.header("x-amzn-Remapped-server") == "fn");
    CHECK(response.header("x-amzn-Remapped-Content-Length") == "999");
    CHECK(response.header("x-amzn-Remapped-Connection") == "close");
    CHECK(all(response, "www-authenticate").empty());
    CHECK(all(response, "server").empty());
  }
  CHECK(response_to(kHttp, answer).header("server") == "fn");
  CHECK(response_to(kHttp, answer).header("WWW-Authenticate") == "Basic");
  CHECK(all(response_to(kBalancer, answer), "server") == Strings{"awselb/2.0"});
  const std::string dated = R"({"statusCode":200,"headers":{"date":"today"}})";
  CHECK(all(response_to(kRest, dated), "date") == Strings{"Fri, 02 Jan 2026 12:45:07 GMT"});
  CHECK(response_to(kRest, dated).header("x-amzn-Remapped-date") == "today");
  CHECK(all(response_to(kHttp, dated), "date") == Strings{"today"});
}

TEST_CASE("a function URL fails where the function uses its own names") {
  const std::string answer = R"({"statusCode":200,"headers":{"X-Amzn-Remapped-Connection":"close"}})";
  CHECK(response_to(kUrl, answer).status == 500);
  CHECK(response_to(kRest, answer).status == 200);
}

TEST_CASE("no answer splits a response") {
  const char* answers[] = {
      R"({"statusCode":200,"headers":{"a":"b\r\nset-cookie: x=1"}})",
      R"({"statusCode":200,"headers":{"a":"b\nc"}})",
      R"({"statusCode":200,"headers":{"a":"b\u0000c"}})",
      R"({"statusCode":200,"headers":{"a":"b\u007f"}})",
      R"({"statusCode":200,"headers":{"a\r\nb":"c"}})",
      R"({"statusCode":200,"headers":{"a: b":"c"}})",
      R"({"statusCode":200,"headers":{"a b":"c"}})",
      R"({"statusCode":200,"headers":{"":"c"}})",
      R"({"statusCode":200,"headers":{"\u00e9":"c"}})",
  };
  for (const char* answer : answers) {
    for (const GatewayKind kind : kAllKinds) {
      CAPTURE(answer, static_cast<int>(kind));
      const http::Response response = response_to(kind, answer);
      CHECK(response.status == (kind == kHttp || kind == kHttp1 ? 500 : 502));
      for (const http::Header& header : response.headers) {
        CHECK((header.name + header.value).find_first_of(std::string("\r\n\0", 3)) == std::string::npos);
      }
    }
  }
  CHECK(response_to(kUrl, R"({"statusCode":200,"cookies":["a=1\r\nx: y"]})").status == 502);
  CHECK(response_to(kRest, R"({"statusCode":200,"multiValueHeaders":{"a":["b\r\nx: y"]}})").status == 502);
  CHECK(response_to(kUrl, R"({"statusCode":200,"headers":{"a":"caf\u00e9\ttab"}})").header("a") == "caf\xC3\xA9\ttab");
}

TEST_CASE("statuses without a body") {
  for (const GatewayKind kind : kAllKinds) {
    for (const char* status : {"204", "304"}) {
      const http::Response response = response_to(
          kind, std::string(R"({"statusCode":)") + status + R"(,"headers":{"etag":"x"},"body":"left out"})");
      CHECK(std::to_string(response.status) == status);
      CHECK(response.body == "");
      CHECK(response.header("etag") == "x");
    }
  }
}

TEST_CASE("each gateway's own word for what went wrong") {
  using Kind = GatewayOutcome::Kind;
  const struct {
    GatewayKind gateway;
    Kind kind;
    unsigned status;
    const char* error_type;
    const char* body;
  } cases[] = {
      {kUrl, Kind::function_error, 502, "", "Internal Server Error"},
      {kUrl, Kind::timed_out, 502, "", "Internal Server Error"},
      {kUrl, Kind::throttled, 429, "TooManyRequestsException",
       R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."})"},
      {kUrl, Kind::not_found, 403, "AccessDeniedException",
       R"({"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: )"
       R"(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})"},
      {kHttp, Kind::function_error, 500, "", R"({"message":"Internal Server Error"})"},
      {kHttp, Kind::timed_out, 500, "", R"({"message":"Internal Server Error"})"},
      {kHttp1, Kind::throttled, 500, "", R"({"message":"Internal Server Error"})"},
      {kRest, Kind::function_error, 502, "InternalServerErrorException", R"({"message": "Internal server error"})"},
      {kRest, Kind::timed_out, 502, "InternalServerErrorException", R"({"message": "Internal server error"})"},
      {kRest, Kind::throttled, 500, "InternalServerErrorException", R"({"message": "Internal server error"})"},
      {kRest, Kind::not_found, 500, "InternalServerErrorException", R"({"message": "Internal server error"})"},
      {kBalancer, Kind::function_error, 502, "", kBadGateway},
      {kBalancer, Kind::timed_out, 502, "", kBadGateway},
      {kBalancer, Kind::throttled, 502, "", kBadGateway},
  };
  for (const auto& test : cases) {
    CAPTURE(static_cast<int>(test.gateway), static_cast<int>(test.kind));
    const GatewayOutcome outcome{.kind = test.kind, .body = R"({"errorMessage":"secret of the function"})"};
    const http::Response response = gateway_response(sample_gateway(test.gateway), get(), sample_arrival(), outcome);
    CHECK(response.status == test.status);
    CHECK(response.header("x-amzn-ErrorType") == test.error_type);
    CHECK(response.body == test.body);
    CHECK(response.header("Content-Type") == (test.gateway == kBalancer ? "text/html" : "application/json"));
  }
  const struct {
    GatewayKind gateway;
    GatewayFault fault;
    unsigned status;
    const char* body;
  } faults[] = {
      {kUrl, GatewayFault::too_large, 413,
       R"({"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"})"},
      {kHttp, GatewayFault::too_large, 413, R"({"message":"Request Entity Too Large"})"},
      {kHttp, GatewayFault::too_late, 503, R"({"message":"Service Unavailable"})"},
      {kRest, GatewayFault::too_large, 413, R"({"message": "Request Too Long"})"},
      {kRest, GatewayFault::too_late, 504, R"({"message": "Endpoint request timed out"})"},
  };
  for (const auto& test : faults) {
    const http::Response response = gateway_fault(sample_gateway(test.gateway), get(), sample_arrival(), test.fault);
    CHECK(response.status == test.status);
    CHECK(response.body == test.body);
  }
  CHECK(gateway_fault(sample_gateway(kBalancer), get(), sample_arrival(), GatewayFault::too_large).status == 413);
  CHECK(gateway_fault(sample_gateway(kBalancer), get(), sample_arrival(), GatewayFault::upgrade).status == 400);
  CHECK(unknown_url().body == R"({"Message":null})");
  CHECK(unknown_url().header("x-amzn-ErrorType") == "AccessDeniedException");
}

TEST_CASE("a load balancer takes a megabyte") {
  const std::string front = R"({"statusCode":200,"body":")";
  const std::string most = front + std::string(kMostLoadBalancerBytes - front.size() - 2, 'x') + "\"}";
  CHECK(response_to(kBalancer, most).status == 200);
  CHECK(response_to(kBalancer, most + " ").status == 502);
  CHECK(response_to(kUrl, most + " ").status == 200);
}

TEST_CASE("a streamed answer begins with what it is") {
  const std::string type = "application/vnd.awslambda.http-integration-response";
  const std::string zeros(8, '\0');
  const auto streamed = [&](GatewayKind kind, const std::string& content_type, const std::string& stream) {
    return gateway_response(sample_gateway(kind), get(), sample_arrival(),
                            {.body = stream, .stream_content_type = content_type});
  };
  const std::string whole =
      R"({"statusCode":201,"headers":{"Content-Type":"text/html"},"cookies":["a=1","b=2"]})" + zeros + "<p>" + zeros;
  for (const GatewayKind kind : {kUrl, kHttp, kRest}) {
    const http::Response response = streamed(kind, type, whole);
    CHECK(response.status == 201);
    CHECK(response.header("Content-Type") == "text/html");
    CHECK(all(response, "set-cookie") == Strings{"a=1", "b=2"});
    CHECK(response.body == "<p>" + zeros);
  }
  CHECK(streamed(kUrl, type, "{}" + zeros).status == 200);
  CHECK(streamed(kUrl, type, "{}" + zeros).body == "");
  CHECK(streamed(kUrl, type, "{}" + zeros.substr(1)).status == 502);
  CHECK(streamed(kUrl, type, zeros + "x").status == 502);
  CHECK(streamed(kUrl, type, "[]" + zeros).status == 502);
  CHECK(streamed(kUrl, type, R"({"headers":{"a":"b\r\nc: d"}})" + zeros).status == 502);
  CHECK(streamed(kBalancer, type, whole).status == 502);
  // Without metadata it is the body.
  const http::Response plain = streamed(kUrl, "text/event-stream", "data: {\"statusCode\":404}\n\n");
  CHECK(plain.status == 200);
  CHECK(plain.header("Content-Type") == "text/event-stream");
  CHECK(plain.body == "data: {\"statusCode\":404}\n\n");
}

TEST_CASE("a function URL that streams does not interpret what was not streamed") {
  GatewayConfig gateway = sample_gateway(kUrl);
  gateway.response_stream = true;
  const std::string answer = R"({"statusCode":404,"body":"x"})";
  CHECK(response_to(gateway, answer).status == 200);
  CHECK(response_to(gateway, answer).body == answer);
  CHECK(response_to(gateway, answer).header("Content-Type") == "application/octet-stream");
}

TEST_CASE("the ids that a client finds an invocation by") {
  const std::string answer = R"({"statusCode":200})";
  CHECK(response_to(kUrl, answer).header("x-amzn-RequestId") == "e1506fd5-9e7b-434f-bd42-4f8fa224b599");
  CHECK(response_to(kUrl, answer).header("X-Amzn-Trace-Id") == "Root=1-5c536348-3d683b8b04734faae651f476");
  CHECK(response_to(kRest, answer).header("x-amz-apigw-id") == "ZTE1MDZmZDUtOWU=");
  CHECK(response_to(kHttp, answer).header("Apigw-Requestid") == "ZTE1MDZmZDUtOWU=");
  for (const GatewayKind kind : kAllKinds) {
    CHECK(response_to(kind, answer).header("Date") == "Fri, 02 Jan 2026 12:45:07 GMT");
  }
}

TEST_CASE("a function URL's CORS configuration") {
  GatewayConfig gateway = sample_gateway(kUrl);
  gateway.cors = FunctionUrlCors{.allow_credentials = true,
                                 .allow_headers = {"content-type"},
                                 .allow_methods = {"GET"},
                                 .allow_origins = {"https://www.example.com", "http://localhost:60905"},
                                 .expose_headers = {"x-one", "x-two"},
                                 .max_age = 300};
  const std::string answer = R"({"statusCode":200,"headers":{"access-control-allow-origin":"*"}})";
  const struct {
    const char* origin;
    Strings allowed;
    const char* credentials;
    const char* exposed;
  } cases[] = {
      {"https://www.example.com", {"*", "https://www.example.com"}, "true", "x-one,x-two"},
      {"http://localhost:60905", {"*", "http://localhost:60905"}, "true", "x-one,x-two"},
      {"http://localhost", {"*"}, "", ""},
      {"https://www.example.com.evil.example", {"*"}, "", ""},
      {"null", {"*"}, "", ""},
      {"", {"*"}, "", ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.origin);
    const http::Response response = response_to(gateway, answer, get({{"Origin", test.origin}}));
    CHECK(all(response, "access-control-allow-origin") == test.allowed);  // the function's own stays beside it
    CHECK(response.header("Access-Control-Allow-Credentials") == test.credentials);
    CHECK(response.header("Access-Control-Expose-Headers") == test.exposed);
    CHECK(all(response, "access-control-max-age").empty());
    CHECK(response.header("Vary") == "Origin");
  }
  // Also where the function failed.
  const http::Response failed = gateway_response(gateway, get({{"Origin", "http://localhost:60905"}}), sample_arrival(),
                                                 {.kind = GatewayOutcome::Kind::function_error});
  CHECK(failed.header("Access-Control-Allow-Origin") == "http://localhost:60905");
  gateway.cors = FunctionUrlCors{.allow_origins = {"*"}};
  CHECK(response_to(gateway, "1", get({{"Origin", "http://127.0.0.1:5500"}})).header("Access-Control-Allow-Origin") ==
        "http://127.0.0.1:5500");
  gateway.kind = kHttp;
  CHECK(all(response_to(gateway, "1", get({{"Origin", "http://127.0.0.1:5500"}})), "vary").empty());
}
