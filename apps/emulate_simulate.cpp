#include "emulate_simulate.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/json/result.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/model/classifier.h"
#include "textlambda/sources/simulation.h"
#include "textlambda/sources/source_spec.h"
#include "textlambda/text/count.h"

#include "command/command.h"
#include "command/overwriting.h"
#include "command/progress_bar.h"

namespace textlambda::command {
namespace {

constexpr const char* kSimulateExamples =
    "  textlambda-emulate simulate --source orders=sqs:orders.jsonl,max-receive=3 --model tickets.tlm\n"
    "  textlambda-emulate simulate --source audit=kinesis:changes.jsonl,bisect=yes --schedules 100000 --seed 7\n"
    "  textlambda-emulate simulate --replay schedule-7-4711.json --model tickets.tlm";

struct SimulateArguments {
  std::string source;
  std::string model;
  std::string replay;
  std::string save;
  std::uint64_t schedules = 10'000;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;
  std::uint64_t messages = 12;
  std::uint64_t environments = sources::TrialOptions().environments;
  double timeout = 3;
};

// What answers: the handler with a model, or what agrees to everything.
class Answerer {
 public:
  explicit Answerer(const std::string& model) {
    if (model.empty()) return;
    classifier_ = std::make_unique<model::Classifier>(model::Classifier::load(model));
    handler_ = std::make_unique<lambda::Handler>(*classifier_);
  }

  sources::SimulatedFunction function() {
    if (handler_ == nullptr) return [](const sources::BatchView& /*batch*/, sources::Reply& /*reply*/) {};
    return [this](const sources::BatchView& batch, sources::Reply& reply) {
      const lambda::Answer answer = handler_->handle({.event = batch.event(), .request_id = "simulated"}, scratch_);
      reply.function_error = !answer.ok;
      reply.body = answer.body;
    };
  }

