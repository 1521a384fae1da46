// textlambda-train: labelled corpus → model file.
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/corpus/memory_source.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/output_target.h"
#include "textlambda/json/result.h"
#include "textlambda/text/count.h"
#include "textlambda/text/shown.h"
#include "textlambda/traffic/reader.h"
#include "textlambda/traffic/text_sample.h"
#include "textlambda/train/trainer.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "command/figures.h"
#include "command/heap.h"
#include "command/overwriting.h"
#include "command/progress_bar.h"
#include "train_memory.h"
#include "training_options.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-train tickets.csv -o tickets.tlm\n"
    "  textlambda-train --text /ticket/body --label queue a.jsonl b.jsonl.gz -o tickets.tlm\n"
    "  zcat big.csv.gz | textlambda-train - -o big.tlm --json";

// More make it no better, only slower.
constexpr std::size_t kMostUnlabelled = 20000;

struct Arguments {
  std::vector<std::string> corpora;
  std::string output;
  command::CorpusArguments reading;
  command::TrainingOptions training;
  io::Executor executor;
  std::vector<std::string> unlabelled;
  std::string memory;
};

void add_options(command::Command& command, Arguments& arguments) {
  command::Options& declared = command.options();
  declared
      .add_option("corpus", arguments.corpora, "fastText, CSV, TSV, JSON Lines or array; also .gz, .zst; - for stdin")
      .required()
      .option_text("CORPUS ...");
  declared.add_option("-o,--output", arguments.output, "The model file to write; - for stdout")
      .required()
      .option_text("MODEL");
  command.add_threads_option(arguments.executor);
  declared.add_option("--memory", arguments.memory, "Memory to take at most, such as 512MiB; a file has the rest [any]")
      .option_text("SIZE");
  command.add_json_flag("Print the card as one JSON object");
  arguments.reading.add_to(declared, true);
  declared
      .add_option("--unlabelled", arguments.unlabelled,
                  "Texts without labels, or recorded events, to learn from as well; used where they help")
      .option_text("PATH ...");
  arguments.training.add_to(declared);
}

std::string range_text(const char* what, const features::NGramRange& range) {
  return range.min == range.max ? fmt::format("{} {}", what, range.min)
                                : fmt::format("{} {}-{}", what, range.min, range.max);
}

std::string unlabelled_text(const train::UnlabelledReport& report) {
  const auto points = 100 * (report.with.accuracy() - report.without.accuracy());
  return fmt::format("{} · {}: accuracy {} without, {} with them ({:+.1f} points, {} held out)",
                     text::counted(report.texts, "text"), report.adopted ? "used" : "left out",
                     command::percent(report.without.accuracy()), command::percent(report.with.accuracy()), points,
                     text::grouped(report.without.documents));
}

std::string card_text(const train::TrainingReport& report, const std::string& output, const std::string& model,
                      const std::string& sha256, double seconds) {
  using command::percent;
  std::vector<std::pair<std::string, std::string>> lines;
  for (const corpus::InputDescription& input : report.inputs) {
    lines.emplace_back(input.name, fmt::format("{} · {} · text={} label={}", input.format,
                                               command::bytes_text(input.bytes), input.text, input.label));
  }
  const auto [rarest, commonest] =
      std::minmax_element(report.labels.begin(), report.labels.end(),
                          [](const auto& a, const auto& b) { return a.documents < b.documents; });
  std::string corpus = fmt::format("{} · {} ({} … {})", text::counted(report.documents, "document"),
                                   text::counted(report.labels.size(), "label"), text::grouped(commonest->documents),
                                   text::grouped(rarest->documents));
  if (report.repaired_rows > 0)
    corpus += fmt::format(" · broken UTF-8 repaired in {}", text::grouped(report.repaired_rows));
  if (report.bad_row_count > 0) corpus += fmt::format(" · {} bad rows skipped", text::grouped(report.bad_row_count));
  lines.emplace_back("corpus", corpus);
  std::string kinds;
  if (!report.words.empty()) kinds += range_text("words", report.words);
  if (!report.characters.empty()) kinds += (kinds.empty() ? "" : " + ") + range_text("characters", report.characters);
  if (!report.lower_case) kinds += " + case";
  if (report.negation_scope > 0) kinds += fmt::format(" + negation {}", report.negation_scope);
  lines.emplace_back("features", fmt::format("{} · {} kept of {} found", kinds, text::grouped(report.features_kept),
                                             text::grouped(report.features_found)));
  std::string fit =
      fmt::format("{} passes · C {:.3g} · temperature {:.2f} · training accuracy {} · loss {:.3f}", report.epochs,
                  report.c, report.temperature, percent(report.training_accuracy), report.training_loss);
  if (!report.converged) fit += fmt::format(" · not at rest: gap {:.2f}", report.gap);
  lines.emplace_back("fit", std::move(fit));
  if (report.unlabelled) lines.emplace_back("unlabelled", unlabelled_text(*report.unlabelled));
  if (report.held_out) {
    const train::HeldOutReport& held = *report.held_out;
    lines.emplace_back(
        "held out",
        fmt::format("{}{} · accuracy {} {} · log-loss {:.3f} · ECE {}", text::counted(held.documents, "document"),
                    held.parts > 1 ? fmt::format(" in {} parts", held.parts) : "", percent(held.accuracy),
                    command::percent_range(held.accuracy_interval.low, held.accuracy_interval.high), held.log_loss,
                    percent(held.ece)));
  } else {
    lines.emplace_back("held out", "nothing: not measured, not calibrated");
  }
  lines.emplace_back(output, fmt::format("{} · sha256 {}… · {:.2f} s · peak {}", command::bytes_text(model.size()),
                                         sha256.substr(0, 12), seconds, command::bytes_text(command::peak_memory())));
  std::size_t width = 0;
  for (auto& [name, text] : lines) {
    name = text::shown(name);
    text = text::shown(text);
    width = std::max(width, std::min<std::size_t>(name.size(), 28));
  }
  std::string result;
  for (const auto& [name, text] : lines) result += fmt::format("{:<{}}  {}\n", name, width, text);
  return result;
}

