// textlambda-predict: texts → labels, one line out for each row in.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/explanation.h"
#include "textlambda/model/most_probable.h"
#include "textlambda/text/shown.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "command/terminal.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  echo \"I was charged twice this month\" | textlambda-predict --model tickets.tlm --explain\n"
    "  textlambda-predict --model tickets.tlm --top 5 new.csv > labels.jsonl\n"
    "  tail -f app.log | textlambda-predict --model tickets.tlm";

struct Arguments {
  std::string model;
  std::string input = "-";
  command::CorpusArguments reading;
  io::Executor executor;
  std::size_t top = 3;
  bool explain = false;
  std::size_t shown_contributions = 5;
  bool plain = false;
};

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Turns one row into one line of output. Const and shared by the threads; each brings its scratch.
class Renderer {
 public:
  Renderer(const model::Classifier& classifier, const Arguments& arguments, bool json)
      : classifier_(classifier),
        arguments_(arguments),
        json_(json),
        top_(std::min(arguments.top, classifier.label_count())) {
    for (std::size_t i = 0; i < classifier.label_count(); ++i) {
      quoted_labels_.push_back(json_string(classifier.label(i)));
      shown_labels_.push_back(text::shown(classifier.label(i)));
      label_width_ = std::max(label_width_, std::min<std::size_t>(shown_labels_.back().size(), 24));
    }
  }

  void good_row(std::string_view text, model::Scratch& scratch, std::string& out) const {
    const model::Prediction prediction = classifier_.predict(text, scratch);
    if (json_) {
      append_json(text, prediction, scratch, out);
    } else {
      append_text(text, prediction, scratch, out);
    }
  }

  void bad_row(std::string_view reason, std::uint64_t line, std::string& out) const {
    if (json_) {
      out += fmt::format("{{\"error\":{},\"line\":{}}}\n", json_string(reason), line);
    } else {
      out += fmt::format("line {}: {}\n", line, text::shown(reason));
    }
  }

 private:
  void append_json(std::string_view text, const model::Prediction& prediction, const model::Scratch& scratch,
                   std::string& out) const {
    const auto to = std::back_inserter(out);
    fmt::format_to(to, "{{\"label\":{},\"confidence\":{}", quoted_labels_[prediction.label_index],
                   prediction.confidence);
    if (classifier_.file().abstain_threshold() > 0) {
      out += prediction.abstained ? ",\"abstained\":true" : ",\"abstained\":false";
    }
    if (top_ > 0) {
      out += ",\"top\":[";
      const char* separator = "";
      for (const std::size_t label : model::most_probable(scratch.probabilities(), top_)) {
        fmt::format_to(to, "{}{{\"label\":{},\"confidence\":{}}}", separator, quoted_labels_[label],
                       scratch.probabilities()[label]);
        separator = ",";
      }
      out += "]";
    }
    if (arguments_.explain) append_explanation(text, prediction.label_index, out);
    out += "}\n";
  }

  // The bias is one of the contributions, so that the list adds up to the logit.
  void append_explanation(std::string_view text, std::size_t label, std::string& out) const {
    const model::Explanation explanation = model::explain(classifier_, text, label);
    const auto to = std::back_inserter(out);
    fmt::format_to(to, ",\"explanation\":{{\"label\":{},\"logit\":{},\"contributions\":[", quoted_labels_[label],
                   explanation.logit);
    for (const model::Contribution& contribution : explanation.contributions) {
      fmt::format_to(to, "{{\"n_gram\":{},\"kind\":\"{}\",\"contribution\":{}}},", json_string(contribution.n_gram),
                     contribution.characters ? "characters" : "words", contribution.logit);
    }
    fmt::format_to(to, "{{\"n_gram\":\"\",\"kind\":\"bias\",\"contribution\":{}}}]}}", explanation.bias);
  }

  void append_text(std::string_view text, const model::Prediction& prediction, const model::Scratch& scratch,
                   std::string& out) const {
    const auto to = std::back_inserter(out);
    fmt::format_to(to, "{:<{}}  {:.2f}", shown_labels_[prediction.label_index], label_width_, prediction.confidence);
    if (prediction.abstained) out += "  abstains";
    if (arguments_.explain) {
      const model::Explanation explanation = model::explain(classifier_, text, prediction.label_index);
      const char* separator = "   ";
      for (std::size_t i = 0; i < std::min(explanation.contributions.size(), arguments_.shown_contributions); ++i) {
        const model::Contribution& contribution = explanation.contributions[i];
        fmt::format_to(to, "{}{} {:+.2f}", separator, text::shown(contribution.n_gram), contribution.logit);
        separator = " · ";
      }
    } else if (top_ > 1) {
      const char* separator = "   ";
      for (const std::size_t label : model::most_probable(scratch.probabilities(), top_)) {
        if (label == prediction.label_index) continue;
        fmt::format_to(to, "{}{} {:.2f}", separator, shown_labels_[label], scratch.probabilities()[label]);
        separator = " · ";
      }
    }
    out += "\n";
  }

  const model::Classifier& classifier_;
  const Arguments& arguments_;
  bool json_;
  std::size_t top_;
  std::vector<std::string> quoted_labels_;
  std::vector<std::string> shown_labels_;
  std::size_t label_width_ = 0;
};

struct Totals {
  std::uint64_t bad_rows = 0;
};

