#include "textlambda/emulator/gateway.h"

#include "textlambda/signing/signature_v4.h"

namespace textlambda::emulator {

std::string default_domain(GatewayKind kind, const std::string& function_arn, const std::string& region) {
  // The cloud's are letters and digits too: 32 of a function URL, 10 of an API.
  const std::string id = signing::body_hash(function_arn);
  switch (kind) {
    case GatewayKind::function_url:
      return id.substr(0, 32) + ".lambda-url." + region + ".on.aws";
    case GatewayKind::http_api:
    case GatewayKind::http_api_v1:
    case GatewayKind::rest_api:
      return id.substr(0, 10) + ".execute-api." + region + ".amazonaws.com";
    case GatewayKind::load_balancer:
      return "lambda-" + id.substr(0, 10) + "." + region + ".elb.amazonaws.com";
  }
  return "";
}

std::optional<std::chrono::milliseconds> integration_timeout(GatewayKind kind) {
  switch (kind) {
    case GatewayKind::http_api:
    case GatewayKind::http_api_v1:
      return std::chrono::seconds(30);
    case GatewayKind::rest_api:
      return std::chrono::seconds(29);
    case GatewayKind::function_url:
    case GatewayKind::load_balancer:
      break;
  }
  return std::nullopt;
}

}  // namespace textlambda::emulator
