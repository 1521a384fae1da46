// An HTTP request as the event that a gateway makes of it.
//   Function URLs: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
//   HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
//   REST APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
//   Load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
// Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/gateway.h"

namespace textlambda::emulator {

// JSON on one line; broken UTF-8 outside of the body, and in a REST API's body that is text, as U+FFFD.
std::string gateway_event(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival);

// Whether a content type is one of a REST API's binary media types.
bool matches_media_type(std::string_view content_type, const std::vector<std::string>& media_types);

}  // namespace textlambda::emulator
