// textlambda-predict: texts → labels, one line out for each row in.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/input_encoding.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/stream_start.h"
#include "textlambda/corpus/text_encoding.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/json/pointer.h"
#include "textlambda/json/write.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/explanation.h"
#include "textlambda/model/most_probable.h"
#include "textlambda/mongodb/collection_name.h"
#include "textlambda/text/count.h"
#include "textlambda/text/shown.h"

#include "command/collections.h"
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
  std::string to;
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
    out += prediction.abstained ? ",\"abstained\":true" : ",\"abstained\":false";
    if (top_ > 0) {
      out += ",\"scores\":[";
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
  std::uint64_t repaired_rows = 0;
  std::string broken;  // a piece of a stream that has the first ones of these
};

// Predicts a corpus, a few partitions a thread at a time, and prints them in order.
void predict(const corpus::RowSource& corpus, const Renderer& renderer, const io::Executor& executor, Totals& totals) {
  const std::size_t window = std::size_t{executor.workers()} * 4;
  std::vector<model::Scratch> scratches(executor.workers());
  std::vector<std::string> outputs(window);
  std::vector<std::uint64_t> bad_rows(window);
  std::vector<std::uint64_t> repaired_rows(window);
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
      repaired_rows[item] = summary.repaired_rows;
      corpus.release(begin + item);
    });
    for (std::size_t item = 0; item < count; ++item) {
      command::print(outputs[item]);
      totals.bad_rows += bad_rows[item];
      totals.repaired_rows += repaired_rows[item];
    }
  }
}

// The same, saying how the corpus was read and what is to be said of it.
void predict_whole(const command::Command& command, const corpus::Corpus& corpus, const Renderer& renderer,
                   const io::Executor& executor, Totals& totals) {
  command::note_inputs(command, corpus);
  predict(corpus, renderer, executor, totals);
  command::note_remarks(command, corpus);
}

// Standard input as it comes, as UTF-8: whole lines, as many as are there, without waiting for more than one. A line
// longer than a row may be is cut behind the limit, where the reader refuses it, and the rest of it is dropped.
class LineStream {
 public:
  LineStream(const std::string& encoding, std::uint64_t max_bytes) : encoding_(encoding), max_bytes_(max_bytes) {
    // Told by its first bytes, which may come one by one.
    do {
      read_some();
    } while (!ended_ && may_be_told_yet(raw_));
    compressed_ = raw_.starts_with(kGzip) || raw_.starts_with(kZstandard);
    if (compressed_) return;
    const std::string marked = corpus::marked_encoding(raw_);
    if (encoding_ == corpus::kAutomaticEncoding) encoding_ = marked.empty() ? corpus::kUtf8Encoding : marked;
    if (encoding_ != corpus::kUtf8Encoding) {
      decoder_.emplace(encoding_, "standard input", corpus::Decoder::OnInvalid::mark);
    }
    decode();
  }

  // Of everything: the content is known once it is decompressed.
  bool compressed() const { return compressed_; }
  const std::string& encoding() const { return encoding_; }

  // Empty at the end. The last line may lack its end.
  std::string next() {
    constexpr std::size_t kEnough = std::size_t{4} << 20;
    while (!ended_) {
      const bool complete = line_end_ > 0 && (pending_.size() >= kEnough || !more_is_waiting());
      if (complete || cut_long_line()) return take(line_end_);
      read_some();
      decode();
    }
    return take(pending_.size());
  }

  // Everything that is left, however long its lines.
  std::string rest() {
    while (!ended_) {
      read_some();
      decode();
      if (raw_.size() + pending_.size() > max_bytes_) {
        io::throw_input(fmt::format("is larger than the limit of {} bytes", max_bytes_), "standard input");
      }
    }
    return compressed_ ? std::exchange(raw_, {}) : take(pending_.size());
  }

 private:
  static constexpr std::string_view kGzip = "\x1F\x8B";
  static constexpr std::string_view kZstandard = "\x28\xB5\x2F\xFD";

  // Whether more bytes may make this a mark of an encoding or of a compression.
  static bool may_be_told_yet(std::string_view start) {
    using std::string_view_literals::operator""sv;
    for (const std::string_view mark : {kGzip, kZstandard, "\xFF\xFE\0\0"sv, "\0\0\xFE\xFF"sv, "\xFE\xFF"sv}) {
      if (start.size() < mark.size() && mark.starts_with(start)) return true;
    }
    return false;
  }

  bool more_is_waiting() const {
    pollfd request{STDIN_FILENO, POLLIN, 0};
    return ::poll(&request, 1, 0) > 0;
  }

