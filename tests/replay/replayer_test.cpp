#include "textlambda/replay/replayer.h"

#include <atomic>
#include <mutex>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/replay/summary.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::replay {
namespace {

// Answers {"text": T} with the label T and the event itself; fails where T is "fail".
class Echo : public Function {
 public:
  explicit Echo(std::string prefix = "") : prefix_(std::move(prefix)) {}

  Reply answer(const recording::Recording& recording, unsigned) override {
    ++calls;
    Reply reply;
    const auto event = nlohmann::json::parse(recording.event, nullptr, false);
    if (!event.is_object() || !event.contains("text")) {
      reply.answer.error_type = "NoText";
      return reply;
    }
    const std::string text = event["text"];
    reply.has_source = reply.has_labels = reply.answer.recognised = true;
    reply.answer.source = events::Source::direct;
    reply.answer.ok = text != "fail";
    if (!reply.answer.ok) {
      reply.answer.error_type = "Failed";
      reply.answer.body = R"({"errorType":"Failed"})";
      return reply;
    }
    reply.answer.body = recording.event;
    lambda::RecordOutcome record;
    record.ok = true;
    record.confidence = 0.5F;
    record.label = keep(text == "same" ? text : prefix_ + text);
    reply.answer.records.push_back(record);
    return reply;
  }

  std::atomic<int> calls{0};

 private:
  // Labels live as long as the function.
  std::string_view keep(const std::string& label) {
    const std::lock_guard lock(mutex_);
    return *kept_.emplace_back(std::make_unique<std::string>(label));
  }

  std::string prefix_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<std::string>> kept_;
};

struct Run {
  Summary summary;
  std::string lines;
  ReplayRun run;
};

Run run(const std::string& content, ReplayOptions options, Function& function) {
  const TemporaryFolder folder;
  const recording::Reader reader({folder.write("events.jsonl", content)}, {});
  // Each look at the clock is a microsecond later.
  std::atomic<std::uint64_t> now{0};
  options.clock = [&] { return now += 1000; };
  Run done;
  done.run = replay(reader, function, options, [&](const Replayed& replayed) {
    done.summary.add(replayed);
    done.lines += to_json_line(replayed, false);
  });
  for (std::size_t at; (at = done.lines.find(folder.path(""))) != std::string::npos;) {
    done.lines.erase(at, folder.path("").size());
  }
  return done;
}

std::string many(int count) {
  std::string content;
  for (int i = 0; i < count; ++i) content += R"({"text":")" + std::to_string(i) + "\"}\n";
  return content;
}

TEST_CASE("The order of the events, whatever the number of workers") {
  ReplayOptions options;
  Echo one;
  const Run alone = run(many(3000), options, one);
  CHECK(one.calls == 3000);
  CHECK(alone.summary.total().ok == 3000);
  CHECK(alone.lines.substr(0, alone.lines.find('\n')) ==
        R"({"file":"events.jsonl","line":1,"source":"direct","ok":true,"response":{"text":"0"}})");
  for (const unsigned jobs : {2U, 7U}) {
    options.jobs = jobs;
    Echo several;
    CHECK(run(many(3000), options, several).lines == alone.lines);
  }
}

TEST_CASE("Failures are counted and listed, with their place") {
  Echo echo;
  const Run done =
      run("{\"text\":\"a\"}\n{\"text\":\"fail\"}\noops\n{\"event\":{\"text\":\"a\"},\"label\":{}}\n", {}, echo);
  const Tally& total = done.summary.total();
  CHECK(total.events == 4);
  CHECK(total.ok == 1);
  CHECK(total.failed == 3);
  CHECK(done.summary.without_source().events == 2);
  CHECK_FALSE(done.summary.passed());
  const auto& failures = done.summary.failures();
  REQUIRE(failures.size() == 3);
  CHECK(failures[0].line == 2);
  CHECK(failures[0].reason == "Failed");
  CHECK(failures[1].line == 3);
  CHECK(failures[2].line == 4);
  CHECK(failures[2].reason.find("\"label\"") == 0);
  CHECK(done.lines.find(R"("line":3,"source":null,"ok":false,"response":null,"error":"NoText"})") != std::string::npos);
}

TEST_CASE("Fail-fast stops behind the first event that does not pass, for any number of workers") {
  for (const unsigned jobs : {1U, 4U}) {
    ReplayOptions options;
    options.fail_fast = true;
    options.jobs = jobs;
    Echo echo;
    const Run done = run(many(10) + "{\"text\":\"fail\"}\n" + many(1000), options, echo);
    CHECK(done.run.stopped);
    CHECK(done.summary.total().events == 11);
    CHECK(done.summary.total().failed == 1);
  }
}

