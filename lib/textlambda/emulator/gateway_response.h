// What a function's invocation came to as the HTTP response that a gateway makes of it: the answer, or the gateway's
// own word for what went wrong. Sources as in gateway_event.h; statuses and bodies of errors as clients have recorded
// them. Pure functions, thread-safe.
#pragma once

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/gateway.h"

namespace textlambda::emulator {

// Why a gateway answers itself.
enum class GatewayFault {
  function_error,  // the function failed, timed out, or answered what the gateway does not take
  throttled,       // no environment is free for the function
  not_found,       // the function is gone
  too_late,        // the function takes longer than the gateway waits
  too_large,       // the request is
  upgrade,         // the request asks for another protocol
};

http::Response gateway_response(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival,
                                const GatewayOutcome& outcome);

// Whether the function's answer, or what has come of it, is what the gateway's response is made of.
bool is_taken(const GatewayConfig& gateway, const GatewayOutcome& outcome);

http::Response gateway_fault(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival,
                             GatewayFault fault);

// What all responses of a gateway have, whoever made them: an id, the date, a function URL's CORS headers. A status
// that has no body loses it.
http::Response finished(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival,
                        http::Response response);

// Of a function URL that asks who calls, and is not told.
http::Response url_forbidden();
// Where no function URL of that name is.
http::Response unknown_url();

}  // namespace textlambda::emulator
