// The group "invoke": what becomes of an invocation that goes well.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"
#include "textlambda/encoding/percent_encoding.h"

namespace textlambda::conform::invoking {
namespace {

using Json = nlohmann::json;

constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
// "Request must be smaller than 6291456 bytes", and the same for events that wait.
constexpr std::size_t kMostSynchronous = 6'291'456;
constexpr std::size_t kMostAsynchronous = 1'048'576;

// FNV-1a of 32 bits, as the probe counts it.
std::uint32_t fnv_checksum(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

// A command whose event has exactly so many bytes. The members are in the order of their names, as JSON.stringify has
// them too once it has read this.
std::string event_of(std::size_t bytes, std::string_view name) {
  const std::string head = R"({"pad":")";
  const std::string tail = fmt::format(R"(","probe":"{}"}})", name);
  return head + std::string(bytes - head.size() - tail.size(), 'x') + tail;
}

Finding request_response(Session& session) {
  Judge judge("200 and the function's answer, no X-Amz-Function-Error");
  const Json event = {{"text", "hello"}, {"n", 1}};
  const Json answer = judge.answered(session.invoke(event));
  return judge.equal("the event as the function had it", member_of(answer, "echo"), event).finding();
}

Finding explicit_type(Session& session) {
  Judge judge("200 and the function's answer");
  const Json answer = judge.answered(session.invoke({{"n", 2}}, {.type = "RequestResponse"}));
  return judge.equal("echo", member_of(answer, "echo"), {{"n", 2}}).finding();
}

Finding executed_version(Session& session) {
  Judge judge("X-Amz-Executed-Version: $LATEST, or the number of a version");
  const http::Response answer = session.invoke(command("ping"));
  judge.answered(answer);
  return judge.header_matches(answer, "X-Amz-Executed-Version", R"(\$LATEST|[0-9]+)").finding();
}

Finding request_id(Session& session) {
  Judge judge("x-amzn-RequestId: a UUID");
  return judge.header_matches(session.invoke(command("ping")), "x-amzn-RequestId", kUuid).finding();
}

Finding content_type(Session& session) {
  Judge judge("Content-Type: application/json");
  return judge.header_matches(session.invoke(command("ping")), "Content-Type", "application/json(;.*)?").finding();
}

Finding trace_id(Session& session) {
  Judge judge("X-Amzn-Trace-Id: Root=1-EPOCH-96 BITS;…");
  return judge
      .header_matches(session.invoke(command("ping")), "X-Amzn-Trace-Id", "[Rr]oot=1-[0-9a-f]{8}-[0-9a-f]{24}(;.*)?")
      .finding();
}

Finding empty_body(Session& session) {
  Judge judge("no body is the event {}");
  const Json answer = judge.answered(session.invoke_text(""));
  return judge.equal("the event as the function had it", member_of(answer, "echo"), Json::object()).finding();
}

Finding null_answer(Session& session) {
  Judge judge("200, the body null");
  const http::Response answer = session.invoke(command("null"));
  judge.answered(answer);
  return judge.equal("the body", answer.body, "null").finding();
}

Finding unicode(Session& session) {
  Judge judge("text of every kind comes back as it went");
  const Json event = {{"text", "é 日本語 العربية 🙂 \x01 \x7f \" \\ / \n \t \u2028 \U0010FFFF"},
                      {"ключ", "значение"}};
  const Json answer = judge.answered(session.invoke(event));
  return judge.equal("echo", member_of(answer, "echo"), event).finding();
}

Finding escaped_event(Session& session) {
  Judge judge("escapes in an event mean what JSON says");
  const Json answer = judge.answered(session.invoke_text(R"({ "a" : "\u00e9\ud83d\ude42\u0000\/" , "b" : [ ] })"));
  const Json wanted = {{"a", std::string("é🙂\0/", 8)}, {"b", Json::array()}};
  return judge.equal("echo", member_of(answer, "echo"), wanted).finding();
}

