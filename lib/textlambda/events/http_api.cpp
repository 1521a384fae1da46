// API Gateway, HTTP APIs with payload format 2.0.
#include <string>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/request_v2.h"
#include "textlambda/events/source_row.h"

namespace textlambda::events::http_api {
namespace {

std::string sample(std::string_view text) {
  return sample_request_v2("id0123abcd.execute-api.us-east-1.amazonaws.com", text);
}

}  // namespace

const SourceRow kRow = {.http = &kRequestV2, .recognises = is_request_v2, .read = read_http, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::http_api
