// The group "batch": what a queue makes of the function's answers. Messages are put into it by a command (--feed); what
// became of them is asked of the function's environments, which count how often each mark was delivered.
#include <stdio.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"
#include "textlambda/json/document.h"

namespace textlambda::conform::batching {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kQueues = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html";

// False where the command fails.
bool feed(const Session& session, const Json& message) {
  FILE* const pipe = ::popen(session.options().feed.c_str(), "we");
  if (pipe == nullptr) return false;
  const std::string text = json::compact(message);
  const bool written = ::fwrite(text.data(), 1, text.size(), pipe) == text.size();
  const int status = ::pclose(pipe);
  return written && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// How often a mark was delivered. Of several environments not all need answer each time: what one has said holds.
class Deliveries {
 public:
  Deliveries(Session& session, std::string mark) : session_(session), mark_(std::move(mark)) {}

  // Asks until it was at least so often; false where that does not come in the row's time.
  bool reach(long times) {
    while (ask() < times) {
      if (!session_.pause(std::chrono::milliseconds(500))) return false;
    }
    return true;
  }

  long times() const {
    long sum = 0;
    for (const auto& [instance, count] : by_instance_) sum += count;
    return sum;
  }

 private:
  long ask() {
    const Json question = command("state", {{"sleep_ms", 100}});
    for (const http::Response& answer : session_.invoke_all({question, question, question})) {
      const Json state = Json::parse(answer.body.size() < (std::size_t{1} << 20) ? answer.body : "", nullptr, false);
      long& known = by_instance_[string_of(state, "instance")];
      known = std::max(known, static_cast<long>(number_of(member_of(state, "remembered"), mark_.c_str())));
    }
    return times();
  }

  Session& session_;
  std::string mark_;
  std::map<std::string, long> by_instance_;
};

Finding not_fed() { return skipped("nothing feeds a queue: --feed COMMAND"); }

Json message(const std::string& mark, Json more) {
  more["mark"] = mark;
  return {{"conform", more}};
}

Finding delivered(Session& session) {
  if (session.options().feed.empty()) return not_fed();
  const std::string mark = session.unique("message");
  Judge judge("a message reaches the function as a record of aws:sqs");
  judge.that(feed(session, message(mark, Json::object())), "--feed failed");
  return judge.that(judge.decided() || Deliveries(session, mark).reach(1), "it does not").finding();
}

Finding partial(Session& session) {
  if (session.options().feed.empty()) return not_fed();
  const std::string bad = session.unique("bad");
  const std::string good = session.unique("good");
  Judge judge("what batchItemFailures names is delivered again, its neighbour is not");
  judge.that(feed(session, message(good, Json::object())) && feed(session, message(bad, {{"fail", 1}})),
             "--feed failed");
  if (judge.decided()) return judge.finding();
  Deliveries of_bad(session, bad);
  const bool again = of_bad.reach(2);
  judge.that(again, fmt::format("delivered {} times", of_bad.times()));
  if (judge.decided()) return judge.finding();
  Deliveries of_good(session, good);
  of_good.reach(1);
  return judge.that(of_good.times() == 1, fmt::format("its neighbour was delivered {} times", of_good.times()))
      .finding();
}

// An answer that says nothing of use the first time: the message has to come again.
Finding spoiled(Session& session, const char* how, const std::string& expected) {
  if (session.options().feed.empty()) return not_fed();
  const std::string mark = session.unique(how[0] == 'e' ? "error" : "unknown");
  Judge judge(expected);
  judge.that(feed(session, message(mark, {{"answer", how}})), "--feed failed");
  return judge.that(judge.decided() || Deliveries(session, mark).reach(2), "it is not").finding();
}

Finding function_error(Session& session) {
  return spoiled(session, "error", "the whole batch is delivered again where the function fails");
}
Finding unknown_id(Session& session) {
  return spoiled(session, "unknown_id", "the whole batch is delivered again where batchItemFailures names nobody");
}

constexpr auto kRows = std::to_array<Row>({
    {"batch.delivered", "a message of a queue", kQueues, delivered},
    {"batch.partial", "a message that batchItemFailures names", kQueues, partial},
    {"batch.function_error", "a message whose function fails", kQueues, function_error},
    {"batch.unknown_id", "a message whose answer names another", kQueues, unknown_id},
});

}  // namespace
}  // namespace textlambda::conform::batching

namespace textlambda::conform {

std::span<const Row> batch_rows() { return batching::kRows; }

}  // namespace textlambda::conform
