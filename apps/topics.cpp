// textlambda-topics: texts without labels → groups with names, and a model that sorts texts into them.
#include "textlambda/topics/topics.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/archive/sha256.h"
#include "textlambda/corpus/corpus.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/output_target.h"
#include "textlambda/json/result.h"
#include "textlambda/json/write.h"
#include "textlambda/text/shown.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "command/figures.h"
#include "command/heap.h"
#include "command/overwriting.h"
#include "command/progress_bar.h"
#include "command/result_file.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-topics texts.jsonl -k 20 -o topics.tlm\n"
    "  textlambda-topics texts.csv -k 20 -o topics.tlm --out groups.jsonl --report html=topics.html\n"
    "  textlambda-train groups.jsonl -o corrected.tlm          # once the groups are corrected by hand";

struct Arguments {
  std::vector<std::string> texts;
  std::string output;
  std::string out;
  std::string report;
  command::CorpusArguments reading;
  topics::TopicOptions options;
  std::uint64_t k = 0;
  io::Executor executor;
};

void add_options(command::Command& command, Arguments& arguments) {
  command::Options& declared = command.options();
  declared
      .add_option("texts", arguments.texts,
                  "Texts in fastText lines, CSV, TSV, JSON Lines or array; also .gz, .zst; - for stdin")
      .required()
      .option_text("TEXTS ...");
  declared.add_option("-k,--groups", arguments.k, "How many groups").required().option_text("K");
  declared.add_option("-o,--output", arguments.output, "The model file to write; - for stdout")
      .required()
      .option_text("MODEL");
  declared
      .add_option("--out", arguments.out,
                  "Write every text with its group and confidence there, JSON Lines to train on; - for stdout")
      .option_text("FILE");
  declared.add_option("--report", arguments.report, "Write a page with a map, names and examples: html=FILE")
      .option_text("html=FILE");
  declared.add_option("--seed", arguments.options.seed, "Another seed, another start of the search [1]");
  declared.add_option("--abstain-threshold", arguments.options.abstain_threshold,
                      "The model abstains below this confidence [0]");
  command.add_threads_option(arguments.executor);
  command.add_json_flag("Print the groups as one JSON object");
  arguments.reading.add_to(declared, true);
}

