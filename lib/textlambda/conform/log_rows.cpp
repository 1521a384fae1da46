// The group "log": the lines that the service writes around an invocation, as X-Amz-Log-Result has them.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::logging {
namespace {

using Json = nlohmann::json;

// The first line that begins so, without its end; empty where there is none.
std::string line_of(const std::string& log, const std::string& begin) {
  std::size_t at = 0;
  while (at < log.size()) {
    const std::size_t end = std::min(log.find('\n', at), log.size());
    if (log.compare(at, begin.size(), begin) == 0) return log.substr(at, end - at);
    at = end + 1;
  }
  return "";
}

// A field of REPORT: the text between "Name: " and the next tab.
std::optional<double> report_number(const std::string& report, const std::string& name, const std::string& unit) {
  const std::string begin = "\t" + name + ": ";
  const std::size_t at = report.find(begin);
  if (at == std::string::npos) return std::nullopt;
  const std::string field = report.substr(at + begin.size(), report.find('\t', at + 1) - at - begin.size());
  if (!matches_whole(field, R"([0-9]{1,9}(\.[0-9]+)? )" + unit)) return std::nullopt;
  return std::stod(field);
}

http::Response logged(Session& session, const Json& event) { return session.invoke(event, {.tail = true}); }

// Of an invocation with its log: an expectation of that log and the id of its request.
template <typename Check>
Finding log_check(Session& session, const std::string& expected, const Check& check) {
  Judge judge(expected);
  const http::Response answer = logged(session, command("print", {{"text", "between\n"}}));
  judge.answered(answer);
  const std::string log = log_tail(answer);
  judge.that(!log.empty(), "no log");
  if (!judge.decided()) check(judge, log, std::string(answer.header("x-amzn-RequestId")));
  return judge.finding();
}

Finding start_line(Session& session) {
  return log_check(session, "START RequestId: ID Version: $LATEST",
                   [](Judge& judge, const std::string& log, const std::string& id) {
                     judge.matches("the first line", line_of(log, "START "),
                                   "START RequestId: " + literally(id) + R"( Version: (\$LATEST|[0-9]+))");
                   });
}

Finding end_line(Session& session) {
  return log_check(session, "END RequestId: ID", [](Judge& judge, const std::string& log, const std::string& id) {
    judge.equal("the line", line_of(log, "END "), "END RequestId: " + id);
  });
}

Finding report_line(Session& session) {
  return log_check(
      session, "REPORT RequestId: ID, then Duration, Billed Duration, Memory Size, Max Memory Used, a tab before each",
      [](Judge& judge, const std::string& log, const std::string& id) {
        judge.matches("the line", line_of(log, "REPORT "),
                      "REPORT RequestId: " + literally(id) +
                          R"(\tDuration: [0-9]+\.[0-9]{2} ms\tBilled Duration: [0-9]+ ms\tMemory Size: [0-9]+ MB)"
                          R"(\tMax Memory Used: [0-9]+ MB(\tInit Duration: [0-9]+\.[0-9]{2} ms)?\t?)");
      });
}

Finding order(Session& session) {
  return log_check(session, "START, what the function prints, END, REPORT",
                   [](Judge& judge, const std::string& log, const std::string&) {
                     const std::size_t start = log.find("START RequestId: ");
                     const std::size_t printed = log.find("between\n");
                     const std::size_t end = log.find("END RequestId: ");
                     const std::size_t report = log.find("REPORT RequestId: ");
                     judge.that(start < printed && printed < end && end < report && report != std::string::npos, log);
                   });
}

Finding memory_size(Session& session) {
  return log_check(session, "Memory Size is the function's, Max Memory Used above 0",
                   [&](Judge& judge, const std::string& log, const std::string&) {
                     const std::string report = line_of(log, "REPORT ");
                     const std::optional<double> size = report_number(report, "Memory Size", "MB");
                     const std::optional<double> used = report_number(report, "Max Memory Used", "MB");
                     judge.that(size && used && *used > 0, report);
                     if (session.probe().memory_mb > 0) judge.that(size && *size == session.probe().memory_mb, report);
                   });
}

// Whole milliseconds, rounded up; where the initialisation is billed, with that.
Finding billed(Session& session) {
  return log_check(session, "Billed Duration: Duration (and Init Duration, or not) rounded up to a millisecond",
                   [](Judge& judge, const std::string& log, const std::string&) {
                     const std::string report = line_of(log, "REPORT ");
                     const double duration = report_number(report, "Duration", "ms").value_or(-1);
                     const double billed = report_number(report, "Billed Duration", "ms").value_or(-1);
                     const double init = report_number(report, "Init Duration", "ms").value_or(0);
                     const auto fits = [&](double sum) {
                       return std::abs(billed - std::ceil(sum)) < 0.5 || std::abs(billed - sum) <= 1.02;
                     };
                     judge.that(duration >= 0 && (fits(duration) || fits(duration + init)), report);
                   });
}

Finding duration(Session& session) {
  Judge judge("Duration holds what the function took: 300 ms and more for one that sleeps 300");
  const http::Response answer = logged(session, command("sleep", {{"sleep_ms", 300}}));
  judge.answered(answer);
  const std::string report = line_of(log_tail(answer), "REPORT ");
  const double measured = report_number(report, "Duration", "ms").value_or(-1);
  return judge.that(measured >= 299 && measured < 300'000, report.empty() ? "no REPORT" : report).finding();
}

Finding peak_memory(Session& session) {
  if (!session.probe().is_bootstrap()) return not_applicable("what a handler takes is its runtime's, too");
  if (session.probe().memory_mb < 64) return skipped("the function has too little memory");
  Judge judge("Max Memory Used: at least the 48 MB that the function took");
  const http::Response answer = logged(session, command("memory", {{"mb", 48}}));
  judge.answered(answer);
  const std::string report = line_of(log_tail(answer), "REPORT ");
  const double used = report_number(report, "Max Memory Used", "MB").value_or(-1);
  return judge.that(used >= 48, report.empty() ? "no REPORT" : report).finding();
}

// Several invocations at a time, so that some start an environment: what each of them is told of its initialisation.
struct Starts {
  unsigned cold = 0;
  unsigned cold_without = 0;
  unsigned warm = 0;
  std::string warm_with;  // a REPORT
};
Starts starts_seen(Session& session, Judge& judge) {
  Starts starts;
  const Json ask = command("state", {{"sleep_ms", 400}});
  const std::vector<Json> asked(4, ask);
  std::vector<http::Response> answers = session.invoke_all(asked, {.tail = true});
  answers.push_back(logged(session, command("state")));
  std::erase_if(answers, [](const http::Response& answer) { return answer.status == 429; });
  for (const http::Response& answer : answers) {
    const Json state = judge.answered(answer);
    const std::string report = line_of(log_tail(answer), "REPORT ");
    judge.that(!report.empty(), "no REPORT");
    const bool told = report.find("\tInit Duration: ") != std::string::npos;
    if (number_of(state, "count") == 1) {
      ++starts.cold;
      if (!told) ++starts.cold_without;
    } else {
      ++starts.warm;
      if (told) starts.warm_with = report;
    }
  }
  return starts;
}

// A process that is started anew after a crash may be initialised within the invocation, of which no Init Duration is
// told: so one of those that were started is enough, and where there are none but after a crash, none has to be.
Finding init_when_cold(Session& session) {
  Judge judge("Init Duration where an environment was started for the invocation");
  Starts starts = starts_seen(session, judge);
  const bool crashed = !judge.decided() && starts.cold == 0;
  if (crashed) {
    for (int i = 0; i < 2; ++i) session.invoke(command("exit", {{"status", 1}}));
    starts = starts_seen(session, judge);
  }
  if (judge.decided()) return judge.finding();
  if (starts.cold == 0) return skipped("no environment was started for any of ten invocations");
  if (crashed && starts.cold_without == starts.cold)
    return skipped("no environment was started but in the place of a crashed one");
  return judge.that(starts.cold_without < starts.cold, fmt::format("none for {} that were started", starts.cold))
      .finding();
}

Finding no_init_when_warm(Session& session) {
  Judge judge("no Init Duration where the environment had answered before");
  const Starts starts = starts_seen(session, judge);
  if (!judge.decided() && starts.warm == 0) return skipped("each of 5 invocations had a new environment");
  return judge.that(starts.warm_with.empty(), starts.warm_with).finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"log.init_when_cold", "Init Duration of a cold start", source::kLogs, init_when_cold},
    {"log.no_init_when_warm", "Init Duration of a warm environment", source::kLogs, no_init_when_warm},
    {"log.start", "START", source::kLogs, start_line},
    {"log.end", "END", source::kLogs, end_line},
    {"log.report", "REPORT", source::kLogs, report_line},
    {"log.order", "the order of the lines", source::kLogs, order},
    {"log.memory_size", "memory in REPORT", source::kLogs, memory_size},
    {"log.billed", "Billed Duration", source::kLogs, billed},
    {"log.duration", "Duration", source::kLogs, duration},
    {"log.peak_memory", "Max Memory Used", source::kLogs, peak_memory},
});

}  // namespace
}  // namespace textlambda::conform::logging

namespace textlambda::conform {

std::span<const Row> log_rows() { return logging::kRows; }

}  // namespace textlambda::conform
