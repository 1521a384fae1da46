#include "textlambda/events/request_v2.h"

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/service_side.h"
#include "textlambda/json/document.h"

namespace textlambda::events {

namespace {

using Json = nlohmann::json;

}  // namespace

bool is_request_v2(const Json& event) {
  const std::string* version = json::string_member(event, "version");
  const Json* context = json::member(event, "requestContext");
  return version != nullptr && *version == "2.0" && context != nullptr && has_object(*context, "http") &&
         !is_authorizer(event);
}

std::string sample_request_v2(std::string_view domain, std::string_view text) {
  const std::string host(domain);
  return R"({"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","headers":{"accept":"*/*",)"
         R"("content-type":"application/json","host":")" +
         host +
         R"(","user-agent":"curl/8.5.0","x-amzn-trace-id":"Root=1-5c536348-3d683b8b04734faae651f476",)"
         R"("x-forwarded-for":"192.0.2.1","x-forwarded-port":"443","x-forwarded-proto":"https"},"requestContext":{)"
         R"("accountId":"123456789012","apiId":")" +
         host.substr(0, host.find('.')) + R"(","domainName":")" + host + R"(","domainPrefix":")" +
         host.substr(0, host.find('.')) +
         R"(","http":{"method":"POST","path":"/","protocol":"HTTP/1.1","sourceIp":"192.0.2.1",)"
         R"("userAgent":"curl/8.5.0"},"requestId":"e1506fd5-9e7b-434f-bd42-4f8fa224b599","routeKey":"$default",)"
         R"("stage":"$default","time":"02/Jan/2026:12:45:07 +0000","timeEpoch":1767357907000},"body":)" +
         json_string(text_object(text)) + R"(,"isBase64Encoded":false})";
}

}  // namespace textlambda::events
