// API Gateway, REST APIs; and HTTP APIs with payload format 1.0.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::api_gateway_rest {
namespace {

using Json = nlohmann::json;

constexpr HttpShape kShape = {.multi_value_headers = HttpShape::MultiValueHeaders::beside};

// The custom integration with the request template that the Serverless Framework writes.
bool is_custom_integration(const Json& event) {
  return has_string(event, "method") && has_object(event, "headers") && has_object(event, "query") &&
         has_object(event, "path") && has_object(event, "identity") && json::member(event, "body") != nullptr;
}

bool recognises(const Json& event) {
  if (is_authorizer(event)) return false;
  // Tools and tests of other people leave `resource` out.
  return (has_string(event, "httpMethod") && (has_string(event, "resource") || has_string(event, "path"))) ||
         is_custom_integration(event);
}

std::string sample(std::string_view text) {
  return R"({"resource":"/","path":"/","httpMethod":"POST","headers":{"Accept":"*/*",)"
         R"("Content-Type":"application/json","Host":"id0123abcd.execute-api.us-east-1.amazonaws.com",)"
         R"("User-Agent":"curl/8.5.0","X-Forwarded-For":"192.0.2.1","X-Forwarded-Port":"443",)"
         R"("X-Forwarded-Proto":"https"},"multiValueHeaders":{"Accept":["*/*"],"Content-Type":["application/json"],)"
         R"("Host":["id0123abcd.execute-api.us-east-1.amazonaws.com"]},"queryStringParameters":null,)"
         R"("multiValueQueryStringParameters":null,"pathParameters":null,"stageVariables":null,"requestContext":{)"
         R"("accountId":"123456789012","apiId":"id0123abcd","domainName":"id0123abcd.execute-api.us-east-1.amazonaws.com",)"
         R"("httpMethod":"POST","identity":{"sourceIp":"192.0.2.1","userAgent":"curl/8.5.0"},"path":"/prod/",)"
         R"("protocol":"HTTP/1.1","requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef",)"
         R"("requestTimeEpoch":1767357907000,"resourcePath":"/","stage":"prod"},"body":)" +
         json_string(text_object(text)) + R"(,"isBase64Encoded":false})";
}

}  // namespace

const SourceRow kRow = {.http = &kShape, .recognises = recognises, .read = read_http, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::api_gateway_rest
