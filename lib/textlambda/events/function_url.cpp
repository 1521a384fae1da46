// A function URL: the request of an HTTP API, with a domain of its own.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/request_v2.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::function_url {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) {
  if (!is_request_v2(event)) return false;
  const std::string* domain = json::string_member(*json::member(event, "requestContext"), "domainName");
  return domain != nullptr && domain->find(".lambda-url.") != std::string::npos;
}

std::string sample(std::string_view text) {
  return sample_request_v2("abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws", text);
}

}  // namespace

const SourceRow kRow = {.http = &kRequestV2, .recognises = recognises, .read = read_http, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::function_url
