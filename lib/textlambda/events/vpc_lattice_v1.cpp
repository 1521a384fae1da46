// Amazon VPC Lattice, version 1 of its event: a request over HTTP under names of its own.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"

namespace textlambda::events::vpc_lattice_v1 {
namespace {

using Json = nlohmann::json;

constexpr HttpShape kShape = {
    .query_members = {"query_string_parameters"}, .base64_member = "is_base64_encoded", .status_description = true};

bool recognises(const Json& event) {
  return has_string(event, "method") && has_string(event, "raw_path") && has_object(event, "headers") &&
         !is_authorizer(event);
}

std::string sample(std::string_view text) {
  return R"({"raw_path":"/","method":"POST","headers":{"accept":"*/*","content-type":"application/json",)"
         R"("host":"classify-0a40eebed65f8d69c.7d67968.vpc-lattice-svcs.us-east-1.on.aws","user-agent":"curl/8.5.0",)"
         R"("x-forwarded-for":"10.0.3.17"},"query_string_parameters":{},"body":)" +
         json_string(text_object(text)) + R"(,"is_base64_encoded":false})";
}

}  // namespace

const SourceRow kRow = {.http = &kShape, .recognises = recognises, .read = read_http, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::vpc_lattice_v1
