// textlambda-replay: recorded events → handler → responses, differences, latencies.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/aws/function_api.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/output_target.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/model/classifier.h"
#include "textlambda/recording/reader.h"
#include "textlambda/recording/response_writer.h"
#include "textlambda/replay/remote_function.h"
#include "textlambda/replay/replayer.h"
#include "textlambda/replay/summary.h"
#include "textlambda/report/junit_xml.h"
#include "textlambda/text/share.h"
#include "textlambda/text/shown.h"

#include "command/command.h"
#include "command/overwriting.h"
#include "command/progress_bar.h"
#include "command/result_file.h"
#include "replay_text.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-replay --model tickets.tlm captured/ --expect --tolerance 0.01\n"
    "  textlambda-replay --model new.tlm --against old.tlm 'captured/*.jsonl.gz' --max-flips 1%\n"
    "  textlambda-replay --endpoint http://127.0.0.1:9001 --function classify captured/\n"
    "  textlambda-replay --function classify:live --region eu-central-1 s3://captures/11/ --expect";

constexpr const char* kNotes =
    "PATH: a file, folder, glob, zip, or - for stdin, of JSON events, JSON Lines or an exported log;\n"
    "plain, .gz or .zst. Of a single event the answer is printed, of several a table.\n"
    "docs/replay.md has the format of recordings and expected responses.";

struct Arguments {
  std::string model;
  std::vector<std::string> paths;
  std::string endpoint;
  std::string function;
  aws::SessionOptions aws;
  double timeout_seconds = 900;  // Lambda's own longest
  std::string against;
  std::string max_flips;
  lambda::HandlerOptions handler;
  std::string cors_origin;
  std::optional<std::string> unwrap;
  bool bare = false;
  bool expect = false;
  bool update = false;
  replay::ComparisonOptions comparison;
  std::string out;
  bool out_latency = false;
  std::vector<std::string> reports;
  replay::ReplayOptions replay;
};

// What the function answered, where it was asked once and nothing else is to be told.
class SingleAnswer {
 public:
  void add(const replay::Replayed& replayed) { body_ = ++events_ == 1 ? replayed.reply.answer.body : ""; }

  // Empty where there was more than one event, or no answer.
  const std::string& body() const { return body_; }

 private:
  std::uint64_t events_ = 0;
  std::string body_;
};

// --report junit=PATH: a test case an event.
class JUnitReport {
 public:
  explicit JUnitReport(const std::vector<std::string>& requests) {
    for (const std::string& request : requests) {
      if (request.rfind("junit=", 0) != 0 || request.size() == 6) {
        io::throw_usage(fmt::format("--report: \"{}\" given, expected junit=PATH", request));
      }
      paths_.push_back(request.substr(6));
    }
    suite_.name = "textlambda-replay";
  }

  const std::vector<std::string>& paths() const { return paths_; }

  void add(const replay::Replayed& replayed) {
    if (paths_.empty()) return;
    report::JUnitCase test;
    const std::string_view source = replay::source_of(replayed);
    test.class_name = source.empty() ? "none" : source;
    test.name = fmt::format("{}:{}", replayed.recording.file, replayed.recording.line);
    test.file = replayed.recording.file;
    if (replayed.differs()) {
      test.outcome = report::JUnitCase::Outcome::failed;
      test.message = "response differs";
      for (const replay::Difference& difference : *replayed.differences) {
        test.details += fmt::format("{}: {} -> {}\n", difference.path, difference.expected, difference.actual);
      }
    } else if (!replayed.passed()) {
      test.outcome = report::JUnitCase::Outcome::error;
      test.message = replayed.failure;
    }
    suite_.cases.push_back(std::move(test));
  }

  void write() const {
    if (paths_.empty()) return;
    const std::string xml = report::to_junit(suite_);
    for (const std::string& path : paths_) io::write_file(path, xml);
  }

 private:
  std::vector<std::string> paths_;
  report::JUnitSuite suite_;
};

// --update: what differs or was not recorded yet goes into the recordings' own files.
class Update {
 public:
  explicit Update(bool wanted) : wanted_(wanted) {}

  void add(const replay::Replayed& replayed) {
    if (!wanted_) return;
    const bool usable = replayed.reply.has_source && !replayed.reply.answer.body.empty();
    if (!usable) {
      ++left_failed_;
    } else if (!replayed.differences || !replayed.differences->empty()) {
      writer_.put(replayed.recording, replayed.reply.answer.body);
      ++updated_;
    }
  }

  void finish() { writer_.finish(); }

  std::uint64_t updated() const { return updated_; }
  std::uint64_t files() const { return writer_.files(); }
  std::uint64_t left_failed() const { return left_failed_; }

