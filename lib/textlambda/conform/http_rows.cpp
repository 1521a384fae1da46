// The group "http": what any client of HTTP/1.1 may do, whatever it asks.
#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::speaking {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kPing = R"({"probe":"ping"})";

// The echo of `event`, sent in a way of its own.
Finding echoed(Session& session, const std::string& expected, const std::string& event, Call call) {
  Judge judge(expected);
  call.body = event;
  const Json answer = judge.answered(session.call(call));
  return judge.equal("the event as the function had it", member_of(answer, "echo"), Json::parse(event)).finding();
}

Finding keep_alive(Session& session) {
  Judge judge("two requests on one connection, each with its own answer");
  Connection connection = session.connect();
  for (int i = 0; i < 2; ++i) {
    const std::string event = fmt::format(R"({{"n":{}}})", i);
    const Json answer = judge.answered(connection.send(session.invocation(event, {}), session.deadline()));
    judge.equal("echo", member_of(answer, "echo"), Json::parse(event));
    if (i == 0) judge.that(connection.stays_open(), "the connection is closed behind an answer");
  }
  return judge.finding();
}

Finding chunked(Session& session) {
  Call call = session.invocation({}, {});
  call.chunked = true;
  return echoed(session, "a body in chunks is taken as any other", R"({"text":"in chunks"})", call);
}

Finding chunked_large(Session& session) {
  Call call = session.invocation({}, {});
  call.chunked = true;
  return echoed(session, "a body of 1 MB in chunks of 64 KiB comes whole",
                R"({"pad":")" + std::string(1'000'000, 'c') + "\"}", call);
}

Finding expect_continue(Session& session) {
  Call call = session.invocation({}, {});
  call.expects_continue = true;
  return echoed(session, "200 for a client that waits for 100 Continue", R"({"text":"expected"})", call);
}

Finding lower_case_headers(Session& session) {
  Judge judge("202 for x-amz-invocation-type: Event");
  Call call = session.invocation(kPing, {});
  call.headers.push_back({"x-amz-invocation-type", "Event"});
  return judge.status(session.call(call), 202).finding();
}

// An invocation on the connection on which one of `type` was answered with that status, and no body.
Finding after_no_body(Session& session, const std::string& type, unsigned status) {
  Judge judge("the next request on the connection has its own answer, unless that is closed");
  Connection connection = session.connect();
  const http::Response first = connection.send(session.invocation(kPing, {.type = type}), session.deadline());
  if (first.status != status) return not_applicable(fmt::format("{} is answered {}", type, first.status));
  if (!connection.stays_open()) return judge.finding();
  judge.answered(connection.send(session.invocation(kPing, {}), session.deadline()));
  return judge.finding();
}

Finding after_event(Session& session) { return after_no_body(session, "Event", 202); }
Finding after_dry_run(Session& session) { return after_no_body(session, "DryRun", 204); }

Finding after_error(Session& session) {
  Judge judge("404, and the next request on the connection has its own answer, unless it is closed");
  Connection connection = session.connect();
  const Call unknown = session.invocation(kPing, {.function = session.unique("unknown")});
  judge.status(connection.send(unknown, session.deadline()), 404);
  if (judge.decided() || !connection.stays_open()) return judge.finding();
  judge.answered(connection.send(session.invocation(kPing, {}), session.deadline()));
  return judge.finding();
}

Finding head(Session& session) {
  Judge judge("an answer without a body, and the function is there for the next request");
  Connection connection = session.connect();
  connection.send({.method = "HEAD", .target = function_path(session.function())}, session.deadline());
  if (connection.stays_open()) {
    judge.answered(connection.send(session.invocation(kPing, {}), session.deadline()));
  } else {
    judge.answered(session.invoke_text(kPing));
  }
  return judge.finding();
}

// What of `call`, which means nothing, is answered with an error.
Finding refused(Session& session, const Call& call) {
  Judge judge("an error, 4xx or 5xx");
  const http::Response answer = session.call(call);
  return judge.that(answer.status >= 400 && answer.status < 600, summary(answer)).finding();
}

Finding unknown_path(Session& session) {
  return refused(session, {.method = "GET", .target = "/2015-03-31/nothing/here"});
}

Finding wrong_method(Session& session) {
  Call call = session.invocation(kPing, {});
  call.method = "PUT";
  return refused(session, call);
}

constexpr auto kRows = std::to_array<Row>({
    {"http.keep_alive", "two invocations on one connection", source::kHttp, keep_alive},
    {"http.chunked", "an event in chunks", source::kHttp, chunked},
    {"http.chunked_large", "an event of 1 MB in chunks", source::kHttp, chunked_large},
    {"http.expect_continue", "an event behind Expect: 100-continue", source::kHttp, expect_continue},
    {"http.lower_case_headers", "header names in lower case", source::kHttp, lower_case_headers},
    {"http.after_event", "an invocation behind 202 without a body", source::kHttp, after_event},
    {"http.after_dry_run", "an invocation behind 204", source::kHttp, after_dry_run},
    {"http.after_error", "an invocation behind an error", source::kHttp, after_error},
    {"http.head", "HEAD", source::kHttp, head},
    {"http.unknown_path", "a path that means nothing", source::kHttp, unknown_path},
    {"http.wrong_method", "PUT of an invocation", source::kHttp, wrong_method},
});

}  // namespace
}  // namespace textlambda::conform::speaking

namespace textlambda::conform {

std::span<const Row> http_rows() { return speaking::kRows; }

}  // namespace textlambda::conform
