// A function behind an Invoke API: AWS Lambda's own shape, as textlambda-emulate serves it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "textlambda/http/endpoint.h"
#include "textlambda/http/message.h"
#include "textlambda/replay/function.h"

namespace textlambda::replay {

struct RemoteFunction {
  http::Endpoint endpoint;
  std::string name;  // name, ARN or name:qualifier
  std::optional<std::chrono::milliseconds> timeout;
};

// The fault of a function's name in one line; empty where there is none.
std::string name_fault(const std::string& name);

// Sends a request of the Invoke API and returns what came; `worker` as in Function::answer(). Throws io::Error where
// nothing did.
using Ask = std::function<http::Response(const http::Request& request, unsigned worker)>;

// The function `name` by whoever knows how to ask for it, in the name of an account for example. Throws Error(usage)
// for a bad name.
std::unique_ptr<Function> over_api(const std::string& name, Ask ask);

// By Lambda's Invoke API, POST /2015-03-31/functions/NAME/invocations; a connection a worker. Sources are told by
// events/recognition, records by the answer: those it reports as failed, and where it has one for each, the others.
// Throws Error(usage) for a bad name.
std::unique_ptr<Function> over_http(const RemoteFunction& remote, unsigned workers);

}  // namespace textlambda::replay