std::string card_json(const train::TrainingReport& report, const std::string& output, const std::string& model,
                      const std::string& sha256, double seconds) {
  nlohmann::json card = nlohmann::json::parse(train::to_json(report));
  card["model"] = {{"path", output}, {"bytes", model.size()}, {"sha256", sha256}};
  card["seconds"] = seconds;
  card["peak_memory_bytes"] = command::peak_memory();
  return json::result_text(std::move(card));
}

corpus::MemorySource read_unlabelled(const command::Command& command, const Arguments& arguments,
                                     command::ProgressBar& bar) {
  traffic::TextSample sample(kMostUnlabelled);
  const traffic::EventCounts events =
      traffic::read(arguments.unlabelled, traffic::without_labels(arguments.reading.options()),
                    {.corpus =
                         [&](const corpus::Corpus& corpus) {
                           for (std::size_t part = 0; part < corpus.partition_count(); ++part) {
                             corpus.read(part, [&](const corpus::Example& row) {
                               sample.add(row.text);
                               return true;
                             });
                             corpus.release(part);
                           }
                         },
                     .text = [&](std::string_view text) { sample.add(text); },
                     .progress = [&](double share) { bar.show("unlabelled", share); }});
  bar.clear();
  if (const std::string remark = events.remark(); !remark.empty()) command.note(remark);
  if (sample.size() == 0) io::throw_input("has no text", fmt::format("{}", fmt::join(arguments.unlabelled, ", ")));
  if (!sample.is_whole()) {
    command.note(fmt::format("--unlabelled: {} of {} texts are used, chosen by their hash",
                             text::grouped(sample.size()), text::grouped(sample.seen())));
  }
  std::vector<corpus::MemoryRow> rows;
  for (std::string& text : sample.take()) rows.push_back({std::move(text), "", {}});
  corpus::CorpusOptions options;
  options.need_label = false;
  return corpus::MemorySource(std::move(rows), options, "unlabelled");
}

// What is read, so that the model does not take its place.
std::vector<std::string> inputs_of(const Arguments& arguments, const std::string& config) {
  std::vector<std::string> inputs = arguments.corpora;
  inputs.insert(inputs.end(), arguments.unlabelled.begin(), arguments.unlabelled.end());
  if (const std::string file = arguments.training.stop_words_file(); !file.empty()) inputs.push_back(file);
  inputs.push_back(config);
  return inputs;
}

int run(const command::Command& command, Arguments& arguments, const std::string& config) {
  const auto started = std::chrono::steady_clock::now();
  if (arguments.memory.empty()) command::keep_heap();
  command::refuse_overwriting("--output", arguments.output, inputs_of(arguments, config));
  const bool to_stdout = io::is_standard_output(arguments.output);
  if (to_stdout && command.json()) io::throw_usage("--json: standard output is the model's, name a file with --output");
  train::TrainOptions options = arguments.training.options();
  if (!arguments.memory.empty() && !arguments.unlabelled.empty()) {
    io::throw_usage("--memory: what --unlabelled takes cannot be limited, expected one of them");
  }
  command::refuse_standard_input_twice({arguments.corpora, arguments.unlabelled});
  // An output that cannot be written is known before the work, not after.
  io::AtomicFile file(to_stdout ? "/dev/stdout" : arguments.output);
  const corpus::Corpus corpus = corpus::Corpus::open(arguments.corpora, arguments.reading.options());
  std::vector<std::string> found;  // where a folder was named, the files in it
  for (const corpus::InputDescription& input : corpus.inputs()) found.push_back(input.name);
  command::refuse_overwriting("--output", arguments.output, found);
  command::note_inputs(command, corpus);
  if (arguments.unlabelled.empty()) {
    options.memory = command::memory_limit(arguments.memory, arguments.executor.workers());
  }

  command::ProgressBar bar(command);
  const train::Progress progress = [&](train::Stage stage, double share) {
    bar.show(stage == train::Stage::read ? "read" : "fit", share);
  };
  const train::TrainingResult result =
      arguments.unlabelled.empty()
          ? train::train(corpus, options, arguments.executor, progress)
          : train::train(corpus, read_unlabelled(command, arguments, bar), options, arguments.executor, progress);
  file.write(result.model);
  file.commit();
  bar.clear();

  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const std::string sha256 = encoding::sha256_hex(result.model);
  command::note_remarks(command, corpus);
  for (const std::string& warning : result.report.warnings) command.note(warning);
  command::note_skipped(command, result.report.bad_rows, result.report.bad_row_count);
  if (command.json()) {
    command::print(card_json(result.report, arguments.output, result.model, sha256, seconds));
  } else if (!command.quiet()) {
    const std::string card = card_text(result.report, arguments.output, result.model, sha256, seconds);
    if (to_stdout) {
      command::say(card);
    } else {
      command::print_text(card);
    }
  }
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-train", "Trains a text classifier from a labelled corpus.", kExamples,
                           "Next: textlambda-evaluate --model MODEL --test CORPUS");
  Arguments arguments;
  add_options(command, arguments);
  command.show_in_help({"output", "json", "text", "label", "encoding", "on-bad-row", "words", "chars", "stop-words",
                        "balance-labels", "holdout", "keep", "abstain-threshold", "memory"});
  return command.run(argc, argv, [&] { return run(command, arguments, command.options().config_file()); });
}
