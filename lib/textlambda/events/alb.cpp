// Application Load Balancer.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::alb {
namespace {

using Json = nlohmann::json;

constexpr HttpShape kShape = {.query_is_encoded = true,
                              .multi_value_headers = HttpShape::MultiValueHeaders::instead,
                              .status_description = true,
                              .answer_bytes = &Limits::alb_answer_bytes};

bool recognises(const Json& event) {
  const Json* context = json::member(event, "requestContext");
  return context != nullptr && has_object(*context, "elb") && !is_authorizer(event);
}

std::string sample(std::string_view text) {
  return R"({"requestContext":{"elb":{"targetGroupArn":)"
         R"("arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/classify/6d0ecf831eec9f09"}},)"
         R"("httpMethod":"POST","path":"/","queryStringParameters":{},"headers":{"accept":"*/*",)"
         R"("content-type":"application/json","host":"classify-1234567890.us-east-1.elb.amazonaws.com",)"
         R"("user-agent":"curl/8.5.0","x-amzn-trace-id":"Root=1-5c536348-3d683b8b04734faae651f476",)"
         R"("x-forwarded-for":"192.0.2.1","x-forwarded-port":"80","x-forwarded-proto":"http"},"body":)" +
         json_string(text_object(text)) + R"(,"isBase64Encoded":false})";
}

}  // namespace

const SourceRow kRow = {.http = &kShape, .recognises = recognises, .read = read_http, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::alb
