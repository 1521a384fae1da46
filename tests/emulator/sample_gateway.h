// What the tests of gateways have in common.
#pragma once

#include <chrono>

#include "textlambda/emulator/gateway.h"

namespace textlambda::emulator {

inline constexpr GatewayKind kUrl = GatewayKind::function_url;
inline constexpr GatewayKind kHttp = GatewayKind::http_api;
inline constexpr GatewayKind kHttp1 = GatewayKind::http_api_v1;
inline constexpr GatewayKind kRest = GatewayKind::rest_api;
inline constexpr GatewayKind kBalancer = GatewayKind::load_balancer;

// 02/Jan/2026:12:45:07.123, from 192.0.2.1.
inline Arrival sample_arrival() {
  return {.request_id = "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
          .trace_id = "Root=1-5c536348-3d683b8b04734faae651f476",
          .source_ip = "192.0.2.1",
          .time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1767357907123))};
}

inline GatewayConfig sample_gateway(GatewayKind kind) {
  GatewayConfig gateway;
  gateway.kind = kind;
  gateway.account = "123456789012";
  gateway.domain = kind == kUrl        ? "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws"
                   : kind == kBalancer ? "classify.us-east-1.elb.amazonaws.com"
                                       : "id0123abcd.execute-api.us-east-1.amazonaws.com";
  return gateway;
}

}  // namespace textlambda::emulator