  void read_some() {
    constexpr std::size_t kBlock = std::size_t{1} << 16;
    const std::size_t before = raw_.size();
    raw_.resize(before + kBlock);
    ssize_t size = -1;
    do {
      size = ::read(STDIN_FILENO, raw_.data() + before, kBlock);
    } while (size < 0 && errno == EINTR);
    if (size < 0) io::throw_system("cannot read", "standard input", errno);
    raw_.resize(before + static_cast<std::size_t>(size));
    ended_ = size == 0;
  }

  // What was read becomes pending text; the bytes before `searched` were looked through for the end of a line.
  void decode() {
    if (compressed_) return;
    const std::size_t searched = pending_.size();
    if (decoder_) {
      decoder_->decode(raw_, pending_);
      if (ended_) decoder_->finish(pending_);
    } else {
      pending_ += raw_;
    }
    raw_.clear();
    if (dropping_) drop(searched);
    const std::size_t end = std::string_view(pending_).substr(std::min(searched, pending_.size())).rfind('\n');
    if (end != std::string_view::npos) line_end_ = std::min(searched, pending_.size()) + end + 1;
  }

  // The rest of a line that was cut.
  void drop(std::size_t from) {
    const std::size_t end = pending_.find('\n', from);
    dropping_ = end == std::string::npos;
    pending_.erase(0, dropping_ ? pending_.size() : end + 1);
  }

  // Whether the line that is coming in is too long already: its start stands for it, with an end of its own.
  bool cut_long_line() {
    if (line_end_ > 0 || pending_.size() <= corpus::kMaxRowBytes) return false;
    pending_.resize(corpus::kMaxRowBytes + 1);
    pending_ += '\n';
    line_end_ = pending_.size();
    dropping_ = true;
    return true;
  }

  std::string take(std::size_t size) {
    std::string taken = pending_.substr(0, size);
    pending_.erase(0, size);
    line_end_ = 0;
    return taken;
  }

  std::string encoding_;
  std::uint64_t max_bytes_;
  std::optional<corpus::Decoder> decoder_;
  std::string raw_;           // read, not yet decoded
  std::string pending_;       // UTF-8
  std::size_t line_end_ = 0;  // past the last line that is whole; 0: none is
  bool dropping_ = false;
  bool compressed_ = false;
  bool ended_ = false;
};

// Rows whose broken UTF-8 was replaced, in a stream: what is to say of them is said in the end.
void note_repaired(const command::Command& command, const Totals& totals) {
  if (totals.repaired_rows == 0) return;
  const std::string advice = corpus::encoding_advice(totals.broken);
  command.note(fmt::format("standard input: broken UTF-8 in {}, replaced by U+FFFD{}",
                           text::counted(totals.repaired_rows, "row"), advice.empty() ? "" : "; " + advice));
}

void predict_stream(const command::Command& command, const Renderer& renderer, corpus::CorpusOptions options,
                    const io::Executor& executor, Totals& totals) {
  const std::string name = "standard input";
  LineStream stream(options.encoding, options.max_bytes);
  if (stream.compressed()) {
    return predict_whole(command, corpus::Corpus::over(stream.rest(), name, options), renderer, executor, totals);
  }
  const bool converted = stream.encoding() != corpus::kUtf8Encoding;
  if (converted) command.note(fmt::format("{}: converted from {}", name, stream.encoding()));
  std::string bytes = stream.next();
  if (bytes.empty()) return;  // no rows in, no rows out
  corpus::StreamStart start(options, name);
  corpus::StreamStart::Answer answer = start.look(bytes, false);
  while (answer == corpus::StreamStart::Answer::more) {
    std::string more = stream.next();
    bytes += more;
    answer = start.look(bytes, more.empty());
  }
  options = start.options();
  if (answer == corpus::StreamStart::Answer::whole) {
    bytes += stream.rest();
    if (converted) options.encoding = corpus::kUtf8Encoding;
    return predict_whole(command, corpus::Corpus::over(std::move(bytes), name, options), renderer, executor, totals);
  }
  // Broken rows are told in the end: how many of them there are shows then.
  options.encoding = corpus::kUtf8Encoding;
  std::string rest = bytes.substr(start.bytes());
  bytes.resize(start.bytes());
  corpus::Corpus corpus = corpus::Corpus::over(bytes, name, options);
  command::note_inputs(command, corpus);
  for (;;) {
    const std::uint64_t repaired_before = totals.repaired_rows;
    predict(corpus, renderer, executor, totals);
    if (totals.repaired_rows > repaired_before && totals.broken.empty()) totals.broken = std::move(bytes);
    bytes = rest.empty() ? stream.next() : std::exchange(rest, {});
    if (bytes.empty() || command::nobody_reads()) break;
    corpus = corpus.continued(bytes);
  }
  note_repaired(command, totals);
}