 private:
  bool wanted_;
  recording::ResponseWriter writer_;
  std::uint64_t updated_ = 0;
  std::uint64_t left_failed_ = 0;
};

std::uint64_t steady_nanoseconds() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

// A model and what asks it.
struct Model {
  Model(const std::string& path, const lambda::HandlerOptions& options, unsigned jobs)
      : classifier(model::Classifier::load(path)),
        handler(classifier, options),
        function(replay::in_process(handler, jobs)) {}

  bool knows(std::string_view label) const {
    for (std::size_t i = 0; i < classifier.label_count(); ++i) {
      if (classifier.label(i) == label) return true;
    }
    return false;
  }

  model::Classifier classifier;
  lambda::Handler handler;
  std::unique_ptr<replay::Function> function;
};

std::optional<double> max_flips(const Arguments& arguments) {
  if (arguments.max_flips.empty()) return std::nullopt;
  const std::optional<double> share = text::parse_share(arguments.max_flips);
  if (!share)
    io::throw_usage(fmt::format("--max-flips: \"{}\" given, expected a share such as 1% or 0.01", arguments.max_flips));
  if (arguments.against.empty()) io::throw_usage("--max-flips needs --against, the model to compare with");
  return share;
}

void say_what_is_left_out(const command::Command& command, const recording::Reader& reader,
                          const recording::ReadSummary& reading) {
  const std::vector<std::string>& passed_over = reader.passed_over();
  if (!passed_over.empty()) {
    command.note(fmt::format("{} passed over, no events by their names: {}{}",
                             passed_over.size() == 1 ? "1 file" : fmt::format("{} files", passed_over.size()),
                             passed_over.front(), passed_over.size() > 1 ? ", …" : ""));
  }
  if (reading.lines_without > 0) {
    command.note(
        fmt::format("{} log lines hold no event, the first is {}", reading.lines_without, reading.first_without));
  }
}

void check(Arguments& arguments) {
  if (arguments.model.empty() && arguments.function.empty()) {
    io::throw_usage(arguments.endpoint.empty()
                        ? "--model is required, or --endpoint and --function, or --function of an AWS account"
                        : "--endpoint needs --function, the name of what is asked there");
  }
  if (!(arguments.timeout_seconds > 0 && arguments.timeout_seconds <= 86400)) {
    io::throw_usage(fmt::format("--timeout: {} given, expected seconds up to 86400", arguments.timeout_seconds));
  }
  if (const std::string fault = replay::option_fault(arguments.replay); !fault.empty()) io::throw_usage(fault);
  if (arguments.cors_origin.empty()) return;
  try {
    arguments.handler.allowed_origins = lambda::AllowedOrigins(arguments.cors_origin);
  } catch (const io::Error& error) {
    io::throw_usage(fmt::format("--cors-origin: {}", error.what()));
  }
}

std::chrono::milliseconds timeout_of(const Arguments& arguments) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(arguments.timeout_seconds * 1000));
}

// A question for one answer: no figures were asked for, nor a comparison.
bool wants_answer_alone(const Arguments& arguments) {
  return arguments.out.empty() && arguments.against.empty() && !arguments.expect && !arguments.update &&
         arguments.replay.repeat == 1 && arguments.replay.warmup == 0;
}

// In the name of the account that the environment or a profile has; a client a worker.
std::unique_ptr<replay::Function> in_account(const Arguments& arguments, std::string& host) {
  const aws::FunctionName name = aws::parse_function_name(arguments.function);
  const auto session = std::make_shared<aws::Session>(aws::of_this_process(), arguments.aws);
  aws::ClientOptions options;
  options.longest_silence = timeout_of(arguments);
  auto functions = std::make_shared<std::vector<aws::FunctionApi>>();
  for (unsigned i = 0; i < arguments.replay.jobs; ++i) functions->emplace_back(session, name, options);
  host = functions->front().host();
  return replay::over_api(arguments.function, [functions](const http::Request& request, unsigned worker) {
    return (*functions)[worker].send(request);
  });
}

std::unique_ptr<replay::Function> at_endpoint(const Arguments& arguments) {
  replay::RemoteFunction remote;
  remote.endpoint = http::parse_endpoint(arguments.endpoint);
  if (!remote.endpoint.path.empty()) {
    io::throw_usage(
        fmt::format("--endpoint: \"{}\" has a path, expected http://HOST:PORT and the function's name as --function",
                    arguments.endpoint));
  }
  remote.name = arguments.function;
  remote.timeout = timeout_of(arguments);
  return replay::over_http(remote, arguments.replay.jobs);
}

