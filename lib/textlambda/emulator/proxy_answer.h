// What a function answers a gateway: JSON with statusCode, headers and body in the gateway's format, or a stream with
// such metadata in front. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/emulator/gateway.h"
#include "textlambda/http/message.h"

namespace textlambda::emulator {

struct ProxyAnswer {
  unsigned status = 200;              // 200 … 599
  std::vector<http::Header> headers;  // that may stand in a response as they are
  std::string body;
  bool base64 = false;  // `body` is, and was said to be
};

// The content type of a stream that begins with its metadata as JSON, and eight NUL bytes behind that.
inline constexpr std::string_view kIntegrationResponseType = "application/vnd.awslambda.http-integration-response";

// Whether all of the metadata of a streamed answer is there, if it has any.
bool has_whole_metadata(std::string_view content_type, std::string_view stream);

// Nothing where the gateway would not take it. Of a header whose name or value would be more than one header on the
// wire it takes nothing.
std::optional<ProxyAnswer> read_proxy_answer(const GatewayConfig& gateway, std::string_view answer);
std::optional<ProxyAnswer> read_streamed_answer(std::string_view content_type, std::string_view stream);

}  // namespace textlambda::emulator