Finding numbers(Session& session) {
  Judge judge("numbers come back as they went");
  const Json event = {{"n", {0, -1, 9007199254740991, -9007199254740991, 0.5, 1e-7, 1.5e300}}};
  const Json answer = judge.answered(session.invoke(event));
  return judge.equal("echo", member_of(answer, "echo"), event).finding();
}

Finding any_json(Session& session) {
  Judge judge("an event may be any JSON: a list, a text, a number, true, null");
  for (const char* const event : {R"([1,"two",null])", R"("text")", "7", "true", "null"}) {
    const Json answer = judge.answered(session.invoke_text(event));
    judge.that(answer.contains("echo"), fmt::format("of {}: {}", event, answer.dump()));
    judge.equal(event, member_of(answer, "echo"), Json::parse(event));
  }
  return judge.finding();
}

Finding largest_event(Session& session) {
  Judge judge("an event just below 6,291,456 bytes reaches the function whole");
  const std::string event = event_of(kMostSynchronous - 1, "measure");
  const Json answer = judge.answered(session.invoke_text(event));
  judge.equal("bytes", member_of(answer, "bytes"), event.size());
  return judge.equal("checksum", member_of(answer, "checksum"), fnv_checksum(event)).finding();
}

Finding event_type(Session& session) {
  Judge judge("202, no body");
  const http::Response answer = session.invoke(command("ping"), {.type = "Event"});
  return judge.status(answer, 202).no_body(answer).finding();
}

Finding event_version(Session& session) {
  Judge judge("202 without X-Amz-Executed-Version: nothing was executed yet");
  const http::Response answer = session.invoke(command("ping"), {.type = "Event"});
  return judge.status(answer, 202).no_header(answer, "X-Amz-Executed-Version").finding();
}

// Whether one of several environments that are asked at a time knows that mark.
bool is_remembered(Session& session, const std::string& mark) {
  const Json ask = command("state", {{"sleep_ms", 100}});
  const std::vector<http::Response> answers = session.invoke_all({ask, ask, ask});
  return std::any_of(answers.begin(), answers.end(), [&](const http::Response& answer) {
    const Json state = Json::parse(answer.body.size() < (std::size_t{1} << 20) ? answer.body : "", nullptr, false);
    return member_of(state, "remembered").contains(mark);
  });
}

Finding event_runs(Session& session) {
  const std::string mark = session.unique("event");
  Judge judge("the function has had the event a moment later");
  judge.status(session.invoke(command("state", {{"mark", mark}}), {.type = "Event"}), 202);
  bool there = false;
  while (!judge.decided() && !there && session.pause(std::chrono::milliseconds(200)))
    there = is_remembered(session, mark);
  return judge.that(there, "no environment has had it").finding();
}

Finding largest_asynchronous(Session& session) {
  Judge judge("202 for an event just below 1,048,576 bytes");
  return judge.status(session.invoke_text(event_of(kMostAsynchronous - 1, "measure"), {.type = "Event"}), 202)
      .finding();
}

Finding dry_run(Session& session) {
  Judge judge("204, no body");
  const http::Response answer = session.invoke(command("ping"), {.type = "DryRun"});
  return judge.status(answer, 204).no_body(answer).finding();
}

Finding dry_run_version(Session& session) {
  Judge judge("204 without X-Amz-Executed-Version: nothing was executed");
  const http::Response answer = session.invoke(command("ping"), {.type = "DryRun"});
  return judge.status(answer, 204).no_header(answer, "X-Amz-Executed-Version").finding();
}

Finding dry_run_runs_nothing(Session& session) {
  const std::string mark = session.unique("dry-run");
  Judge judge("the function does not see it");
  judge.status(session.invoke(command("state", {{"mark", mark}}), {.type = "DryRun"}), 204);
  return judge.that(judge.decided() || !is_remembered(session, mark), "the function was invoked").finding();
}

