// Cross-origin resource sharing as a function URL configures it, whatever the function says.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors and https://fetch.spec.whatwg.org/
// Pure functions, thread-safe.
#pragma once

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/gateway.h"

namespace textlambda::emulator {

// A browser's question ahead of a request: OPTIONS, with the origin and the method that it is about.
bool is_preflight(const ServerRequest& request);

// The answer to it, which the function is not called for. A page of another origin than the configured ones learns
// nothing from it.
http::Response preflight_answer(const FunctionUrlCors& cors, const ServerRequest& request);

// Adds what the configuration says of the page that asks. Headers of the function's own stay beside it, as the cloud
// leaves them.
void add_cors_headers(const FunctionUrlCors& cors, const ServerRequest& request, http::Response& response);

}  // namespace textlambda::emulator
