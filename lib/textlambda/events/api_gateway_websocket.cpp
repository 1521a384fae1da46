// API Gateway, WebSocket APIs: a connection that opens or closes, which needs a status 200, or a message on it, whose
// answer goes back where the route has a response.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/http_answer.h"
#include "textlambda/events/http_reader.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::api_gateway_websocket {
namespace {

using Json = nlohmann::json;

// A message has no content type: what is JSON is read as such, as API Gateway does to choose the route.
constexpr HttpShape kShape = {
    .json_by_its_looks = true, .cross_origin = false, .answer_bytes = &Limits::websocket_answer_bytes};

bool recognises(const Json& event) {
  const Json* context = json::member(event, "requestContext");
  return context != nullptr && has_string(*context, "connectionId") &&
         (has_string(*context, "eventType") || has_string(*context, "routeKey")) && !is_authorizer(event);
}

enum class Turn { connect, message, disconnect };

Turn turn_of(const Json& event) {
  const Json* context = json::member(event, "requestContext");
  const std::string type = json::string_or_empty(context, "eventType");
  const std::string route = json::string_or_empty(context, "routeKey");
  if (type == "CONNECT" || (type.empty() && route == "$connect")) return Turn::connect;
  if (type == "DISCONNECT" || (type.empty() && route == "$disconnect")) return Turn::disconnect;
  return Turn::message;
}

void read(EventReader& reader) {
  const Turn turn = turn_of(reader.document());
  if (turn == Turn::message) return read_http_payload(reader);
  reader.event().http.head = true;  // nobody reads a body
  reader.add({}, of_skipped(turn == Turn::connect ? "a connection is opened" : "a connection is closed"));
}

std::string sample(std::string_view text) {
  return R"({"requestContext":{"routeKey":"$default","messageId":"VWOGZcHXoAMCJrg=","eventType":"MESSAGE",)"
         R"("extendedRequestId":"VWOGZGzgoAMFkjw=","requestTime":"02/Jan/2026:12:45:07 +0000","messageDirection":"IN",)"
         R"("stage":"prod","connectedAt":1767357900000,"requestTimeEpoch":1767357907000,"identity":{)"
         R"("sourceIp":"192.0.2.1"},"requestId":"VWOGZGzgoAMFkjw=","domainName":)"
         R"("id0123abcd.execute-api.us-east-1.amazonaws.com","connectionId":"VWOGYeKZoAMCJrg=","apiId":"id0123abcd"},)"
         R"("body":)" +
         json_string(text_object(text)) + R"(,"isBase64Encoded":false})";
}

}  // namespace

const SourceRow kRow = {.http = &kShape, .recognises = recognises, .read = read, .answer = write_http};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::api_gateway_websocket