Finding tail(Session& session) {
  Judge judge("X-Amz-Log-Result: the log in base64, with what the function has printed");
  const std::string words = session.unique("words");
  const http::Response answer = session.invoke(command("print", {{"text", words + "\n"}}), {.tail = true});
  judge.answered(answer);
  judge.header_matches(answer, "X-Amz-Log-Result", "[A-Za-z0-9+/]+=*");
  return judge.that(log_tail(answer).find(words + "\n") != std::string::npos, "a log without it: " + log_tail(answer))
      .finding();
}

Finding tail_of_stderr(Session& session) {
  Judge judge("what goes to standard error is in the log too");
  const std::string words = session.unique("stderr");
  const http::Response answer =
      session.invoke(command("print", {{"text", words + "\n"}, {"stream", "stderr"}}), {.tail = true});
  judge.answered(answer);
  return judge.that(log_tail(answer).find(words + "\n") != std::string::npos, "a log without it: " + log_tail(answer))
      .finding();
}

Finding no_tail(Session& session) {
  Judge judge("no X-Amz-Log-Result where it was not asked for");
  const http::Response answer = session.invoke(command("print", {{"text", "x\n"}}));
  judge.answered(answer);
  return judge.no_header(answer, "X-Amz-Log-Result").finding();
}

Finding tail_limit(Session& session) {
  Judge judge("at most the last 4,096 bytes, REPORT among them");
  const http::Response answer =
      session.invoke(command("print", {{"text", std::string(99, 'p') + "\n"}, {"times", 200}}), {.tail = true});
  judge.answered(answer);
  const std::string log = log_tail(answer);
  judge.that(!log.empty() && log.size() <= 4096, fmt::format("{} bytes", log.size()));
  return judge.that(log.find("\nREPORT RequestId: ") != std::string::npos, "a log without REPORT: " + log).finding();
}

