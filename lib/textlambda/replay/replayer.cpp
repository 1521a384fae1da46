#include "textlambda/replay/replayer.h"

#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/replay/invocation_context.h"
#include "textlambda/replay/verdict.h"

namespace textlambda::replay {
namespace {

// With ReplayOptions::batch, what is in flight at most, so that memory stays bounded whatever is replayed.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

constexpr unsigned kMostJobs = 1024;
constexpr unsigned kMostRepeats = 1'000'000;

class Replayer {
 public:
  Replayer(Function& function, const ReplayOptions& options, const std::function<void(const Replayed&)>& deliver)
      : function_(function), options_(options), executor_(options.jobs), deliver_(deliver) {}

  // False to stop.
  bool add(recording::Recording&& recording) {
    bytes_ += recording.event.size() + (recording.response ? recording.response->size() : 0);
    batch_.emplace_back().recording = std::move(recording);
    return (batch_.size() < options_.batch && bytes_ < kBatchBytes) || run();
  }

  bool run() {
    if (!warm_) warm_up();
    const std::uint64_t begin = options_.clock();
    executor_.run(batch_.size(), [&](std::size_t item, unsigned worker) { replay_one(batch_[item], worker); });
    for (const Replayed& replayed : batch_) {
      deliver_(replayed);
      stopped_ = options_.fail_fast && !replayed.passed();
      if (stopped_) break;
    }
    batch_.clear();
    bytes_ = 0;
    nanoseconds_ += options_.clock() - begin;
    return !stopped_;
  }

  bool stopped() const { return stopped_; }
  std::uint64_t nanoseconds() const { return nanoseconds_; }

 private:
  void warm_up() {
    warm_ = true;
    std::vector<const Replayed*> good;
    for (const Replayed& replayed : batch_) {
      if (replayed.recording.bad_reason.empty()) good.push_back(&replayed);
    }
    if (good.empty() || options_.warmup == 0) return;
    executor_.run(static_cast<std::size_t>(options_.warmup), [&](std::size_t item, unsigned worker) {
      function_.answer(good[item % good.size()]->recording, worker);
    });
  }

  void replay_one(Replayed& replayed, unsigned worker) {
    const recording::Recording& recording = replayed.recording;
    std::string fault = recording.bad_reason;
    if (fault.empty()) fault = context_fault(recording);
    if (fault.empty() && recording.label) {
      replayed.labels = read_labels(*recording.label);
      fault = replayed.labels.fault;
    }
    replayed.failure = std::move(fault);
    if (replayed.ok()) answer(replayed, worker);
    if (options_.finish) options_.finish(replayed);
  }

  void answer(Replayed& replayed, unsigned worker) {
    const recording::Recording& recording = replayed.recording;
    for (unsigned call = 0; call < options_.repeat; ++call) {
      const std::uint64_t begin = options_.clock();
      Reply reply = function_.answer(recording, worker);
      replayed.latencies.push_back(options_.clock() - begin);
      if (call == 0) replayed.reply = std::move(reply);
    }
    replayed.failure = failure(replayed.reply.answer);
    const std::size_t records = replayed.reply.answer.records.size();
    const std::size_t labels = replayed.labels.each.size();
    if (replayed.ok() && labels != 0 && labels != records) {
      replayed.failure = fmt::format("{} labels for {} records", labels, records);
    }
    if (options_.comparison != nullptr && recording.response) {
      replayed.differences = options_.comparison->differences(*recording.response, replayed.reply.answer.body);
    }
    if (options_.other != nullptr) replayed.other = options_.other->answer(recording, worker);
  }

  Function& function_;
  const ReplayOptions& options_;
  io::Executor executor_;
  const std::function<void(const Replayed&)>& deliver_;
  std::vector<Replayed> batch_;
  std::size_t bytes_ = 0;
  std::uint64_t nanoseconds_ = 0;
  bool warm_ = false;
  bool stopped_ = false;
};

}  // namespace

std::string option_fault(const ReplayOptions& options) {
  if (options.jobs < 1 || options.jobs > kMostJobs) {
    return fmt::format("jobs: {} given, expected 1 … {}", options.jobs, kMostJobs);
  }
  if (options.repeat < 1 || options.repeat > kMostRepeats) {
    return fmt::format("repeat: {} given, expected 1 … {}", options.repeat, kMostRepeats);
  }
  if (options.batch < 1) return "batch: 0 given, expected 1 or more";
  return "";
}

ReplayRun replay(const recording::Reader& reader, Function& function, const ReplayOptions& options,
                 const std::function<void(const Replayed&)>& deliver, const std::function<void(double)>& share) {
  if (const std::string fault = option_fault(options); !fault.empty()) io::throw_usage(fault);
  Replayer replayer(function, options, deliver);
  ReplayRun run;
  run.reading =
      reader.read([&](recording::Recording&& recording) { return replayer.add(std::move(recording)); }, share);
  if (!replayer.stopped()) replayer.run();
  run.nanoseconds = replayer.nanoseconds();
  run.stopped = replayer.stopped();
  return run;
}

}  // namespace textlambda::replay
