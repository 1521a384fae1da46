#include "textlambda/replay/remote_function.h"

#include <atomic>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/service_side.h"
#include "textlambda/http/client.h"
#include "textlambda/http/name_service.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/protocol/invoke_api.h"
#include "textlambda/replay/invocation_context.h"
#include "textlambda/text/utf8.h"

namespace textlambda::replay {
namespace {

class OverApi : public Function {
 public:
  OverApi(const std::string& name, Ask ask) : target_(protocol::invocations_path(name)), ask_(std::move(ask)) {}

  Reply answer(const recording::Recording& recording, unsigned worker) override {
    Reply reply;
    nlohmann::json event;
    if (json::read(recording.event, limits_.json, event).empty()) {
      reply.answer.source = events::recognise(event).source;
      reply.has_source = true;
      reply.answer.recognised = true;
    }
    try {
      const http::Response response = ask_(request(recording), worker);
      answered_ = true;
      read(response, event, reply.answer);
    } catch (const io::Error& error) {
      // Nobody there, as opposed to a call that went wrong.
      if (!answered_) throw;
      reply.answer.error_message = error.what();
    }
    return reply;
  }

 private:
  http::Request request(const recording::Recording& recording) const {
    return protocol::invoke_request(target_, recording.event, invocation_of(recording).client_context);
  }

  void read(const http::Response& response, const nlohmann::json& event, lambda::Answer& answer) const {
    nlohmann::json body;
    const std::string fault = json::read(response.body, limits_.json, body);
    // Only what the function itself has answered is its response.
    if (response.status == 200 && fault.empty()) {
      std::string repaired;
      answer.body = text::repair_utf8(response.body, repaired).text;
    }
    if (std::optional<protocol::InvokeError> error = protocol::invoke_error(response, body)) {
      answer.error_type = std::move(error->type);
      answer.error_message = std::move(error->message);
    } else if (!fault.empty()) {
      answer.error_message = "the response is " + fault;
    } else {
      answer.ok = true;
      answer.records = events::reported_records(answer.source, event, body);
      answer.status_code = events::reported_status(answer.source, body);
    }
  }

  std::string target_;
  Ask ask_;
  events::Limits limits_;
  std::atomic<bool> answered_{false};
};

}  // namespace

std::string name_fault(const std::string& name) {
  if (name.empty()) return "function: no name given";
  constexpr std::size_t kLongest = 170;  // of an ARN with its qualifier, by the Invoke API
  if (name.size() > kLongest)
    return fmt::format("function: a name of {} characters; at most {}", name.size(), kLongest);
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 &&
        std::string_view("-_:$./").find(c) == std::string_view::npos) {
      return fmt::format("function: \"{}\" given, expected a name, an ARN or name:qualifier", name);
    }
  }
  return "";
}

std::unique_ptr<Function> over_api(const std::string& name, Ask ask) {
  if (const std::string fault = name_fault(name); !fault.empty()) io::throw_usage(fault);
  return std::make_unique<OverApi>(name, std::move(ask));
}

std::unique_ptr<Function> over_http(const RemoteFunction& remote, unsigned workers) {
  http::ClientOptions options;
  options.timeout = remote.timeout;
  options.resolve = http::resolve_name;
  auto clients = std::make_shared<std::vector<http::Client>>();
  clients->reserve(workers);
  for (unsigned i = 0; i < workers; ++i) clients->emplace_back(remote.endpoint, options);
  return over_api(remote.name, [clients](const http::Request& request, unsigned worker) {
    return (*clients)[worker].send(request);
  });
}

}  // namespace textlambda::replay