// No output may take the place of what is read, of an expected response (one that --update is about to write, too) or
// of another output.
void keep_outputs_apart(const Arguments& arguments, const JUnitReport& junit, const recording::Reader& reader,
                        const std::string& config) {
  std::vector<std::string> inputs = reader.files();
  for (const std::string& file : reader.files()) {
    for (const std::string& beside : {recording::expected_path(file), recording::event_path(file)}) {
      if (!beside.empty()) inputs.push_back(beside);
    }
  }
  inputs.insert(inputs.end(), {arguments.model, arguments.against, config});
  std::vector<command::Output> outputs = {{"--out", arguments.out}};
  for (const std::string& path : junit.paths()) outputs.emplace_back("--report", path);
  for (const auto& [option, path] : outputs) command::refuse_overwriting(option, path, inputs);
  command::keep_apart(outputs);
}

int run(const command::Command& command, Arguments& arguments, const std::string& config) {
  if (arguments.replay.jobs == 0) arguments.replay.jobs = io::available_threads();
  check(arguments);
  replay::Report report;
  report.max_flips = max_flips(arguments);
  if (!arguments.out.empty() && io::is_standard_output(arguments.out) && command.json()) {
    io::throw_usage("--out - and --json both want standard output");
  }
  const bool expecting = arguments.expect || arguments.update;
  const replay::Comparison comparison(arguments.comparison);
  JUnitReport junit(arguments.reports);
  std::optional<Model> model;
  std::optional<Model> against;
  std::unique_ptr<replay::Function> behind_endpoint;
  if (arguments.function.empty()) {
    model.emplace(arguments.model, arguments.handler, arguments.replay.jobs);
  } else {
    report.endpoint = arguments.endpoint;
    behind_endpoint = arguments.endpoint.empty() ? in_account(arguments, report.endpoint) : at_endpoint(arguments);
    arguments.replay.batch = 128;  // an answer may be 6 MiB
  }
  if (!arguments.against.empty()) against.emplace(arguments.against, arguments.handler, arguments.replay.jobs);

  recording::ReadOptions reading;
  reading.document.unwrap = arguments.unwrap;
  reading.document.bare = arguments.bare;
  const recording::Reader reader(arguments.paths, reading);
  keep_outputs_apart(arguments, junit, reader, config);
  command::ResultFile responses(arguments.out);
  Update update(arguments.update);
  SingleAnswer single;

  replay::ReplayOptions& options = arguments.replay;
  if (expecting) options.comparison = &comparison;
  if (against) options.other = against->function.get();
  options.clock = steady_nanoseconds;
  if (responses.wanted()) {
    options.finish = [&](replay::Replayed& replayed) {
      replayed.line = replay::to_json_line(replayed, arguments.out_latency);
    };
  }
  replay::Summary summary;
  replay::LabelScore labels([&](std::string_view label) { return !model || model->knows(label); });
  replay::Shadow shadow;
  std::uint64_t labelled = 0;
  command::ProgressBar bar(command);
  const replay::ReplayRun run = replay::replay(
      reader, model ? *model->function : *behind_endpoint, options,
      [&](const replay::Replayed& replayed) {
        labelled += replayed.labels.known() ? 1 : 0;
        summary.add(replayed);
        labels.add(replayed);
        shadow.add(replayed);
        responses.add(replayed.line);
        single.add(replayed);
        junit.add(replayed);
        update.add(replayed);
      },
      [&](double share) { bar.show("replay", share); });
  bar.clear();
  responses.finish();
  update.finish();
  junit.write();

  report.summary = &summary;
  report.run = &run;
  report.labels = &labels;
  if (model) report.model = model->classifier.file().id();
  if (against) {
    report.shadow = &shadow;
    report.against = against->classifier.file().id();
  }
  report.passed_over = reader.passed_over();
  report.jobs = options.jobs;
  report.expecting = expecting;
  report.updating = arguments.update;
  report.updated = update.updated();
  report.updated_files = update.files();
  const bool flips_allowed = !report.max_flips || shadow.flip_share() <= *report.max_flips;
  report.passed = flips_allowed && (arguments.update ? update.left_failed() == 0 : summary.passed());

  say_what_is_left_out(command, reader, run.reading);
  if (!model && labelled > 0) {
    command.note(fmt::format("{} labelled events are not scored: answers of an endpoint do not tell labels", labelled));
  }
  if (run.stopped) command.note("stopped behind the first event that does not pass (--fail-fast)");
  if (command.json()) {
    command::print(replay::to_json(report));
  } else if (!command.quiet()) {
    if (wants_answer_alone(arguments) && labelled == 0 && !single.body().empty()) {
      command::print(single.body() + "\n");
      command::say(text::shown_lines(command::replay_findings(report)));
    } else if (responses.to_stdout()) {
      command::say(text::shown_lines(command::replay_text(report)));
    } else {
      command::print_text(command::replay_text(report));
    }
  }
  if (summary.total().events == 0) io::throw_input("no event in it", arguments.paths.front());
  if (run.reading.unreadable_files > 0) return command::kInputOutput;
  if (arguments.expect && !arguments.update && summary.total().compared == 0) {
    io::throw_input("no event has an expected response to compare with (--update records them)",
                    arguments.paths.front());
  }
  return report.passed ? command::kDone : command::kJudgedFailed;
}

