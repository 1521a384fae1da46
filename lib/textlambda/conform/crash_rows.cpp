// The group "crashes": a function's process that ends, or does not, in the middle of an invocation.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::crashing {
namespace {

using Json = nlohmann::json;

// How much memory a row may take for the sake of being refused it.
constexpr unsigned kMostProbedMb = 1024;

// {"errorType","errorMessage"}, the message with the request's id in front.
Finding ended(Session& session, const Json& event, const std::string& type, const std::string& message) {
  Judge judge(fmt::format("{} \"RequestId: ID Error: {}\"", type, message));
  const http::Response answer = session.invoke(event);
  const Json body = judge.function_error(answer);
  judge.equal("errorType", member_of(body, "errorType"), type);
  const std::string id(answer.header("x-amzn-RequestId"));
  return judge
      .equal("errorMessage", member_of(body, "errorMessage"), fmt::format("RequestId: {} Error: {}", id, message))
      .finding();
}

Finding exit_quietly(Session& session) {
  return ended(session, command("exit", {{"status", 0}}), "Runtime.ExitError",
               "Runtime exited without providing a reason");
}
Finding exit_with_one(Session& session) {
  return ended(session, command("exit", {{"status", 1}}), "Runtime.ExitError",
               "Runtime exited with error: exit status 1");
}
Finding exit_with_127(Session& session) {
  return ended(session, command("exit", {{"status", 127}}), "Runtime.ExitError",
               "Runtime exited with error: exit status 127");
}
Finding killed(Session& session) {
  return ended(session, command("signal", {{"number", 9}}), "Runtime.ExitError",
               "Runtime exited with error: signal: killed");
}

Finding out_of_memory(Session& session) {
  const unsigned memory = session.probe().memory_mb;
  if (memory == 0) return skipped("the function was not told its memory");
  const unsigned wanted = memory + memory / 2 + 64;
  if (wanted > kMostProbedMb) {
    return skipped(fmt::format("the function has {} MB, and a row takes at most {}", memory, kMostProbedMb));
  }
  return ended(session, command("memory", {{"mb", wanted}}), "Runtime.ExitError",
               "Runtime exited with error: signal: killed");
}

// Milliseconds that a function has, where a row can wait for that; 0: it cannot.
long waitable_timeout(const Session& session) {
  constexpr std::chrono::milliseconds kMargin{3000};
  const long timeout = session.probe().timeout_ms;
  return timeout > 0 && std::chrono::milliseconds(timeout) + kMargin <= session.options().row_timeout ? timeout : 0;
}

Finding not_waited(const Session& session) {
  const double seconds = static_cast<double>(session.probe().timeout_ms) / 1000;
  if (seconds <= 0) return skipped("the function was not told how long it may take");
  return skipped(fmt::format("the function may take {:.1f} s: the row (--timeout, {:.1f} s) needs three seconds more",
                             seconds, static_cast<double>(session.options().row_timeout.count()) / 1000));
}

http::Response time_out(const Session& session, long timeout_ms) {
  return session.invoke(command("sleep", {{"sleep_ms", timeout_ms + 60'000}, {"announce", 1}}), {.tail = true});
}

Finding timed_out(Session& session) {
  const long timeout = waitable_timeout(session);
  if (timeout == 0) return not_waited(session);
  Judge judge("Sandbox.Timedout \"RequestId: ID Error: Task timed out after N.NN seconds\"");
  const http::Response answer = time_out(session, timeout);
  const Json body = judge.function_error(answer);
  judge.equal("errorType", member_of(body, "errorType"), "Sandbox.Timedout");
  const std::string message = string_of(body, "errorMessage");
  const std::string id(answer.header("x-amzn-RequestId"));
  judge.matches("errorMessage", message,
                "RequestId: " + literally(id) + R"( Error: Task timed out after [0-9]{1,3}\.[0-9]{2} seconds)");
  if (!judge.decided()) {
    const double seconds = std::stod(message.substr(message.find(" after ") + std::string_view(" after ").size()));
    judge.that(std::abs(seconds * 1000 - static_cast<double>(timeout)) < 1000, message);
  }
  return judge.finding();
}

Finding timeout_in_the_log(Session& session) {
  const long timeout = waitable_timeout(session);
  if (timeout == 0) return not_waited(session);
  Judge judge("REPORT … Status: timeout");
  const http::Response answer = time_out(session, timeout);
  judge.function_error(answer);
  const std::string log = log_tail(answer);
  return judge
      .that(log.find("\nREPORT RequestId: ") != std::string::npos && log.find("\tStatus: timeout") != std::string::npos,
            log.empty() ? "no log" : "a log without it: " + log)
      .finding();
}

// The bodies of the service's own words: two members, none else.
Finding error_members(Session& session) {
  Judge judge("a body of errorType and errorMessage alone");
  const Json body = judge.function_error(session.invoke(command("exit", {{"status", 1}})));
  std::set<std::string> members;
  if (body.is_object()) {
    for (const auto& [name, value] : body.items()) members.insert(name);
  }
  return judge.that(members == std::set<std::string>{"errorMessage", "errorType"}, body.dump()).finding();
}

// Which process it was, by what it has printed; else the one that was seen before.
std::string instance_of(const http::Response& answer, const std::string& seen_before) {
  constexpr std::string_view kSays = "conform instance ";
  const std::string log = log_tail(answer);
  const std::size_t at = log.find(kSays);
  if (at == std::string::npos) return seen_before;
  const std::size_t begin = at + kSays.size();
  return log.substr(begin, log.find_first_not_of("0123456789abcdef-", begin) - begin);
}

// The processes that answer now, several asked at a time.
std::set<std::string> instances(Session& session) {
  const Json ask = command("state", {{"sleep_ms", 150}});
  std::set<std::string> found;
  for (const http::Response& answer : session.invoke_all({ask, ask, ask})) {
    const Json state = Json::parse(answer.body.size() < (std::size_t{1} << 20) ? answer.body : "", nullptr, false);
    if (const std::string instance = string_of(state, "instance"); !instance.empty()) found.insert(instance);
  }
  return found;
}

// That a process that has ended answers no more, and that others do.
void check_restart(Session& session, Judge& judge, const std::string& instance) {
  if (judge.decided()) return;
  const std::set<std::string> now = instances(session);
  judge.that(!now.empty(), "no answer any more");
  judge.that(!now.contains(instance), "the process that was ended still answers");
}

Finding restarted_after_exit(Session& session) {
  Judge judge("the next invocation is answered, by a new process");
  const Json before = judge.answered(session.invoke(command("state")));
  const http::Response crash = session.invoke(command("exit", {{"status", 1}}), {.tail = true});
  judge.supported(crash);
  check_restart(session, judge, instance_of(crash, string_of(before, "instance")));
  return judge.finding();
}

Finding restarted_after_timeout(Session& session) {
  const long timeout = waitable_timeout(session);
  if (timeout == 0) return not_waited(session);
  Judge judge("the next invocation is answered, by a new process");
  const Json before = judge.answered(session.invoke(command("state")));
  const http::Response late = time_out(session, timeout);
  judge.supported(late);
  check_restart(session, judge, instance_of(late, string_of(before, "instance")));
  return judge.finding();
}

Finding tmp_survives_timeout(Session& session) {
  const long timeout = waitable_timeout(session);
  if (timeout == 0) return not_waited(session);
  Judge judge("a file of /tmp is there after a timeout");
  const std::string name = session.unique("kept");
  const Json written = judge.answered(session.invoke(command("tmp_write", {{"name", name}, {"text", "kept"}})));
  judge.equal("written", member_of(written, "written"), true);
  judge.supported(time_out(session, timeout));
  const Json read = judge.answered(session.invoke(command("tmp_read", {{"name", name}, {"remove", 1}})));
  return judge.equal("text", member_of(read, "text"), "kept").finding();
}

Finding crash_leaves_others(Session& session) {
  Judge judge("an invocation at the same time is answered all the same");
  if (session.options().concurrency == 1U) return not_applicable("one invocation at a time");
  const std::vector<http::Response> answers =
      session.invoke_all({command("sleep", {{"sleep_ms", 800}}), command("exit", {{"status", 1}})});
  judge.supported(answers[1]).answered(answers[0]);
  return judge.finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"crashes.exit_0", "a function that exits with 0", source::kRecorded, exit_quietly},
    {"crashes.exit_1", "a function that exits with 1", source::kRecorded, exit_with_one},
    {"crashes.exit_127", "a function that exits with 127", source::kRecorded, exit_with_127},
    {"crashes.signal", "a function that is killed", source::kRuntimeEnvironment, killed},
    {"crashes.memory", "a function that takes more memory than it has", source::kRuntimeEnvironment, out_of_memory},
    {"crashes.error_members", "the members of such an error", source::kRecorded, error_members},
    {"crashes.restart", "the invocation behind a crash", source::kRuntimeEnvironment, restarted_after_exit},
    {"crashes.neighbour", "an invocation beside a crash", source::kRuntimeEnvironment, crash_leaves_others},
    {"crashes.timeout", "a function that takes too long", source::kRecorded, timed_out},
    {"crashes.timeout_in_the_log", "the log of one that takes too long", source::kLogs, timeout_in_the_log},
    {"crashes.timeout_restart", "the invocation behind a timeout", source::kRecorded, restarted_after_timeout},
    {"crashes.timeout_keeps_tmp", "/tmp behind a timeout", source::kRecorded, tmp_survives_timeout},
});

}  // namespace
}  // namespace textlambda::conform::crashing

namespace textlambda::conform {

std::span<const Row> crash_rows() { return crashing::kRows; }

}  // namespace textlambda::conform