 private:
  std::unique_ptr<model::Classifier> classifier_;
  std::unique_ptr<lambda::Handler> handler_;
  model::Scratch scratch_;
};

void check_simulation(const SimulateArguments& arguments) {
  if (arguments.source.empty() && arguments.replay.empty()) io::throw_usage("--source is required, or --replay");
  if (arguments.messages < 1 || arguments.messages > 1'000'000) {
    io::throw_usage(fmt::format("--messages {}: expected 1 to 1000000", arguments.messages));
  }
  if (arguments.environments < 1 || arguments.environments > 1'000'000) {
    io::throw_usage(fmt::format("--environments {}: expected 1 to 1000000", arguments.environments));
  }
  if (!(arguments.timeout > 0 && arguments.timeout <= 900)) {
    io::throw_usage(fmt::format("--timeout {}: expected seconds, above 0 and up to 900", arguments.timeout));
  }
}

nlohmann::json books_of(const sources::OpenSource& open, const sources::Counts& counts, const std::string& fault) {
  const sources::BooksRow row = {open.spec.name(), open.source->source_class(), counts, fault};
  return nlohmann::json::parse(sources::books_json({row}))[0];
}

std::string trace_text(const std::vector<std::string>& trace) {
  std::string text;
  for (const std::string& line : trace) text += "  " + line + "\n";
  return text;
}

int replay_schedule(const Command& command, const SimulateArguments& arguments) {
  const archive::InputBytes content = archive::InputBytes::open(arguments.replay);
  sources::BrokenSchedule schedule = sources::read_schedule_file(content.view(), arguments.replay);
  const std::string spec = arguments.source.empty() ? schedule.source : arguments.source;
  if (spec.empty()) io::throw_usage("the schedule names no source: say which with --source");
  sources::OpenSource open =
      sources::open_source(sources::parse_source(spec), schedule.trial.start, arguments.messages);
  Answerer answerer(arguments.model);
  const std::string expected = schedule.fault;
  const sources::TrialResult result = sources::run_again(*open.source, answerer.function(), schedule);
  if (command.json()) {
    print(json::result_text({{"source", spec},
                             {"seed", schedule.seed},
                             {"schedule", schedule.number},
                             {"balanced", result.fault.empty()},
                             {"fault", result.fault},
                             {"as_recorded", result.fault == expected},
                             {"trace", schedule.trace},
                             {"books", books_of(open, result.counts, result.fault)}}));
  } else {
    print_text(trace_text(schedule.trace));
    if (result.fault.empty()) print_text("the books balance\n");
    if (result.fault != expected) {
      command.note(fmt::format("it came to another end than is written in {}: {}", arguments.replay,
                               expected.empty() ? "the books balanced" : expected));
    }
  }
  return result.fault.empty() ? kDone : kJudgedFailed;
}

std::string summary_text(const sources::SimulationResult& result, const sources::OpenSource& open, double seconds,
                         std::uint64_t seed) {
  const double rate = seconds > 0 ? static_cast<double>(result.schedules) / seconds : 0;
  std::string text =
      fmt::format("{} of {} in {:.2f} s, {} a second (seed {})\n\n", text::counted(result.schedules, "schedule"),
                  open.spec.name(), seconds, text::grouped(static_cast<std::uint64_t>(rate)), seed);
  text += sources::books_table({{open.spec.name(), open.source->source_class(), result.totals, ""}});
  text += fmt::format("\n  {}, at most {} at a time\n", text::counted(result.cold_starts, "cold start"),
                      text::counted(result.most_running, "environment"));
  if (result.unfinished > 0) {
    text += fmt::format("  {} came to no rest: something fails for ever, and nothing gives it up\n",
                        text::counted(result.unfinished, "schedule"));
  }
  return text;
}

int run_simulate(const Command& command, const SimulateArguments& arguments) {
  check_simulation(arguments);
  if (!arguments.replay.empty()) return replay_schedule(command, arguments);
  sources::SimulationOptions options;
  options.seed = arguments.seed;
  options.first = arguments.first;
  options.schedules = arguments.schedules;
  options.trial.environments = static_cast<std::uint32_t>(arguments.environments);
  options.trial.timeout = static_cast<sources::Nanoseconds>(arguments.timeout * 1e9);
  sources::OpenSource open =
      sources::open_source(sources::parse_source(arguments.source), options.trial.start, arguments.messages);
  if (!arguments.save.empty()) refuse_overwriting("--save", arguments.save, {open.spec.what, arguments.model});
  Answerer answerer(arguments.model);

  ProgressBar bar(command);
  const auto began = std::chrono::steady_clock::now();
  sources::SimulationResult result =
      sources::simulate(*open.source, answerer.function(), options, [&](std::uint64_t done) {
        bar.show("simulate", static_cast<double>(done) / static_cast<double>(options.schedules));
        return true;
      });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  bar.clear();

  std::string saved;
  if (result.broken) {
    result.broken->source = arguments.source;
    saved = arguments.save.empty() ? fmt::format("schedule-{}-{}.json", result.broken->seed, result.broken->number)
                                   : arguments.save;
    io::write_file(saved, sources::schedule_file(*result.broken));
  }
  const std::string fault = result.broken ? result.broken->fault : "";
  if (command.json()) {
    print(
        json::result_text({{"source", arguments.source},
                           {"seed", options.seed},
                           {"schedules", result.schedules},
                           {"schedules_per_second", seconds > 0 ? static_cast<double>(result.schedules) / seconds : 0},
                           {"unfinished", result.unfinished},
                           {"cold_starts", result.cold_starts},
                           {"peak_concurrency", result.most_running},
                           {"balanced", fault.empty()},
                           {"fault", fault},
                           {"saved", saved},
                           {"books", books_of(open, result.totals, fault)}}));
  } else {
    print_text(summary_text(result, open, seconds, options.seed));
    print_text(fault.empty() ? "  the books balance in every schedule\n"
                             : fmt::format("\nschedule {} breaks the books: {}\n\n{}", result.broken->number, fault,
                                           trace_text(result.broken->trace)));
  }
  if (result.broken) {
    command.note(fmt::format("{}; run it again with: textlambda-emulate simulate --replay {}{}", saved, saved,
                             arguments.model.empty() ? "" : " --model " + arguments.model));
  }
  return fault.empty() ? kDone : kJudgedFailed;
}

}  // namespace

int simulate_main(int argc, char** argv) {
  Command command(
      "textlambda-emulate simulate",
      "Runs thousands of schedules of a queue, stream or schedule against a function, and holds the books.",
      kSimulateExamples,
      "A virtual clock and a seed decide delays, durations, throttles, crashes, timeouts and failures. The\n"
      "same seed has the same schedules on every machine. A SOURCE is NAME=KIND:WHAT,OPTION=VALUE…:\n" +
          sources::option_help());
  SimulateArguments arguments;
  Options& options = command.options();
  options.add_option("--source", arguments.source, "The source to simulate").option_text("SOURCE");
  options.add_option("-m,--model", arguments.model, "Answer with our handler and this model [all succeeds]")
      .option_text("MODEL");
  options.add_option("--schedules", arguments.schedules, "How many schedules [10000]");
  options.add_option("--seed", arguments.seed, "What decides them [1]");
  options.add_option("--first", arguments.first, "The number of the first of them [0]");
  options.add_option("--messages", arguments.messages, "Messages of a schedule, the first of the source [12]");
  options.add_option("--environments", arguments.environments, "That the function has at a time [10]");
  options.add_option("--timeout", arguments.timeout, "Seconds that an invocation may take [3]");
  options
      .add_option("--save", arguments.save, "Where a schedule goes that breaks the books [schedule-SEED-NUMBER.json]")
      .option_text("FILE");
  options.add_option("--replay", arguments.replay, "Run such a schedule again, and say what happens")
      .option_text("FILE");
  command.add_json_flag("Print the result as one JSON object");
  return command.run(argc, argv, [&] { return run_simulate(command, arguments); });
}

}  // namespace textlambda::command