void add_options(command::Command& command, Arguments& arguments) {
  command::Options& options = command.options();
  options.add_option("path", arguments.paths, "Recorded events").required().option_text("PATH ...");
  const command::Option model =
      options.add_option("-m,--model", arguments.model, "The model file").option_text("MODEL");
  const command::Option function = options
                                       .add_option("--function", arguments.function,
                                                   "Instead of a model: a function in AWS, its name[:alias] or ARN")
                                       .option_text("NAME")
                                       .excludes(model);
  const command::Option endpoint = options
                                       .add_option("--endpoint", arguments.endpoint,
                                                   "Ask for it there, unsigned: an Invoke API, http://127.0.0.1:9001")
                                       .option_text("URL")
                                       .excludes(model);
  options.add_option("--region", arguments.aws.region, "Its region [the ARN's, AWS_REGION, the profile's]")
      .excludes(endpoint)
      .needs(function)
      .group("AWS");
  options.add_option("--endpoint-url", arguments.aws.endpoint_url, "Ask for it there, signed [AWS_ENDPOINT_URL_LAMBDA]")
      .excludes(endpoint)
      .needs(function)
      .option_text("URL")
      .group("AWS");
  options.add_option("--timeout", arguments.timeout_seconds, "Seconds that an endpoint may be silent [900]");
  options.add_option("--threads,--jobs", arguments.replay.jobs,
                     "Events at a time; never changes a result [all processors]");
  options.add_option("--unwrap", arguments.unwrap, "The paths are logs; the event is under this JSON Pointer")
      .option_text("POINTER");
  options.add_flag("--bare", arguments.bare, "Every value is an event, none a recording");

  options.add_flag("--expect", arguments.expect, "Compare with the recorded responses").group("Expected responses");
  options.add_flag("--update", arguments.update, "Record the responses that differ or are missing")
      .group("Expected responses");
  options.add_option("--tolerance", arguments.comparison.tolerance, "How far numbers may differ [0]")
      .group("Expected responses");
  options.add_option("--ignore", arguments.comparison.ignored, "What may differ; * is any element; repeatable")
      .one_value_each()
      .option_text("POINTER")
      .group("Expected responses");

  options.add_option("--against", arguments.against, "Another model, to compare labels with")
      .option_text("MODEL")
      .needs(model)
      .group("Two models");
  options.add_option("--max-flips", arguments.max_flips, "Fail where more labels differ, as 1%")
      .option_text("SHARE")
      .group("Two models");

  options.add_option("--top,--top-k", arguments.handler.top_k, "Scores to list in each classification [0]")
      .needs(model)
      .group("Handler");
  options.add_option("--abstain-threshold", arguments.handler.abstain_threshold, "Abstain below it [the model's]")
      .needs(model)
      .group("Handler");
  options.add_option("--cors-origin", arguments.cors_origin, "Origins whose pages may ask, as TEXTLAMBDA_CORS_ORIGIN")
      .needs(model)
      .option_text("ORIGINS")
      .group("Handler");
  options.add_option("--text-pointer", arguments.handler.text_pointers, "Where the text is in JSON; repeatable")
      .one_value_each()
      .needs(model)
      .option_text("POINTER")
      .group("Handler");

  options.add_option("--out", arguments.out, "Responses as JSON Lines; - for stdout")
      .option_text("FILE")
      .group("Output");
  options.add_flag("--out-latency", arguments.out_latency, "With the latencies of each event").group("Output");
  options.add_option("--report", arguments.reports, "junit=PATH: a test case an event")
      .one_value_each()
      .option_text("KIND=PATH")
      .group("Output");
  options.add_flag("--fail-fast", arguments.replay.fail_fast, "Stop behind the first event that does not pass")
      .group("Output");
  options.add_option("--repeat", arguments.replay.repeat, "Calls an event, for latencies [1]").group("Output");
  options.add_option("--warmup", arguments.replay.warmup, "Calls before the first that counts [0]").group("Output");
  command.add_json_flag("Print one JSON object");
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-replay", "Answers recorded events as the function would.", kExamples, kNotes);
  Arguments arguments;
  arguments.replay.jobs = 0;
  add_options(command, arguments);
  command.show_in_help({"model", "endpoint", "function", "threads", "unwrap", "expect", "update", "against",
                        "max-flips", "out", "report", "json"});
  return command.run(argc, argv, [&] { return run(command, arguments, command.options().config_file()); });
}
