// The group "runtime": the Runtime API as a function's process sees it. Asked of the probe that speaks it itself.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::serving {
namespace {

using Json = nlohmann::json;

// {"status","body","content_type"} as the probe told it, held against an error of the Runtime API.
void check_refusal(Judge& judge, const Json& told, unsigned status, const char* type, const char* message = ".+") {
  const Json& body = member_of(told, "body");
  judge.equal("status", member_of(told, "status"), status);
  judge.equal("errorType", member_of(body, "errorType"), type);
  judge.matches("errorMessage", string_of(body, "errorMessage"), message);
}

// What an environment remembers under a mark, several of them asked at a time; null where none does before the row's
// time is over.
Json remembered(Session& session, const std::string& mark) {
  const Json ask = command("state", {{"sleep_ms", 100}});
  do {
    for (const http::Response& answer : session.invoke_all({ask, ask, ask})) {
      const Json state = Json::parse(answer.body.size() < (std::size_t{1} << 20) ? answer.body : "", nullptr, false);
      const Json& all = member_of(state, "remembered");
      if (all.contains(mark)) return all.at(mark);
    }
  } while (session.pause(std::chrono::milliseconds(200)));
  return Json();
}

const Finding& for_bootstraps_alone() {
  static const Finding kFinding = not_applicable("a handler does not speak the Runtime API itself");
  return kFinding;
}

Finding next_headers(Session& session) {
  if (!session.probe().is_bootstrap()) return for_bootstraps_alone();
  Judge judge("next: 200, Content-Type: application/json, request id, deadline, ARN and trace id");
  const Json answer = judge.answered(session.invoke(command("headers")));
  const Json& headers = member_of(answer, "headers");
  judge.equal("status", member_of(answer, "status"), 200);
  judge.matches("Content-Type", string_of(headers, "content-type"), "application/json(;.*)?");
  for (const char* const name : {"lambda-runtime-aws-request-id", "lambda-runtime-deadline-ms",
                                 "lambda-runtime-invoked-function-arn", "lambda-runtime-trace-id"}) {
    judge.that(!string_of(headers, name).empty(), fmt::format("no {}", name));
  }
  return judge.finding();
}

// A response is accepted; the next event asks what became of it. Several tries, for hosts of several environments.
Finding accepted(Session& session) {
  if (!session.probe().is_bootstrap()) return for_bootstraps_alone();
  Judge judge("202 {\"status\":\"OK\"} for an answer");
  for (int i = 0; i < 8 && !judge.decided(); ++i) {
    const Json before = judge.answered(session.invoke(command("state")));
    const Json after = judge.answered(session.invoke(command("state")));
    if (member_of(before, "instance") != member_of(after, "instance")) continue;
    const Json& told = member_of(after, "last_response");
    judge.equal("status", member_of(told, "status"), 202);
    return judge.equal("body", member_of(told, "body"), {{"status", "OK"}}).finding();
  }
  return judge.decided() ? judge.finding() : skipped("no environment had two events one after the other");
}

Finding wrong_id(Session& session) {
  Judge judge("400 InvalidRequestID for an id that is not the invocation's, which goes on");
  const Json answer = judge.answered(session.invoke(command("wrong_id")));
  check_refusal(judge, member_of(answer, "wrong_id"), 400, "InvalidRequestID");
  return judge.finding();
}

Finding late_init_error(Session& session) {
  Judge judge("403 InvalidStateTransition for an init error behind the initialisation");
  const Json answer = judge.answered(session.invoke(command("late_init_error")));
  check_refusal(judge, member_of(answer, "late_init_error"), 403, "InvalidStateTransition");
  return judge.finding();
}

Finding unknown_path(Session& session) {
  Judge judge("404 for a path that the Runtime API does not have");
  const Json answer = judge.answered(session.invoke(command("unknown_path")));
  return judge.equal("status", member_of(member_of(answer, "unknown_path"), "status"), 404).finding();
}

Finding second_answer(Session& session) {
  Judge judge("403 InvalidStateTransition (or 400 InvalidRequestID) for a second answer; the caller has the first");
  const std::string mark = session.unique("twice");
  const Json answer = judge.answered(session.invoke(command("answer_twice", {{"mark", mark}})));
  judge.equal("the answer", answer, "first");
  if (judge.decided()) return judge.finding();
  const Json told = remembered(session, mark);
  judge.that(!told.is_null(), "the function is not told");
  const bool over = number_of(told, "status") == 400;
  check_refusal(judge, told, over ? 400 : 403, over ? "InvalidRequestID" : "InvalidStateTransition");
  return judge.finding();
}

Finding too_large(Session& session) {
  if (!session.probe().is_bootstrap()) return for_bootstraps_alone();
  Judge judge("413 RequestEntityTooLarge \"Exceeded maximum allowed payload size (6291556 bytes).\"");
  const std::string mark = session.unique("large");
  judge.function_error(session.invoke(command("large", {{"bytes", 6'291'557}, {"mark", mark}})));
  if (judge.decided()) return judge.finding();
  const Json told = remembered(session, mark);
  judge.that(!told.is_null(), "the function is not told");
  check_refusal(judge, told, 413, "RequestEntityTooLarge",
                R"(Exceeded maximum allowed payload size \(6291556 bytes\)\.)");
  return judge.finding();
}

// Those that hosts have been seen to break upon come last.
constexpr auto kRows = std::to_array<Row>({
    {"runtime.next", "what next answers", source::kRuntimeApi, next_headers},
    {"runtime.accepted", "what an answer is answered", source::kRuntimeApi, accepted},
    {"runtime.unknown_path", "a path that is not there", source::kRapid, unknown_path},
    {"runtime.wrong_id", "an answer to another request", source::kRuntimeApi, wrong_id},
    {"runtime.late_init_error", "an init error during an invocation", source::kRapid, late_init_error},
    {"runtime.too_large", "an answer of 6,291,557 bytes", source::kRapid, too_large},
    {"runtime.second_answer", "a second answer to one request", source::kRapid, second_answer},
});

}  // namespace
}  // namespace textlambda::conform::serving

namespace textlambda::conform {

std::span<const Row> runtime_api_rows() { return serving::kRows; }

}  // namespace textlambda::conform
