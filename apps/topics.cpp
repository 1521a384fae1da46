// textlambda-topics: texts without labels → groups with names, and a model that sorts texts into them.
#include "textlambda/topics/topics.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/memory_source.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/output_target.h"
#include "textlambda/json/document.h"
#include "textlambda/json/result.h"
#include "textlambda/json/write.h"
#include "textlambda/model/classifier.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/count.h"
#include "textlambda/text/shown.h"
#include "textlambda/text/utf8.h"
#include "textlambda/topics/suggestion.h"
#include "textlambda/traffic/reader.h"

#include "command/command.h"
#include "command/config_file.h"
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
    "  textlambda-topics texts.jsonl --suggest-k\n"
    "  textlambda-topics --from-replay recordings --model tickets.tlm --below 0.5 -k 10 -o gaps.tlm\n"
    "  textlambda-train groups.jsonl -o corrected.tlm          # once the groups are corrected by hand";

struct Arguments {
  std::vector<std::string> texts;
  std::string output;
  std::string out;
  std::string report;
  command::CorpusArguments reading;
  topics::TopicOptions options;
  std::uint64_t k = 0;  // not given
  bool suggest_k = false;
  io::Executor executor;
  std::string seeds;  // --seed-labels
  std::vector<std::string> labelled;
  std::vector<std::string> recordings;  // --from-replay
  std::string classifier;               // --model
  std::optional<double> below;
};

