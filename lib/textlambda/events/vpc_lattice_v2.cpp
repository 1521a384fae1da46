// Amazon VPC Lattice, version 2 of its event: headers and parameters are lists, and the context tells who calls.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::vpc_lattice_v2 {
namespace {

using Json = nlohmann::json;

// Some of AWS's own examples have the parameters under their old name.
constexpr HttpShape kShape = {.query_members = {"query_string_parameters", "queryStringParameters"},
                              .status_description = true};

bool recognises(const Json& event) {
  const std::string* version = json::string_member(event, "version");
  const Json* context = json::member(event, "requestContext");
  return version != nullptr && *version == "2.0" && has_string(event, "method") && context != nullptr &&
         has_string(*context, "serviceNetworkArn") && !is_authorizer(event);
}

std::string sample(std::string_view text) {
  return R"({"version":"2.0","path":"/","method":"POST","headers":{"accept":["*/*"],)"
         R"("content-type":["application/json"],"user-agent":["curl/8.5.0"],"x-forwarded-for":["10.0.3.17"],)"
         R"("host":["classify-0a40eebed65f8d69c.7d67968.vpc-lattice-svcs.us-east-1.on.aws"]},)"
         R"("queryStringParameters":{},"body":)" +
         json_string(text_object(text)) +
         R"(,"isBase64Encoded":false,"requestContext":{)"
         R"("serviceNetworkArn":"arn:aws:vpc-lattice:us-east-1:123456789012:servicenetwork/sn-0bf3f2882e9cc805a",)"
         R"("serviceArn":"arn:aws:vpc-lattice:us-east-1:123456789012:service/svc-0a40eebed65f8d69c",)"
         R"("targetGroupArn":"arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-6d0ecf831eec9f09",)"
         R"("identity":{"sourceVpcArn":"arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0b8276c84697e7339"},)"
         R"("region":"us-east-1","timeEpoch":"1767357907000000"}})";
}

}  // namespace

const SourceRow kRow = {.http = &kShape, .recognises = recognises, .read = read_http, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::vpc_lattice_v2
