#include "textlambda/corpus/corpus.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/corpus/formats/format.h"
#include "textlambda/corpus/input_encoding.h"
#include "textlambda/corpus/recognition.h"
#include "textlambda/corpus/row_sink.h"
#include "textlambda/corpus/running_count.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

namespace textlambda::corpus {
namespace {

void validate(const std::vector<std::string>& paths, const CorpusOptions& options) {
  if (paths.empty()) io::throw_usage("no corpus given");
  if (std::count(paths.begin(), paths.end(), "-") > 1) io::throw_usage("standard input can be read only once");
  if (options.label_prefix.empty()) io::throw_usage("the label prefix is empty");
  if (!options.text.empty() && options.text == options.label) {
    io::throw_usage("text and label are the same column");
  }
  const Format* const format = named_format(options);
  if (format == nullptr) return;
  const bool chosen = !options.text.empty() || !options.label.empty() || !options.columns.empty();
  if (!format->has_columns && chosen) io::throw_usage(std::string(format->title) + " have no columns to choose");
  if (!format->has_labels && options.need_label) {
    io::throw_usage(std::string(format->title) + " have no labels: expected fastText lines, CSV, TSV or JSON Lines");
  }
}

}  // namespace

struct Corpus::Input {
  archive::InputBytes bytes;
  Recognised recognised;
  std::string encoding;
  std::string advice;  // where it has broken UTF-8: what would read it
  std::string remark;

  InputDescription description() const {
    InputDescription description;
    description.name = bytes.name();
    description.format = recognised.format->name;
    recognised.reader->describe(description);
    description.bytes = bytes.view().size();
    description.encoding = encoding;
    return description;
  }
};

struct Corpus::Chunk {
  std::size_t input = 0;
  ChunkRange range;
};

struct Corpus::State {
  CorpusOptions options;
  std::vector<Input> inputs;
  std::vector<InputDescription> descriptions;
  std::vector<Chunk> chunks;
  mutable std::mutex findings_mutex;
  mutable std::vector<RowFindings> findings;  // a chunk; of those that were read
  RunningCount rows{[this](std::size_t partition) { return count_rows(partition); }};
  RunningCount lines{[this](std::size_t partition) { return count_lines(partition); }};

  std::string_view bytes_of(const Chunk& chunk) const {
    const std::string_view input = inputs[chunk.input].bytes.view();
    return input.substr(chunk.range.begin, chunk.range.end - chunk.range.begin);
  }

  std::uint64_t lines_in(std::size_t input, std::size_t begin, std::size_t end) const {
    const std::string_view bytes = inputs[input].bytes.view().substr(begin, end - begin);
    return static_cast<std::uint64_t>(
        std::count(bytes.begin(), bytes.end(), inputs[input].recognised.reader->line_end()));
  }

  void add(archive::InputBytes bytes) {
    Utf8Input utf8 = read_as_utf8(std::move(bytes), options);
    Recognised recognised = recognise(utf8.bytes.view(), utf8.bytes.name(), options);
    const std::size_t begin = recognised.reader->begin();
    add({std::move(utf8.bytes), std::move(recognised), utf8.encoding, utf8.advice, utf8.remark}, begin);
  }

  // The rows from `begin` on; so many rows and lines of the input were read before these bytes.
  void add(Input added, std::size_t begin, std::uint64_t rows_read = 0, std::uint64_t lines_read = 0) {
    descriptions.push_back(added.description());
    inputs.push_back(std::move(added));
    const std::size_t index = inputs.size() - 1;
    const Input& input = inputs[index];
    const auto passed = [&](ChunkRange range) { input.bytes.release(range.begin, range.end - range.begin); };
    const std::size_t before = chunks.size();
    for (const ChunkRange range : input.recognised.reader->cut(input.bytes.view(), input.bytes.name(), begin, passed)) {
      if (chunks.size() == before) {
        rows.append_first(rows_read);
        lines.append_first(lines_read + lines_in(index, 0, range.begin));
      } else {
        rows.append();
        lines.append();
      }
      chunks.push_back({index, range});
    }
  }