// The file of --report.
std::string report_file(const std::string& report) {
  constexpr std::string_view kKind = "html=";
  if (report.empty()) return "";
  if (!report.starts_with(kKind) || report.size() == kKind.size()) {
    io::throw_usage(fmt::format("--report: \"{}\" given, expected html=FILE", report));
  }
  return report.substr(kKind.size());
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_line(const topics::AssignedText& row) {
  return fmt::format("{{\"text\":{},\"label\":{},\"confidence\":{}}}\n", json_string(row.text), json_string(row.label),
                     static_cast<float>(row.confidence));
}

// What is said of the groups goes to standard output, unless something else does.
void print_result(const command::Command& command, const Arguments& arguments, const topics::TopicResult& result,
                  double seconds, bool stdout_taken) {
  const std::string sha256 = archive::sha256_hex(result.model);
  if (command.json()) {
    nlohmann::json json = nlohmann::json::parse(topics::to_json(result.report));
    json["model"] = {{"path", arguments.output}, {"bytes", result.model.size()}, {"sha256", sha256}};
    json["seconds"] = seconds;
    json["peak_memory_bytes"] = command::peak_memory();
    command::print(json::result_text(std::move(json)));
    return;
  }
  if (command.quiet()) return;
  const std::string text = topics::to_text(result.report) +
                           fmt::format("\n{}  {} · sha256 {}… · {:.2f} s · peak {}\n", text::shown(arguments.output),
                                       command::bytes_text(result.model.size()), sha256.substr(0, 12), seconds,
                                       command::bytes_text(command::peak_memory()));
  if (stdout_taken) {
    command::say(text);
  } else {
    command::print_text(text);
  }
}

void say_remarks(const command::Command& command, const topics::TopicReport& report) {
  for (const auto& row : report.bad_rows) {
    command.note(fmt::format("{}:{}: skipped: {}", row.location.file, row.location.line, row.reason));
  }
  if (report.bad_row_count > report.bad_rows.size()) {
    command.note(fmt::format("… and {} more bad rows skipped", report.bad_row_count - report.bad_rows.size()));
  }
  for (const std::string& warning : report.warnings) command.note(warning);
}

void keep_apart(const command::Command& command, const Arguments& arguments, const std::string& page) {
  std::vector<std::string> inputs = arguments.texts;
  inputs.push_back(command.options().config_file());
  command::refuse_overwriting("--output", arguments.output, inputs);
  command::refuse_overwriting("--out", arguments.out, inputs);
  command::refuse_overwriting("--report", page, inputs);
  command::keep_apart({{"--output", arguments.output}, {"--out", arguments.out}, {"--report", page}});
  const int on_stdout = (io::is_standard_output(arguments.output) ? 1 : 0) +
                        (!arguments.out.empty() && io::is_standard_output(arguments.out) ? 1 : 0) +
                        (!page.empty() && io::is_standard_output(page) ? 1 : 0) + (command.json() ? 1 : 0);
  if (on_stdout > 1) {
    io::throw_usage("standard output has room for one result: name files with --output, --out and --report");
  }
}

int run(const command::Command& command, Arguments& arguments) {
  const auto started = std::chrono::steady_clock::now();
  command::keep_heap();
  const std::string page = report_file(arguments.report);
  keep_apart(command, arguments, page);
  arguments.options.k = arguments.k;
  const bool model_to_stdout = io::is_standard_output(arguments.output);
  // Outputs that cannot be written are known before the work, not after.
  io::AtomicFile file(model_to_stdout ? "/dev/stdout" : arguments.output);
  command::ResultFile rows(arguments.out);
  command::ResultFile html(page);
  const corpus::Corpus corpus = [&] {
    corpus::CorpusOptions reading = arguments.reading.options();
    reading.need_label = false;
    return corpus::Corpus::open(arguments.texts, reading);
  }();
  std::vector<std::string> found;  // where a folder was named, the files in it
  for (const corpus::InputDescription& input : corpus.inputs()) found.push_back(input.name);
  command::refuse_overwriting("--output", arguments.output, found);
  command::refuse_overwriting("--out", arguments.out, found);
  command::refuse_overwriting("--report", page, found);
  command::note_inputs(command, corpus);

  command::ProgressBar bar(command);
  const topics::Progress progress = [&](topics::Stage stage, double share) {
    switch (stage) {
      case topics::Stage::read:
        bar.show("read", share);
        break;
      case topics::Stage::group:
        bar.show("group", share);
        break;
      case topics::Stage::assign:
        bar.show("assign", share);
        break;
    }
  };
  const topics::TopicResult result = topics::find_topics(corpus, arguments.options, arguments.executor, progress,
                                                         rows.wanted() ? topics::Render(to_line) : topics::Render(),
                                                         [&](const std::string& lines) { rows.add(lines); });
  if (html.wanted()) html.add(topics::to_html(result.report));
  file.write(result.model);
  file.commit();
  rows.finish();
  html.finish();
  bar.clear();

  command::note_remarks(command, corpus);
  say_remarks(command, result.report);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  print_result(command, arguments, result, seconds, model_to_stdout || rows.to_stdout() || html.to_stdout());
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command(
      "textlambda-topics", "Groups texts without labels by what they are about.", kExamples,
      "Next: textlambda-predict --model MODEL, or correct --out's groups and textlambda-train them");
  Arguments arguments;
  add_options(command, arguments);
  command.show_in_help(
      {"groups", "output", "out", "report", "seed", "abstain-threshold", "json", "text", "encoding", "on-bad-row"});
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
