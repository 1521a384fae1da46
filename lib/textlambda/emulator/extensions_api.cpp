#include "textlambda/emulator/extensions_api.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "textlambda/emulator/face_response.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/json/document.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kPrefix = "/2020-01-01/extension/";
constexpr std::string_view kTelemetry = "/2022-07-01/telemetry";
constexpr std::string_view kLogs = "/2020-08-15/logs";
constexpr std::string_view kNameHeader = "Lambda-Extension-Name";
constexpr std::string_view kIdentifierHeader = "Lambda-Extension-Identifier";

}  // namespace

struct ExtensionsApi::Extension {
  Extension(asio::io_context& context) : woken(context) {}

  std::string name;
  std::string identifier;
  bool wants_invoke = false;
  bool wants_shutdown = false;
  bool waits = false;
  std::deque<std::string> events;
  Signal woken;
};

ExtensionsApi::ExtensionsApi(asio::io_context& context, const Function& function, std::vector<std::string> external,
                             std::function<void()> changed)
    : context_(context), function_(function), external_(std::move(external)), changed_(std::move(changed)) {}

ExtensionsApi::~ExtensionsApi() = default;

bool ExtensionsApi::owns(std::string_view path) {
  return path.starts_with(kPrefix) || path == kTelemetry || path == kLogs;
}

bool ExtensionsApi::all_registered() const {
  return std::all_of(external_.begin(), external_.end(), [&](const std::string& name) {
    return std::any_of(extensions_.begin(), extensions_.end(), [&](const auto& one) { return one->name == name; });
  });
}

bool ExtensionsApi::all_idle() const {
  return std::all_of(extensions_.begin(), extensions_.end(),
                     [](const auto& one) { return one->waits && one->events.empty(); });
}

Awaitable<http::Response> ExtensionsApi::answer(ServerRequest request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == kTelemetry || path == kLogs) {
    // In the words of AWS's own emulator of the interface, which has none either; extensions go on without.
    co_return process_error(202, path == kLogs ? "Logs.NotSupported" : "Telemetry.NotSupported",
                            path == kLogs ? "Logs API is not supported" : "Telemetry API is not supported");
  }
  const std::string_view verb = std::string_view(path).substr(kPrefix.size());
  if (verb == "register") {
    if (request.method != "POST") co_return process_error(405, "MethodNotAllowed", "expected POST");
    co_return register_extension(request);
  }
  const std::shared_ptr<Extension> extension = find(request);
  if (extension == nullptr) {
    co_return process_error(403, "Extension.UnknownExtensionIdentifier", "Unknown extension identifier");
  }
  if (verb == "event/next") {
    if (request.method != "GET") co_return process_error(405, "MethodNotAllowed", "expected GET");
    http::Response response = co_await next(extension);
    co_return response;
  }
  if ((verb == "init/error" || verb == "exit/error") && request.method == "POST") {
    const std::string_view type = request.header("Lambda-Extension-Function-Error-Type");
    if (type.empty()) {
      co_return process_error(400, "Extension.MissingHeader", "Lambda-Extension-Function-Error-Type is missing");
    }
    error_type_ = verb == "init/error" ? "Extension.InitError" : "Extension.ExitError";
    changed_();
    co_return json_response(202, {{"status", "OK"}});
  }
  co_return process_error(404, "NotFound", "no such route: " + request.method + " " + path);
}

http::Response ExtensionsApi::register_extension(const ServerRequest& request) {
  const std::string name(request.header(kNameHeader));
  if (name.empty()) return process_error(400, "Extension.InvalidExtensionName", "Empty extension name");
  Json body;
  if (!json::parse(request.body, 20, body) || !body.is_object()) {
    return process_error(400, "InvalidRequestFormat", "expected {\"events\": [\"INVOKE\", \"SHUTDOWN\"]}");
  }
  if (std::any_of(extensions_.begin(), extensions_.end(), [&](const auto& one) { return one->name == name; })) {
    return process_error(403, "Extension.AlreadyRegistered", "Extension with this name already registered");
  }
  auto extension = std::make_shared<Extension>(context_);
  extension->name = name;
  extension->identifier = new_uuid();
  if (const Json* const events = json::member(body, "events"); events != nullptr && events->is_array()) {
    const bool external = std::find(external_.begin(), external_.end(), name) != external_.end();
    for (const Json& event : *events) {
      if (event == "INVOKE") {
        extension->wants_invoke = true;
      } else if (event == "SHUTDOWN" && external) {
        extension->wants_shutdown = true;
      } else {
        // An internal one may not register for SHUTDOWN: it ends with the runtime.
        return process_error(
            400, event == "SHUTDOWN" ? "ShutdownEventNotSupportedForInternalExtension" : "Extension.InvalidEventType",
            event.dump() + " is no event to register for");
      }
    }
  }
  extensions_.push_back(extension);
  http::Response response = json_response(200, {{"functionName", function_.name},
                                                {"functionVersion", function_.version},
                                                {"handler", function_.handler},
                                                {"accountId", function_.account}});
  response.headers.push_back({std::string(kIdentifierHeader), extension->identifier});
  changed_();
  return response;
}

std::shared_ptr<ExtensionsApi::Extension> ExtensionsApi::find(const ServerRequest& request) const {
  const std::string_view identifier = request.header(kIdentifierHeader);
  const auto found = std::find_if(extensions_.begin(), extensions_.end(),
                                  [&](const auto& one) { return one->identifier == identifier; });
  return found == extensions_.end() ? nullptr : *found;
}

Awaitable<http::Response> ExtensionsApi::next(std::shared_ptr<Extension> extension) {
  extension->waits = true;
  changed_();
  while (extension->events.empty() && !closed_) co_await extension->woken.wait();
  if (extension->events.empty()) co_return process_error(403, "InvalidStateTransition", "the environment is gone");
  extension->waits = false;
  http::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = {}};
  response.headers.push_back({"Lambda-Extension-Event-Identifier", new_uuid()});
  response.body = std::move(extension->events.front());
  extension->events.pop_front();
  co_return response;
}

void ExtensionsApi::tell_invoke(const Invocation& invocation, std::int64_t deadline_ms) {
  const Json event = {{"eventType", "INVOKE"},
                      {"deadlineMs", deadline_ms},
                      {"requestId", invocation.request_id},
                      {"invokedFunctionArn", invocation.invoked_arn},
                      {"tracing", {{"type", "X-Amzn-Trace-Id"}, {"value", invocation.trace_id}}}};
  for (const auto& extension : extensions_) {
    if (!extension->wants_invoke) continue;
    extension->events.push_back(event.dump(-1, ' ', false, Json::error_handler_t::replace));
    extension->woken.notify();
  }
}

bool ExtensionsApi::tell_shutdown(std::string_view reason, std::int64_t deadline_ms) {
  bool told = false;
  for (const auto& extension : extensions_) {
    if (!extension->wants_shutdown) continue;
    extension->events.push_back(
        Json{{"eventType", "SHUTDOWN"}, {"shutdownReason", reason}, {"deadlineMs", deadline_ms}}.dump());
    extension->woken.notify();
    told = true;
  }
  return told;
}

void ExtensionsApi::close() {
  closed_ = true;
  for (const auto& extension : extensions_) extension->woken.notify();
}

}  // namespace textlambda::emulator