// The function's ARN cut into its parts.
std::vector<std::string> arn_parts(const Session& session) {
  std::vector<std::string> parts;
  const std::string& arn = session.probe().function_arn;
  for (std::size_t begin = 0; begin <= arn.size();) {
    const std::size_t end = std::min(arn.find(':', begin), arn.size());
    parts.push_back(arn.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts.size() == 7 ? parts : std::vector<std::string>();
}

Finding called(Session& session, const std::string& function, const std::string& qualifier = {}) {
  Judge judge("200 for " + function + (qualifier.empty() ? "" : "?Qualifier=" + qualifier));
  judge.answered(session.invoke(command("ping"), {.function = function, .qualifier = qualifier}));
  return judge.finding();
}

const Finding& no_arn() {
  static const Finding kFinding = skipped("the function was not told its ARN");
  return kFinding;
}

Finding by_arn(Session& session) {
  return arn_parts(session).empty() ? no_arn() : called(session, session.probe().function_arn);
}
Finding by_arn_and_latest(Session& session) {
  return arn_parts(session).empty() ? no_arn() : called(session, session.probe().function_arn + ":$LATEST");
}
Finding by_partial_arn(Session& session) {
  const std::vector<std::string> parts = arn_parts(session);
  return parts.empty() ? no_arn() : called(session, parts[4] + ":function:" + parts[6]);
}
Finding by_name_and_latest(Session& session) { return called(session, session.bare_name() + ":$LATEST"); }
Finding by_qualifier(Session& session) { return called(session, session.bare_name(), "$LATEST"); }
Finding by_both_qualifiers(Session& session) { return called(session, session.bare_name() + ":$LATEST", "$LATEST"); }

// As the SDKs send it: each colon as %3A.
Finding by_encoded_arn(Session& session) {
  if (arn_parts(session).empty()) return no_arn();
  const std::string path =
      "/2015-03-31/functions/" + encoding::percent_encoded(session.probe().function_arn) + "/invocations";
  Judge judge("200 for " + path);
  Call call = session.invocation(R"({"probe":"ping"})", {});
  call.target = path;
  judge.answered(session.call(call));
  return judge.finding();
}

// A function of tenants alone takes one; another refuses it.
Finding tenant(Session& session) {
  Judge judge(
      "the function has the caller's tenant id, the answer echoes it; or it has no tenants, and says so with 400");
  const http::Response answer = session.invoke(command("headers"), {.tenant = "blue"});
  if (answer.status == 400) {
    judge.api_error(answer, 400, {"InvalidParameterValueException", "ValidationException"}, "message");
    return judge.finding();
  }
  const Json got = judge.answered(answer);
  judge.header(answer, "X-Amz-Tenant-Id", "blue");
  return judge
      .equal("Lambda-Runtime-Aws-Tenant-Id", member_of(member_of(got, "headers"), "lambda-runtime-aws-tenant-id"),
             "blue")
      .finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"invoke.request_response", "an invocation that waits for its answer", source::kInvoke, request_response},
    {"invoke.explicit_type", "the same with X-Amz-Invocation-Type: RequestResponse", source::kInvoke, explicit_type},
    {"invoke.executed_version", "which version was executed", source::kInvoke, executed_version},
    {"invoke.request_id", "the id of the request", source::kRecorded, request_id},
    {"invoke.content_type", "the type of the answer", source::kInvoke, content_type},
    {"invoke.trace_id", "the trace of the request", source::kInvoke, trace_id},
    {"invoke.empty_body", "an invocation without a body", source::kInvoke, empty_body},
    {"invoke.null_answer", "a function that returns nothing", source::kRecorded, null_answer},
    {"invoke.unicode", "an event in all scripts, with controls and quotes", source::kInvoke, unicode},
    {"invoke.escaped_event", "an event with escapes and white space", source::kInvoke, escaped_event},
    {"invoke.numbers", "an event of large, small and fractional numbers", source::kInvoke, numbers},
    {"invoke.any_json", "events that are no objects", source::kInvoke, any_json},
    {"invoke.largest_event", "an event of 6,291,455 bytes", source::kQuotas, largest_event},
    {"invoke.event", "an invocation that does not wait", source::kInvoke, event_type},
    {"invoke.event_version", "the version of one that does not wait", source::kRecorded, event_version},
    {"invoke.event_runs", "whether the function has it in the end", source::kAsynchronous, event_runs},
    {"invoke.largest_asynchronous_event", "an event of 1,048,575 bytes for later", source::kQuotas,
     largest_asynchronous},
    {"invoke.dry_run", "a dry run", source::kInvoke, dry_run},
    {"invoke.dry_run_version", "the version of a dry run", source::kRecorded, dry_run_version},
    {"invoke.dry_run_runs_nothing", "whether a dry run reaches the function", source::kInvoke, dry_run_runs_nothing},
    {"invoke.tail", "the log with X-Amz-Log-Type: Tail", source::kInvoke, tail},
    {"invoke.tail_of_stderr", "the log of standard error", source::kInvoke, tail_of_stderr},
    {"invoke.no_tail", "the log where it was not asked for", source::kInvoke, no_tail},
    {"invoke.tail_limit", "the log of a function that prints 20,000 bytes", source::kInvoke, tail_limit},
    {"invoke.arn", "a function by its ARN", source::kInvoke, by_arn},
    {"invoke.encoded_arn", "by its ARN with colons encoded", source::kInvoke, by_encoded_arn},
    {"invoke.partial_arn", "by ACCOUNT:function:NAME", source::kInvoke, by_partial_arn},
    {"invoke.name_and_latest", "by NAME:$LATEST", source::kInvoke, by_name_and_latest},
    {"invoke.arn_and_latest", "by ARN:$LATEST", source::kInvoke, by_arn_and_latest},
    {"invoke.qualifier", "with ?Qualifier=$LATEST", source::kInvoke, by_qualifier},
    {"invoke.both_qualifiers", "by NAME:$LATEST?Qualifier=$LATEST", source::kInvoke, by_both_qualifiers},
    {"invoke.tenant", "an invocation in the name of a tenant", source::kTenants, tenant},
});

}  // namespace
}  // namespace textlambda::conform::invoking

namespace textlambda::conform {

std::span<const Row> invoke_rows() { return invoking::kRows; }

}  // namespace textlambda::conform