// A line a document: {"_id": …, "prediction": {…}}. Of a collection each line is a document, bad ones too.
void append_stored(std::string_view document, const model::Prediction& prediction, const std::string& model,
                   std::string& out) {
  static const json::Pointer kId{"_id"};
  const std::optional<json::Span> id = json::find(document, kId);
  if (!id) io::throw_input("a document has no _id, its prediction cannot be stored");
  out.append("{\"_id\":").append(id->of(document)).append(",\"prediction\":{\"label\":");
  json::append_string(out, prediction.label);
  out += ",\"confidence\":";
  json::append_number(out, static_cast<double>(prediction.confidence));
  out += prediction.abstained ? ",\"abstained\":true" : ",\"abstained\":false";
  out += ",\"model\":";
  json::append_string(out, model);
  out += "}}\n";
}

// The documents of a collection, and their predictions into a field of theirs.
void predict_into(const command::Command& command, const model::Classifier& classifier, corpus::CorpusOptions options,
                  const Arguments& arguments) {
  if (!mongodb::is_collection_name(arguments.input) || !mongodb::is_collection_name(arguments.to)) {
    io::throw_usage("--to: expected two collections, such as mongodb://localhost/shop.tickets, to read and to write");
  }
  // As a store of models names it.
  const std::string model = encoding::sha256_hex(classifier.file().bytes()).substr(0, 16);
  const io::MappedFile copy = io::MappedFile::map(command::collections().fetch(arguments.input, arguments.to, model),
                                                  "the documents that were read");
  if (copy.view().empty()) {
    command.note("all documents have a prediction of this model already");
    return;
  }
  options.format = "jsonl";
  const corpus::Corpus corpus = corpus::Corpus::over(std::string(copy.view()), "documents", options);
  command::PredictionPipe target(arguments.to, arguments.input, [&](const std::string& line) { command.note(line); });
  corpus::LineCursor documents(copy.view(), '\n');
  std::string_view document;
  model::Scratch scratch;
  std::string lines;
  std::uint64_t bad_rows = 0;
  for (std::size_t partition = 0; partition < corpus.partition_count(); ++partition) {
    const auto summary = corpus.read(partition, [&](const corpus::Example& example) {
      if (!example.bad_reason.empty()) return true;
      const std::uint64_t line = corpus.locate(partition, example.line).line;
      while (documents.number() < line && documents.next(document)) {
      }
      append_stored(document, classifier.predict(example.text, scratch), model, lines);
      return true;
    });
    bad_rows += summary.bad_row_count;
    target.add(lines);
    lines.clear();
  }
  target.finish();
  if (bad_rows > 0)
    command.note(fmt::format("{} without a text left as they are", text::counted(bad_rows, "document")));
}

int run(const command::Command& command, const Arguments& arguments) {
  const model::Classifier classifier = model::Classifier::load(arguments.model);
  corpus::CorpusOptions options = arguments.reading.options();
  options.need_text = false;
  options.prefer_lines = true;
  options.on_bad_row = corpus::OnBadRow::deliver;
  if (!arguments.to.empty()) {
    predict_into(command, classifier, options, arguments);
    return command::kDone;
  }
  const bool json = command.json() || (!arguments.plain && !command::stdout_is_terminal());
  const Renderer renderer(classifier, arguments, json);
  Totals totals;
  if (arguments.input == "-") {
    predict_stream(command, renderer, options, arguments.executor, totals);
  } else {
    predict_whole(command, corpus::Corpus::open({arguments.input}, options), renderer, arguments.executor, totals);
  }
  if (totals.bad_rows > 0) {
    command.note(fmt::format("{} could not be used: an \"error\" is in the place of each",
                             text::counted(totals.bad_rows, "row")));
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
  options.add_option("--to", arguments.to, "Write predictions of a MongoDB collection's documents into one")
      .option_text("mongodb://…");
  options.add_option("--top", arguments.top, "Likeliest labels to list; 0: none [3]");
  options.add_flag("--explain", arguments.explain, "Show the n-grams that decided it, signed, adding up to the logit");
  options.add_flag("--plain", arguments.plain, "Aligned text even where the output is no terminal");
  command.add_threads_option(arguments.executor);
  command.add_json_flag("JSON Lines even on a terminal");
  arguments.reading.add_to(options, false);
  command.show_in_help({"model", "top", "explain", "plain", "threads", "json", "quiet", "format", "text", "label",
                        "header", "no-header", "encoding"});
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