void add_options(command::Command& command, Arguments& arguments) {
  command::Options& declared = command.options();
  declared.add_option("texts", arguments.texts, "fastText, CSV, TSV, JSON Lines or array; also .gz, .zst; - for stdin")
      .option_text("TEXTS ...");
  declared.add_option("-k,--groups", arguments.k, "How many groups").option_text("K");
  declared.add_option("-o,--output", arguments.output, "The model file to write; - for stdout").option_text("MODEL");
  declared.add_flag("--suggest-k", arguments.suggest_k, "Show what numbers of groups up to -k [50] come to; no model");
  declared.add_option("--out", arguments.out, "Every text with its group, to correct and train on; - for stdout")
      .option_text("FILE");
  declared.add_option("--report", arguments.report, "Write a page with a map, names and examples")
      .option_text("html=FILE");
  declared.add_option("--seed", arguments.options.seed, "Another seed, another start of the search [1]");
  declared.add_option("--abstain-threshold", arguments.options.abstain_threshold,
                      "The model abstains below this confidence [0]");
  declared
      .add_option("--seed-labels", arguments.seeds,
                  "Names of groups and their words, a line each: billing = [\"invoice\"]")
      .option_text("FILE");
  declared.add_option("--labelled", arguments.labelled, "A few labelled texts, grouped along: each label is a group")
      .option_text("FILE ...");
  declared
      .add_option("--from-replay", arguments.recordings,
                  "In place of TEXTS: those of recordings that a classifier abstains on")
      .option_text("PATH ...");
  declared.add_option("-m,--model", arguments.classifier, "That classifier").option_text("MODEL");
  declared.add_option("--below", arguments.below, "It abstains below this confidence [the model says]")
      .option_text("CONFIDENCE");
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

std::string to_line(const topics::AssignedText& row) {
  return fmt::format("{{\"text\":{},\"label\":{},\"confidence\":{}}}\n", json::compact(row.text),
                     json::compact(row.label), static_cast<float>(row.confidence));
}

// What is said of the groups goes to standard output, unless something else does.
void print_result(const command::Command& command, const Arguments& arguments, const topics::TopicResult& result,
                  double seconds, std::uint64_t seen, bool stdout_taken) {
  const std::string sha256 = encoding::sha256_hex(result.model);
  if (command.json()) {
    nlohmann::json json = nlohmann::json::parse(topics::to_json(result.report));
    json["model"] = {{"path", arguments.output}, {"bytes", result.model.size()}, {"sha256", sha256}};
    json["seconds"] = seconds;
    if (!arguments.recordings.empty()) json["abstained"] = {{"seen", seen}, {"grouped", result.report.texts}};
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

// The texts that a classifier abstains on.
struct Abstained {
  std::vector<corpus::MemoryRow> rows;
  std::uint64_t seen = 0;
};

constexpr std::size_t kMostAbstainedBytes = std::size_t{1} << 30;

Abstained read_abstained(const command::Command& command, const Arguments& arguments, command::ProgressBar& bar) {
  const model::Classifier classifier = model::Classifier::load(arguments.classifier);
  const double below = arguments.below.value_or(static_cast<double>(classifier.file().abstain_threshold()));
  if (!(below > 0 && below <= 1)) {
    io::throw_usage(arguments.below
                        ? fmt::format("--below {:g}: expected a confidence above 0 and at most 1", below)
                        : fmt::format("{}: the model never abstains, expected --below", arguments.classifier));
  }
  Abstained abstained;
  model::Scratch scratch;
  std::size_t bytes = 0;
  const auto take = [&](std::string_view text) {
    ++abstained.seen;
    if (static_cast<double>(classifier.predict(text, scratch).confidence) >= below) return;
    if (text::is_blank(text)) return;
    bytes += text.size();
    if (bytes > kMostAbstainedBytes) {
      io::throw_input(fmt::format("the texts that the model abstains on have more than {}, expected fewer recordings",
                                  command::bytes_text(kMostAbstainedBytes)));
    }
    abstained.rows.push_back({std::string(text), "", {}});
  };
  const traffic::EventCounts events =
      traffic::read(arguments.recordings, traffic::without_labels(arguments.reading.options()),
                    {.corpus =
                         [&](const corpus::Corpus& corpus) {
                           for (std::size_t part = 0; part < corpus.partition_count(); ++part) {
                             corpus.read(part, [&](const corpus::Example& row) {
                               take(row.text);
                               return true;
                             });
                             corpus.release(part);
                           }
                         },
                     .text = take,
                     .progress = [&](double share) { bar.show("predict", share); }});
  bar.clear();
  if (const std::string remark = events.remark(); !remark.empty()) command.note(remark);
  command.note(fmt::format("{} abstains on {} of {}: these are grouped", arguments.classifier,
                           text::grouped(abstained.rows.size()), text::counted(abstained.seen, "text")));
  return abstained;
}

std::vector<topics::SeedLabel> read_seeds(const std::string& file) {
  std::vector<topics::SeedLabel> seeds;
  if (file.empty()) return seeds;
  const io::MappedFile content = io::MappedFile::open(file);
  std::string buffer;
  for (const command::Setting& setting : command::read_config(content.view(), file)) {
    topics::SeedLabel seed{setting.key, {}};
    for (const std::string& word : setting.values) seed.words.emplace_back(text::repair_utf8(word, buffer).text);
    seeds.push_back(std::move(seed));
  }
  return seeds;
}

// Where texts come from has to be said in one way, and what is to be done with them.
void check_inputs(const Arguments& arguments) {
  if (arguments.suggest_k) {
    for (const auto& [option, is_given] :
         {std::pair{"--output", !arguments.output.empty()}, std::pair{"--out", !arguments.out.empty()},
          std::pair{"--seed-labels", !arguments.seeds.empty()}, std::pair{"--labelled", !arguments.labelled.empty()}}) {
      if (is_given) io::throw_usage(fmt::format("{}: --suggest-k leaves no groups behind", option));
    }
  } else {
    if (arguments.k == 0) io::throw_usage("--groups is required: how many, or --suggest-k");
    if (arguments.output.empty()) io::throw_usage("--output is required: the model file to write");
  }
  const bool replayed = !arguments.recordings.empty();
  if (replayed == !arguments.texts.empty()) io::throw_usage("TEXTS or --from-replay: expected one of them");
  if (replayed && arguments.classifier.empty())
    io::throw_usage("--from-replay needs --model, the classifier that abstains");
  if (!replayed && !arguments.classifier.empty()) io::throw_usage("--model is the classifier that --from-replay asks");
  if (!replayed && arguments.below) io::throw_usage("--below is for --from-replay");
  command::refuse_standard_input_twice({arguments.texts, arguments.recordings, arguments.labelled});
}

void keep_apart(const command::Command& command, const Arguments& arguments, const std::string& page) {
  std::vector<std::string> inputs = arguments.texts;
  inputs.insert(inputs.end(), arguments.recordings.begin(), arguments.recordings.end());
  inputs.insert(inputs.end(), arguments.labelled.begin(), arguments.labelled.end());
  if (!arguments.classifier.empty()) inputs.push_back(arguments.classifier);
  if (!arguments.seeds.empty()) inputs.push_back(arguments.seeds);
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

corpus::Corpus open_corpus(const command::Command& command, const Arguments& arguments,
                           const std::vector<std::string>& files, bool need_label, const std::string& page) {
  corpus::CorpusOptions reading = arguments.reading.options();
  reading.need_label = need_label;
  corpus::Corpus corpus = corpus::Corpus::open(files, reading);
  std::vector<std::string> found;  // where a folder was named, the files in it
  for (const corpus::InputDescription& input : corpus.inputs()) found.push_back(input.name);
  command::refuse_overwriting("--output", arguments.output, found);
  command::refuse_overwriting("--out", arguments.out, found);
  command::refuse_overwriting("--report", page, found);
  command::note_inputs(command, corpus);
  return corpus;
}

// What is grouped: a corpus, or what a classifier abstains on.
class Texts {
 public:
  Texts(const command::Command& command, const Arguments& arguments, const std::string& page,
        command::ProgressBar& bar) {
    if (!arguments.labelled.empty()) {
      labelled_.emplace(open_corpus(command, arguments, arguments.labelled, true, page));
    }
    if (arguments.recordings.empty()) {
      corpus_.emplace(open_corpus(command, arguments, arguments.texts, false, page));
      return;
    }
    Abstained found = read_abstained(command, arguments, bar);
    seen_ = found.seen;
    corpus::CorpusOptions reading;
    reading.need_label = false;
    abstained_.emplace(std::move(found.rows), reading, fmt::format("{}", fmt::join(arguments.recordings, ", ")));
  }

  const corpus::RowSource& source() const {
    return corpus_ ? static_cast<const corpus::RowSource&>(*corpus_) : *abstained_;
  }
  // Null where there are none.
  const corpus::RowSource* labelled() const { return labelled_ ? &*labelled_ : nullptr; }
  // Texts that the classifier was asked for.
  std::uint64_t seen() const { return seen_; }
  void note_remarks(const command::Command& command) const {
    if (corpus_) command::note_remarks(command, *corpus_);
    if (labelled_) command::note_remarks(command, *labelled_);
  }

 private:
  std::optional<corpus::Corpus> corpus_;
  std::optional<corpus::Corpus> labelled_;
  std::optional<corpus::MemorySource> abstained_;
  std::uint64_t seen_ = 0;
};

int suggest_k(const command::Command& command, const Arguments& arguments, const std::string& page) {
  command::ResultFile html(page);
  command::ProgressBar bar(command);
  const Texts texts(command, arguments, page, bar);
  const topics::KSuggestion suggestion = topics::suggest_k(texts.source(), arguments.options, arguments.executor,
                                                           [&](double share) { bar.show("try", share); });
  if (html.wanted()) html.add(topics::to_html(suggestion));
  html.finish();
  bar.clear();
  texts.note_remarks(command);
  if (command.json()) {
    command::print(json::result_text(nlohmann::json::parse(topics::to_json(suggestion))));
  } else if (!command.quiet()) {
    const std::string text = topics::to_text(suggestion);
    if (html.to_stdout()) {
      command::say(text);
    } else {
      command::print_text(text);
    }
  }
  return command::kDone;
}

int run(const command::Command& command, Arguments& arguments) {
  const auto started = std::chrono::steady_clock::now();
  command::keep_heap();
  check_inputs(arguments);
  const std::string page = report_file(arguments.report);
  keep_apart(command, arguments, page);
  arguments.options.k = arguments.k;
  if (arguments.suggest_k) return suggest_k(command, arguments, page);
  arguments.options.seeds = read_seeds(arguments.seeds);
  const bool model_to_stdout = io::is_standard_output(arguments.output);
  // Outputs that cannot be written are known before the work, not after.
  io::AtomicFile file(model_to_stdout ? "/dev/stdout" : arguments.output);
  command::ResultFile rows(arguments.out);
  command::ResultFile html(page);
  command::ProgressBar bar(command);
  const Texts texts(command, arguments, page, bar);
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
  const topics::TopicResult result = topics::find_topics(
      texts.source(), texts.labelled(), arguments.options, arguments.executor, progress,
      rows.wanted() ? topics::Render(to_line) : topics::Render(), [&](const std::string& lines) { rows.add(lines); });
  if (html.wanted()) html.add(topics::to_html(result.report));
  file.write(result.model);
  file.commit();
  rows.finish();
  html.finish();
  bar.clear();

  texts.note_remarks(command);
  command::note_skipped(command, result.report.faults.bad_rows, result.report.faults.bad_row_count);
  for (const std::string& warning : result.report.warnings) command.note(warning);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  print_result(command, arguments, result, seconds, texts.seen(),
               model_to_stdout || rows.to_stdout() || html.to_stdout());
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command(
      "textlambda-topics", "Groups texts without labels by what they are about.", kExamples,
      "Next: textlambda-predict --model MODEL, or correct --out's groups and textlambda-train them");
  Arguments arguments;
  add_options(command, arguments);
  command.show_in_help({"groups", "output", "suggest-k", "out", "report", "seed", "seed-labels", "labelled",
                        "from-replay", "model", "below", "json", "text", "on-bad-row"});
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
