// The group "concurrency": invocations at the same time.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::sharing {
namespace {

using Json = nlohmann::json;

constexpr unsigned kMostAtOnce = 100;

bool one_at_a_time(const Session& session) { return session.options().concurrency == 1U; }

// Two that sleep a second each: by the function's own clock there is a moment at which both are at it.
Finding parallel(Session& session) {
  if (one_at_a_time(session)) return not_applicable("--concurrency 1");
  Judge judge("both are at work at the same time");
  const Json ask = command("sleep", {{"sleep_ms", 1000}});
  double last_begin = 0;
  double first_end = std::numeric_limits<double>::max();
  for (const http::Response& response : session.invoke_all({ask, ask})) {
    const Json answer = judge.answered(response);
    last_begin = std::max(last_begin, number_of(answer, "begin_ms"));
    first_end = std::min(first_end, number_of(answer, "end_ms"));
  }
  return judge
      .that(last_begin < first_end, fmt::format("one began {} ms after the other had ended", last_begin - first_end))
      .finding();
}

Finding own_environments(Session& session) {
  if (one_at_a_time(session)) return not_applicable("--concurrency 1");
  Judge judge("an environment has one event at a time");
  const Json ask = command("sleep", {{"sleep_ms", 500}});
  std::set<std::string> instances;
  for (const http::Response& response : session.invoke_all({ask, ask})) {
    instances.insert(string_of(judge.answered(response), "instance"));
  }
  return judge.that(instances.size() == 2, "both in one process").finding();
}

Finding own_answers(Session& session) {
  const unsigned at_once = std::min(session.options().concurrency.value_or(8), 8U);
  Judge judge(fmt::format("{} at a time, five times: each has its own event back", at_once));
  for (int round = 0; round < 5; ++round) {
    std::vector<Json> events;
    for (unsigned i = 0; i < at_once; ++i)
      events.push_back({{"round", round}, {"number", i}, {"pad", std::string(std::size_t{997} * i, 'p')}});
    const std::vector<http::Response> answers = session.invoke_all(events);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      judge.equal("echo", member_of(judge.answered(answers[i]), "echo"), events[i]);
    }
  }
  return judge.finding();
}

// One more than may run: it alone is refused, with the body that clients retry on.
Finding throttled(Session& session) {
  if (!session.options().concurrency) return skipped("how many may run at a time is not known: --concurrency N");
  const unsigned limit = *session.options().concurrency;
  if (limit >= kMostAtOnce) return skipped(fmt::format("a row asks at most {} at a time", kMostAtOnce));
  Judge judge(
      "429 TooManyRequestsException "
      "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\","
      "\"message\":\"Rate Exceeded.\"} for one more than the limit");
  const std::vector<Json> asked(limit + 1, command("sleep", {{"sleep_ms", 1500}}));
  const std::vector<http::Response> answers = session.invoke_all(asked);
  const auto refused =
      std::find_if(answers.begin(), answers.end(), [](const auto& answer) { return answer.status == 429; });
  judge.that(refused != answers.end(),
             fmt::format("{} were all answered otherwise, the last {}", answers.size(), summary(answers.back())));
  if (judge.decided()) return judge.finding();
  const Json body = judge.api_error(*refused, 429, {"TooManyRequestsException"}, "message");
  const Json wanted = {
      {"Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"}, {"Type", "User"}, {"message", "Rate Exceeded."}};
  return judge.equal("body", body, wanted).finding();
}

Finding recovered(Session& session) {
  if (!session.options().concurrency) return skipped("how many may run at a time is not known: --concurrency N");
  Judge judge("as many as may run are answered, again and again");
  const unsigned limit = std::min(*session.options().concurrency, 16U);
  for (int round = 0; round < 3; ++round) {
    for (const http::Response& answer : session.invoke_all(std::vector<Json>(limit, command("ping"))))
      judge.answered(answer);
  }
  return judge.finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"concurrency.parallel", "two invocations at a time", source::kConcurrency, parallel},
    {"concurrency.environments", "the environments of two at a time", source::kConcurrency, own_environments},
    {"concurrency.own_answers", "many at a time, each with an event of its own", source::kConcurrency, own_answers},
    {"concurrency.throttled", "one more than may run", source::kRecorded, throttled},
    {"concurrency.limit", "as many as may run", source::kConcurrency, recovered},
});

}  // namespace
}  // namespace textlambda::conform::sharing

namespace textlambda::conform {

std::span<const Row> concurrency_rows() { return sharing::kRows; }

}  // namespace textlambda::conform