  void read(const Chunk& chunk, RowSink& sink) const {
    const Input& input = inputs[chunk.input];
    const std::size_t after = input.bytes.view().size() - chunk.range.end;
    sink.advise(input.advice);
    input.recognised.reader->read({bytes_of(chunk), after}, sink);
  }

  std::uint64_t count_rows(std::size_t partition) const {
    CorpusOptions counting = options;
    counting.on_bad_row = OnBadRow::skip;
    const RowSource::Visit pass = [](const Example&) { return true; };
    const RowSink::Locate nowhere = [](std::uint64_t) { return Location(); };
    RowSink sink(counting, pass, nowhere);
    read(chunks[partition], sink);
    return sink.row_number();
  }

  std::uint64_t count_lines(std::size_t partition) const {
    const Chunk& chunk = chunks[partition];
    return lines_in(chunk.input, chunk.range.begin, chunk.range.end);
  }

  void keep(std::size_t partition, const RowFindings& found) const {
    if (found.headers.count + found.row_like.count + found.repaired.count == 0) return;
    const std::lock_guard<std::mutex> lock(findings_mutex);
    findings.resize(chunks.size());
    findings[partition] = found;
  }

  // The findings of one kind in one input, as a sentence; empty where there are none.
  std::string sentence(std::size_t input, Finding RowFindings::*kind, const char* one, const char* many) const {
    std::uint64_t count = 0;
    Location first;
    for (std::size_t chunk = 0; chunk < findings.size(); ++chunk) {
      const Finding& found = findings[chunk].*kind;
      if (chunks[chunk].input != input || found.count == 0) continue;
      if (count == 0) first = locate(chunk, found.first_line);
      count += found.count;
    }
    if (count == 0) return "";
    return first.file + ":" + std::to_string(first.line) + ": " +
           (count == 1 ? std::string(one) : std::to_string(count) + " " + many + ", the first here");
  }

  // An earlier input with the same bytes.
  const Input* twin_of(std::size_t index) const {
    const std::string_view bytes = inputs[index].bytes.view();
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
      if (inputs[earlier].bytes.view() == bytes) return &inputs[earlier];
    }
    return nullptr;
  }

  Location locate(std::size_t partition, std::uint64_t line) const {
    return {inputs[chunks[partition].input].bytes.name(), lines.before(partition) + line};
  }
};

Corpus::Corpus(std::unique_ptr<State> state) : state_(std::move(state)) {}
Corpus::Corpus(Corpus&&) noexcept = default;
Corpus& Corpus::operator=(Corpus&&) noexcept = default;
Corpus::~Corpus() = default;

Corpus Corpus::open(const std::vector<std::string>& paths, const CorpusOptions& options) {
  validate(paths, options);
  auto state = std::make_unique<State>();
  state->options = options;
  state->inputs.reserve(paths.size());
  for (const std::string& path : paths) {
    state->add(archive::InputBytes::open(path, options.max_bytes));
  }
  return Corpus(std::move(state));
}

Corpus Corpus::over(std::string bytes, const std::string& name, const CorpusOptions& options) {
  return over(archive::InputBytes::from_memory(std::move(bytes), name, options.max_bytes), options);
}

Corpus Corpus::over(archive::InputBytes bytes, const CorpusOptions& options) {
  validate({bytes.name()}, options);
  auto state = std::make_unique<State>();
  state->options = options;
  state->add(std::move(bytes));
  return Corpus(std::move(state));
}

Corpus Corpus::continued(std::string bytes) const {
  auto state = std::make_unique<State>();
  state->options = state_->options;
  const Input& before = state_->inputs.at(0);
  Input input{archive::InputBytes::from_memory(std::move(bytes), before.bytes.name(), state->options.max_bytes),
              before.recognised, before.encoding, before.advice, ""};
  state->add(std::move(input), 0, state_->rows.total(), state_->lines.total());
  return Corpus(std::move(state));
}

