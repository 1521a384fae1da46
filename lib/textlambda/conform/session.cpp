#include "textlambda/conform/session.h"

#include <algorithm>
#include <thread>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/protocol/invoke_api.h"

namespace textlambda::conform {

using Json = nlohmann::json;

Session::Session(const Options& options) : options_(options), function_(options.function) { begin_row(); }

std::string Session::bare_name() const {
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME, ACCOUNT:function:NAME or NAME, and a qualifier behind.
  constexpr std::string_view kBefore = ":function:";
  const std::string& whole = function_;
  const std::size_t at = whole.find(kBefore);
  const std::string name = at == std::string::npos ? whole : whole.substr(at + kBefore.size());
  return name.substr(0, name.find(':'));
}

bool Session::pause(std::chrono::milliseconds time) const {
  constexpr std::chrono::milliseconds kStep{20};
  const Clock::time_point until = Clock::now() + time;
  while (Clock::now() < until && !deadline_.is_over()) {
    std::this_thread::sleep_for(std::min<Clock::duration>(kStep, until - Clock::now()));
  }
  return !deadline_.is_over();
}

Connection Session::connect(const Deadline& deadline) const {
  return {options_.target, {.user_agent = "textlambda-conform", .signer = options_.signer}, deadline};
}

http::Response Session::call(const Call& call) const { return this->call(call, deadline_); }

http::Response Session::call(const Call& call, const Deadline& deadline) const {
  return connect(deadline).send(call, deadline);
}

http::Response Session::management(const std::string& method, const std::string& path, const Json& body) const {
  const std::string text = json::compact(body);
  return call({.method = method, .target = path, .headers = {{"Content-Type", "application/json"}}, .body = text});
}

http::Response Session::management(const std::string& method, const std::string& path) const {
  return call({.method = method, .target = path});
}

Call Session::invocation(std::string_view event, const Invocation& how) const {
  Call call{.target = protocol::invocations_path(how.function.empty() ? function_ : how.function),
            .headers = {{"Content-Type", "application/json"}},
            .body = event};
  if (!how.qualifier.empty()) call.target += "?Qualifier=" + encoding::percent_encoded(how.qualifier);
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) call.headers.push_back({std::string(name), value});
  };
  add(protocol::kInvocationTypeHeader, how.type);
  add("X-Amz-Log-Type", how.tail ? "Tail" : "");
  add(protocol::kInvokeClientContextHeader, how.client_context);
  add("X-Amz-Tenant-Id", how.tenant);
  return call;
}

http::Response Session::invoke_text(std::string_view event, const Invocation& how) const {
  return call(invocation(event, how));
}

http::Response Session::invoke(const Json& event, const Invocation& how) const {
  return invoke_text(json::compact(event), how);
}

std::vector<http::Response> Session::invoke_all(const std::vector<Json>& events, const Invocation& how) const {
  std::vector<http::Response> answers(events.size());
  std::vector<std::thread> threads;
  threads.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        answers[i] = invoke(events[i], how);
      } catch (const io::Error& error) {
        answers[i].body = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return answers;
}

std::string log_tail(const http::Response& answer) {
  std::string text;
  return encoding::decode_base64(answer.header("X-Amz-Log-Result"), text).empty() ? text : "";
}

Json command(std::string_view name) { return {{"probe", name}}; }

Json command(std::string_view name, Json more) {
  more["probe"] = name;
  return more;
}

std::string function_path(std::string_view name, std::string_view below, std::string_view version) {
  return "/" + std::string(version) + "/functions/" + encoding::percent_encoded(name, ":") + std::string(below);
}

}  // namespace textlambda::conform
