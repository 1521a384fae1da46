#include "textlambda/replay/remote_function.h"

#include <atomic>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/service_side.h"
#include "textlambda/http/client.h"
#include "textlambda/http/name_service.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/replay/invocation_context.h"
#include "textlambda/text/utf8.h"

namespace textlambda::replay {
namespace {

// RFC 3986: what is not unreserved is escaped, so that a name is one segment of the path.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~' || c == ':') {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", byte);
    }
  }
  return encoded;
}

std::string string_member(const nlohmann::json& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (!object.is_object()) continue;
    const auto found = object.find(name);
    if (found != object.end() && found->is_string()) return found->get<std::string>();
  }
  return "";
}

class OverHttp : public Function {
 public:
  OverHttp(const RemoteFunction& remote, unsigned workers)
      : target_("/2015-03-31/functions/" + percent_encoded(remote.name) + "/invocations") {
    http::ClientOptions options;
    options.timeout = remote.timeout;
    options.resolve = http::resolve_name;
    clients_.reserve(workers);
    for (unsigned i = 0; i < workers; ++i) clients_.emplace_back(remote.endpoint, options);
  }

  Reply answer(const recording::Recording& recording, unsigned worker) override {
    Reply reply;
    nlohmann::json event;
    if (json::read(recording.event, limits_.json, event).empty()) {
      reply.answer.source = events::recognise(event).source;
      reply.has_source = true;
      reply.answer.recognised = true;
    }
    try {
      const http::Response response = clients_[worker].send(request(recording));
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
    const lambda::Invocation invocation = invocation_of(recording);
    http::Request request;
    request.method = "POST";
    request.target = target_;
    request.headers.push_back({"Content-Type", "application/json"});
    request.headers.push_back({"X-Amz-Invocation-Type", "RequestResponse"});
    if (!invocation.client_context.empty()) {
      request.headers.push_back({"X-Amz-Client-Context", encoding::encode_base64(invocation.client_context)});
    }
    request.body = recording.event;
    return request;
  }

  void read(const http::Response& response, const nlohmann::json& event, lambda::Answer& answer) const {
    nlohmann::json body;
    const std::string fault = json::read(response.body, limits_.json, body);
    // Only what the function itself has answered is its response.
    if (response.status == 200 && fault.empty()) {
      std::string repaired;
      answer.body = text::repair_utf8(response.body, repaired).text;
    }
    const std::string_view function_error = response.header("X-Amz-Function-Error");
    if (response.status != 200) {
      answer.error_type = response.header("x-amzn-ErrorType");
      answer.error_message = string_member(body, {"message", "Message", "errorMessage"});
      if (answer.error_message.empty()) answer.error_message = fmt::format("HTTP status {}", response.status);
    } else if (!function_error.empty()) {
      answer.error_type = string_member(body, {"errorType"});
      answer.error_message = string_member(body, {"errorMessage"});
      if (answer.error_type.empty()) answer.error_type = function_error;
    } else if (!fault.empty()) {
      answer.error_message = "the response is " + fault;
    } else {
      answer.ok = true;
      answer.records = events::reported_records(answer.source, event, body);
      answer.status_code = events::reported_status(answer.source, body);
    }
  }

  std::string target_;
  events::Limits limits_;
  std::vector<http::Client> clients_;
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

std::unique_ptr<Function> over_http(const RemoteFunction& remote, unsigned workers) {
  if (const std::string fault = name_fault(remote.name); !fault.empty()) io::throw_usage(fault);
  return std::make_unique<OverHttp>(remote, workers);
}

}  // namespace textlambda::replay