const std::vector<InputDescription>& Corpus::inputs() const { return state_->descriptions; }

const std::vector<std::string>& Corpus::columns() const { return state_->options.columns; }

std::size_t Corpus::partition_count() const { return state_->chunks.size(); }

PartitionSummary Corpus::read(std::size_t partition, const Visit& visit) const {
  const Chunk& chunk = state_->chunks.at(partition);
  const RowSink::Locate locate = [&](std::uint64_t line) { return state_->locate(partition, line); };
  RowSink sink(state_->options, visit, locate);
  state_->read(chunk, sink);
  if (!sink.stopped()) {
    state_->rows.set(partition, sink.row_number());
    state_->keep(partition, sink.findings());
  }
  return sink.summary();
}

std::vector<std::string> Corpus::remarks() const {
  std::vector<std::string> remarks;
  const auto add = [&](std::string remark) {
    if (!remark.empty()) remarks.push_back(std::move(remark));
  };
  const std::lock_guard<std::mutex> lock(state_->findings_mutex);
  for (std::size_t index = 0; index < state_->inputs.size(); ++index) {
    const Input& input = state_->inputs[index];
    if (!input.remark.empty()) add(input.bytes.name() + ": " + input.remark);
    if (const Input* twin = state_->twin_of(index)) {
      const bool same_name = twin->bytes.name() == input.bytes.name();
      add(input.bytes.name() + ": is given twice" +
          (same_name ? "" : ": it has the same bytes as " + twin->bytes.name()) + "; each of its rows counts twice");
    }
    add(state_->sentence(index, &RowFindings::headers, "the header once more: passed over",
                         "rows are the header once more and were passed over"));
    add(state_->sentence(index, &RowFindings::row_like,
                         "a quoted cell holds lines that look like rows: --no-quotes takes quotes as characters",
                         "quoted cells hold lines that look like rows (--no-quotes takes quotes as characters)"));
    const std::string advice = input.advice.empty() ? "" : " (" + input.advice + ")";
    add(state_->sentence(index, &RowFindings::repaired, ("broken UTF-8, replaced by U+FFFD" + advice).c_str(),
                         ("rows have broken UTF-8, replaced by U+FFFD" + advice).c_str()));
  }
  return remarks;
}

std::size_t Corpus::input_of(std::size_t partition) const { return state_->chunks.at(partition).input; }

std::uint64_t Corpus::rows_before(std::size_t partition) const { return state_->rows.before(partition); }

Location Corpus::locate(std::size_t partition, std::uint64_t line) const { return state_->locate(partition, line); }

std::string Corpus::sha256() const {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  encoding::Sha256 hash;
  for (const Input& input : state_->inputs) {
    const std::string_view bytes = input.bytes.view();
    for (std::size_t begin = 0; begin < bytes.size(); begin += kBlock) {
      const std::string_view block = bytes.substr(begin, kBlock);
      hash.update(block);
      input.bytes.release(begin, block.size());
    }
  }
  return hash.hex();
}

void Corpus::release(std::size_t partition, std::size_t count) const {
  const auto release_range = [&](const Chunk& first, const Chunk& last) {
    state_->inputs[first.input].bytes.release(first.range.begin, last.range.end - first.range.begin);
  };
  const Chunk* first = &state_->chunks.at(partition);
  const Chunk* last = first;
  for (std::size_t next = partition + 1; next < partition + count; ++next) {
    const Chunk& chunk = state_->chunks.at(next);
    if (chunk.input != first->input) {
      release_range(*first, *last);
      first = &chunk;
    }
    last = &chunk;
  }
  release_range(*first, *last);
}

}  // namespace textlambda::corpus