TEST_CASE("A recorded response decides, where there is one") {
  const Comparison comparison(ComparisonOptions{});
  ReplayOptions options;
  options.comparison = &comparison;
  Echo echo;
  const Run done = run(R"({"event":{"text":"a"},"response":{"text":"a"}})"
                       "\n"
                       R"({"event":{"text":"a"},"response":{"text":"b"}})"
                       "\n"
                       R"({"event":{"text":"fail"},"response":{"errorType":"Failed"}})"
                       "\n"
                       R"({"event":{"text":"a"}})"
                       "\n",
                       options, echo);
  const Tally& total = done.summary.total();
  CHECK(total.compared == 3);
  CHECK(total.differ == 1);
  CHECK(total.failed == 1);
  CHECK(total.as_recorded == 1);
  CHECK_FALSE(done.summary.passed());
  REQUIRE(done.summary.differences().size() == 1);
  CHECK(done.summary.differences()[0].line == 2);
  CHECK(done.summary.differences()[0].differences[0].path == "/text");
  CHECK(done.summary.failures()[0].as_recorded);
}

TEST_CASE("What only names the model is no difference of answers") {
  const Comparison comparison(ComparisonOptions{});
  ReplayOptions options;
  options.comparison = &comparison;
  Echo echo;
  const auto line = [](const std::string& event, const std::string& response) {
    return "{\"event\":" + event + ",\"response\":" + response + "}\n";
  };
  const std::string answered = R"({"text":"a","model":"0123456789abcdef","training_loss":0.5})";
  const Run done =
      run(line(answered, answered) + line(answered, R"({"text":"a","model":"fedcba9876543210","training_loss":0.5})") +
              line(answered, R"({"text":"a","model":"fedcba9876543210","training_loss":0.25})") +
              line(answered, R"({"text":"b","model":"fedcba9876543210","training_loss":0.5})"),
          options, echo);
  const Tally& total = done.summary.total();
  CHECK(total.compared == 4);
  CHECK(total.differ == 1);
  CHECK(total.by_model == 2);
  CHECK(total.by_model_id == 1);
  REQUIRE(done.summary.differences().size() == 1);
  CHECK(done.summary.differences()[0].line == 4);
  CHECK_FALSE(done.summary.passed());
  const Run same =
      run(line(answered, R"({"text":"a","model":"fedcba9876543210","training_loss":0.25})"), options, echo);
  CHECK(same.summary.passed());
  CHECK(same.summary.differences().empty());
}

TEST_CASE("Repeats and warm-up") {
  ReplayOptions options;
  options.repeat = 3;
  options.warmup = 10;
  Echo echo;
  const Run done = run("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", options, echo);
  CHECK(echo.calls == 10 + 2 * 3);
  CHECK(done.summary.total().events == 2);
  CHECK(done.summary.total().records == 2);
  CHECK(done.summary.total().latency.count() == 6);
  CHECK(done.summary.total().latency.max() == 1000);
  CHECK(done.summary.total().nanoseconds == 6000);
  for (const unsigned wrong : {0U, 2000U}) {
    options.jobs = wrong;
    CHECK_THROWS_AS(run("1\n", options, echo), io::Error);
  }
}

TEST_CASE("Two models on the same events") {
  Echo mine("new-");
  Echo other("old-");
  ReplayOptions options;
  options.other = &other;
  Shadow shadow;
  const TemporaryFolder folder;
  const recording::Reader reader({folder.write("e.jsonl",
                                               "{\"text\":\"same\"}\n{\"text\":\"a\"}\n{\"text\":\"same\"}\n"
                                               "{\"text\":\"a\"}\n{\"text\":\"fail\"}\n")},
                                 {});
  options.clock = [] { return std::uint64_t{0}; };
  replay(reader, mine, options, [&](const Replayed& replayed) { shadow.add(replayed); });
  CHECK(shadow.texts() == 4);
  CHECK(shadow.flipped() == 2);
  CHECK(shadow.agreement() == 0.5);
  // Wilson, 2 of 4: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 1.959964.
  CHECK(shadow.agreement_interval().low == Approx(0.150039).margin(1e-6));
  CHECK(shadow.agreement_interval().high == Approx(0.849961).margin(1e-6));
  CHECK(shadow.table().at({"old-a", "new-a"}) == 2);
  REQUIRE(shadow.flips().size() == 2);
  CHECK(shadow.flips()[1].line == 4);
}

TEST_CASE("Labels make a test set") {
  Echo echo;
  LabelScore score([](std::string_view label) { return label != "alien"; });
  const TemporaryFolder folder;
  const recording::Reader reader({folder.write("e.jsonl", R"({"event":{"text":"a"},"label":"a"})"
                                                          "\n"
                                                          R"({"event":{"text":"b"},"label":"a"})"
                                                          "\n"
                                                          R"({"event":{"text":"fail"},"label":"a"})"
                                                          "\n"
                                                          R"({"event":{"text":"b"},"label":["alien"]})"
                                                          "\n"
                                                          R"({"event":{"text":"b"},"label":[null]})"
                                                          "\n"
                                                          R"({"text":"b"})"
                                                          "\n")},
                                 {});
  ReplayOptions options;
  options.clock = [] { return std::uint64_t{0}; };
  replay(reader, echo, options, [&](const Replayed& replayed) { score.add(replayed); });
  CHECK(score.texts() == 4);
  CHECK(score.correct() == 1);
  CHECK(score.failed() == 1);
  CHECK(score.accuracy() == 0.25);
  CHECK(score.confusion().at({"a", "b"}) == 1);
  CHECK(score.confusion().at({"a", ""}) == 1);
  CHECK(score.unknown().at("alien") == 1);
}

}  // namespace
}  // namespace textlambda::replay