// Predicts a corpus, a few partitions a thread at a time, and prints them in order.
void predict(const corpus::RowSource& corpus, const Renderer& renderer, const io::Executor& executor, Totals& totals) {
  const std::size_t window = std::size_t{executor.workers()} * 4;
  std::vector<model::Scratch> scratches(executor.workers());
  std::vector<std::string> outputs(window);
  std::vector<std::uint64_t> bad_rows(window);
  for (std::size_t begin = 0; begin < corpus.partition_count() && !command::nobody_reads(); begin += window) {
    const std::size_t count = std::min(window, corpus.partition_count() - begin);
    executor.run(count, [&](std::size_t item, unsigned worker) {
      outputs[item].clear();
      const auto summary = corpus.read(begin + item, [&](const corpus::Example& example) {
        if (example.bad_reason.empty()) {
          renderer.good_row(example.text, scratches[worker], outputs[item]);
        } else {
          const std::uint64_t line = corpus.locate(begin + item, example.line).line;
          renderer.bad_row(example.bad_reason, line, outputs[item]);
        }
        return true;
      });
      bad_rows[item] = summary.bad_row_count;
      corpus.release(begin + item);
    });
    for (std::size_t item = 0; item < count; ++item) {
      command::print(outputs[item]);
      totals.bad_rows += bad_rows[item];
    }
  }
}

// Standard input as it comes: whole lines, as many as are there, without waiting for more than one.
class LineStream {
 public:
  // Empty at the end. The last line may lack its end.
  std::string next() {
    constexpr std::size_t kEnough = std::size_t{4} << 20;
    while (!ended_) {
      const std::size_t end = pending_.rfind('\n');
      if (end != std::string::npos && (pending_.size() >= kEnough || !more_is_waiting())) return take(end + 1);
      read_some();
    }
    return take(pending_.size());
  }

  // Everything that is left.
  std::string rest() {
    while (!ended_) read_some();
    return take(pending_.size());
  }

 private:
  bool more_is_waiting() const {
    pollfd request{STDIN_FILENO, POLLIN, 0};
    return ::poll(&request, 1, 0) > 0;
  }

  void read_some() {
    constexpr std::size_t kBlock = std::size_t{1} << 16;
    const std::size_t before = pending_.size();
    pending_.resize(before + kBlock);
    ssize_t size = -1;
    do {
      size = ::read(STDIN_FILENO, pending_.data() + before, kBlock);
    } while (size < 0 && errno == EINTR);
    if (size < 0) io::throw_system("cannot read", "standard input", errno);
    pending_.resize(before + static_cast<std::size_t>(size));
    ended_ = size == 0;
  }

  std::string take(std::size_t size) {
    std::string taken = pending_.substr(0, size);
    pending_.erase(0, size);
    return taken;
  }

  std::string pending_;
  bool ended_ = false;
};

bool is_compressed(std::string_view bytes) {
  return bytes.substr(0, 2) == "\x1F\x8B" || bytes.substr(0, 4) == "\x28\xB5\x2F\xFD";
}

void predict_stream(const Renderer& renderer, const corpus::CorpusOptions& options, const io::Executor& executor,
                    Totals& totals) {
  const std::string name = "standard input";
  LineStream stream;
  std::string bytes = stream.next();
  if (bytes.empty()) return;  // no rows in, no rows out
  if (is_compressed(bytes)) bytes += stream.rest();
  if (!corpus::Corpus::may_stream(bytes, name, options)) bytes += stream.rest();
  corpus::Corpus corpus = corpus::Corpus::over(std::move(bytes), name, options);
  predict(corpus, renderer, executor, totals);
  for (;;) {
    bytes = stream.next();
    if (bytes.empty() || command::nobody_reads()) return;
    corpus = corpus.continued(std::move(bytes));
    predict(corpus, renderer, executor, totals);
  }
}

int run(const command::Command& command, const Arguments& arguments) {
  const model::Classifier classifier = model::Classifier::load(arguments.model);
  corpus::CorpusOptions options = arguments.reading.options();
  options.need_text = false;
  options.prefer_lines = true;
  options.on_bad_row = corpus::OnBadRow::deliver;
  const bool json = command.json() || (!arguments.plain && !command::stdout_is_terminal());
  const Renderer renderer(classifier, arguments, json);
  Totals totals;
  if (arguments.input == "-") {
    predict_stream(renderer, options, arguments.executor, totals);
  } else {
    predict(corpus::Corpus::open({arguments.input}, options), renderer, arguments.executor, totals);
  }
  if (totals.bad_rows > 0) {
    command.note(fmt::format("{} rows could not be used; each has an \"error\" in its place", totals.bad_rows));
  }
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command(
      "textlambda-predict", "Labels texts: one line out for each row in, in order.", kExamples,
      "Rows are lines, JSON Lines, a JSON array or CSV. Output is JSON Lines; aligned text on a terminal.");
  Arguments arguments;
  command::Options& options = command.options();
  options.add_option("-m,--model", arguments.model, "The model file").required().option_text("MODEL");
  options.add_option("file", arguments.input, "Texts to label; - for stdin [-]").option_text("FILE");
  options.add_option("--top", arguments.top, "Likeliest labels to list; 0: none [3]");
  options.add_flag("--explain", arguments.explain, "Show the n-grams that decided it, signed, adding up to the logit");
  options.add_flag("--plain", arguments.plain, "Aligned text even where the output is no terminal");
  command.add_threads_option(arguments.executor);
  command.add_json_flag("JSON Lines even on a terminal");
  arguments.reading.add_to(options, false);
  command.show_in_help({"model", "top", "explain", "plain", "threads", "json", "quiet", "format", "text", "label",
                        "header", "no-header"});
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
