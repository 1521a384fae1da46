#include "emulate_capacity.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/result.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/model/classifier.h"
#include "textlambda/sources/call_log.h"
#include "textlambda/sources/capacity.h"
#include "textlambda/text/count.h"

#include "command/command.h"

namespace textlambda::command {
namespace {

constexpr const char* kCapacityExamples =
    "  textlambda-emulate capacity classify.log --memory 256 --memory 512 --memory 1769\n"
    "  textlambda-emulate capacity captured/ --model tickets.tlm --init 5\n"
    "  textlambda-emulate capacity captured/ --duration 12 --duration-memory 512";

struct CapacityArguments {
  std::vector<std::string> paths;
  std::vector<std::string> memories;
  std::string model;
  std::optional<double> duration;
  std::uint64_t duration_memory = 1769;
  std::optional<double> init;
  double idle = 300;
  std::uint64_t concurrency = 1000;
};

// How long the handler takes here: the fastest of a few calls, since what disturbs them only adds to it.
class Stopwatch {
 public:
  explicit Stopwatch(const std::string& model) : classifier_(model::Classifier::load(model)), handler_(classifier_) {}

  sources::Nanoseconds measure(std::string_view event) {
    sources::Nanoseconds fastest = sources::kNever;
    for (int i = 0; i < 3; ++i) {
      const auto began = std::chrono::steady_clock::now();
      handler_.handle({.event = event, .request_id = "measured"}, scratch_);
      const auto took = std::chrono::steady_clock::now() - began;
      fastest = std::min<sources::Nanoseconds>(fastest, std::chrono::nanoseconds(took).count());
    }
    return fastest;
  }

 private:
  model::Classifier classifier_;
  lambda::Handler handler_;
  model::Scratch scratch_;
};

sources::Nanoseconds from_milliseconds(const char* option, double value) {
  if (!(value >= 0 && value <= 900'000)) {
    io::throw_usage(fmt::format("{} {}: expected milliseconds, 0 to 900000", option, value));
  }
  return static_cast<sources::Nanoseconds>(value * 1e6);
}

std::vector<std::uint32_t> memory_sizes(const std::vector<std::string>& given) {
  if (given.empty()) return sources::CapacityOptions().memories;
  std::vector<std::uint32_t> sizes;
  for (const std::string& text : given) {
    std::uint32_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || end != text.data() + text.size() || size < 128 || size > 10'240) {
      io::throw_usage(fmt::format("--memory {}: expected 128 to 10240, in MB", text));
    }
    sizes.push_back(size);
  }
  return sizes;
}

int run_capacity(const Command& command, const CapacityArguments& arguments) {
  if (arguments.duration && !arguments.model.empty()) {
    io::throw_usage("--duration and --model both say how long a call takes: expected one of them");
  }
  if (arguments.duration_memory < 128 || arguments.duration_memory > 10'240) {
    io::throw_usage(fmt::format("--duration-memory {}: expected 128 to 10240, in MB", arguments.duration_memory));
  }
  if (arguments.concurrency < 1 || arguments.concurrency > 1'000'000) {
    io::throw_usage(fmt::format("--concurrency {}: expected 1 to 1000000", arguments.concurrency));
  }
  if (!(arguments.idle >= 0 && arguments.idle <= 86'400)) {
    io::throw_usage(fmt::format("--idle {}: expected seconds, 0 to 86400", arguments.idle));
  }
  sources::CapacityOptions options;
  options.memories = memory_sizes(arguments.memories);
  options.idle = static_cast<sources::Nanoseconds>(arguments.idle * 1e9);
  options.most_environments = static_cast<std::uint32_t>(arguments.concurrency);

  sources::CallLogOptions reading;
  reading.memory_mb = static_cast<std::uint32_t>(arguments.duration_memory);
  if (arguments.duration) reading.duration = from_milliseconds("--duration", *arguments.duration);
  std::unique_ptr<Stopwatch> stopwatch;
  if (!arguments.model.empty()) {
    stopwatch = std::make_unique<Stopwatch>(arguments.model);
    reading.measure = [&stopwatch](std::string_view event) { return stopwatch->measure(event); };
  }
  const sources::CallLog log = sources::read_calls(arguments.paths, reading);
  options.init = arguments.init ? from_milliseconds("--init", *arguments.init) : log.median_init();
  if (!arguments.init && log.inits.empty()) {
    command.note("no cold start is recorded: they count as taking no time (--init MILLISECONDS)");
  }
  const std::vector<sources::CapacityRow> rows = sources::replay_calls(log.calls, options);
  if (command.json()) {
    print(json::result_text({{"calls", log.calls.size()},
                             {"from_recordings", log.recordings},
                             {"from_reports", log.reports},
                             {"init_ms", static_cast<double>(options.init) / 1e6},
                             {"idle_seconds", arguments.idle},
                             {"sizes", nlohmann::json::parse(sources::capacity_json(rows))}}));
  } else {
    print_text(fmt::format("{}, of {} and {}\n\n{}", text::counted(log.calls.size(), "call"),
                           text::counted(log.recordings, "recording"), text::counted(log.reports, "REPORT line"),
                           sources::capacity_table(rows, options)));
  }
  return kDone;
}

}  // namespace

int capacity_main(int argc, char** argv) {
  Command command(
      "textlambda-emulate capacity",
      "Replays recorded calls against memory sizes: cold starts, concurrency, latency, cost.", kCapacityExamples,
      "PATH: a file, folder or glob of recordings with times, or a log with lines of REPORT behind time stamps.");
  CapacityArguments arguments;
  Options& options = command.options();
  options.add_option("path", arguments.paths, "Recordings, or logs").required().option_text("PATH...");
  options.add_option("--memory", arguments.memories, "A memory size to look at, in MB; repeatable [128 to 10240]")
      .one_value_each()
      .option_text("MB");
  options.add_option("--duration", arguments.duration, "Milliseconds of a call whose recording does not say");
  options.add_option("--duration-memory", arguments.duration_memory,
                     "MB that such a call, and one without a memory size, had [1769]");
  options.add_option("-m,--model", arguments.model, "Measure such calls here, with our handler and this model")
      .option_text("MODEL");
  options.add_option("--init", arguments.init, "Milliseconds of a cold start [the median of those recorded]");
  options.add_option("--idle", arguments.idle, "Seconds until an idle environment is gone [300]");
  options.add_option("--concurrency", arguments.concurrency,
                     "Environments at a time; a call beyond is throttled [1000]");
  command.add_json_flag("Print the result as one JSON object");
  return command.run(argc, argv, [&] { return run_capacity(command, arguments); });
}

}  // namespace textlambda::command
