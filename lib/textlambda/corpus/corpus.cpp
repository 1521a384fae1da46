#include "textlambda/corpus/corpus.h"

#include <algorithm>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/archive/sha256.h"
#include "textlambda/corpus/chunking.h"
#include "textlambda/corpus/dialect.h"
#include "textlambda/corpus/readers.h"
#include "textlambda/corpus/recognition.h"
#include "textlambda/corpus/row_sink.h"
#include "textlambda/io/error.h"

namespace textlambda::corpus {
namespace {

struct Input {
  archive::InputBytes bytes;
  Dialect dialect;
};

struct Chunk {
  std::size_t input = 0;
  ChunkRange range;
};

void validate(const std::vector<std::string>& paths, const CorpusOptions& options) {
  if (paths.empty()) io::throw_usage("no corpus given");
  if (std::count(paths.begin(), paths.end(), "-") > 1) io::throw_usage("standard input can be read only once");
  if (options.label_prefix.empty()) io::throw_usage("the label prefix is empty");
  if (!options.text.empty() && options.text == options.label) {
    io::throw_usage("text and label are the same column");
  }
  const bool plain = options.format == Format::fasttext || options.format == Format::lines;
  if (plain && (!options.text.empty() || !options.label.empty() || !options.columns.empty())) {
    io::throw_usage("fastText and plain lines have no columns to choose");
  }
  if (options.format == Format::lines && options.need_label) {
    io::throw_usage("plain lines have no labels: expected fastText lines, CSV, TSV or JSON Lines");
  }
}

InputDescription describe(const Input& input) {
  InputDescription description;
  description.name = input.bytes.name();
  description.format = input.dialect.format;
  description.header = input.dialect.header;
  description.text = input.dialect.text;
  description.label = input.dialect.label;
  description.bytes = input.bytes.view().size();
  return description;
}

}  // namespace

struct Corpus::State {
  CorpusOptions options;
  std::vector<Input> inputs;
  std::vector<InputDescription> descriptions;
  std::vector<Chunk> chunks;

  std::string_view input_view(const Chunk& chunk) const { return inputs[chunk.input].bytes.view(); }

  void add(Input added) {
    descriptions.push_back(describe(added));
    inputs.push_back(std::move(added));
    const std::size_t index = inputs.size() - 1;
    const Input& input = inputs[index];
    const auto passed = [&](ChunkRange range) { input.bytes.release(range.begin, range.end - range.begin); };
    for (const ChunkRange range : cut_chunks(input.bytes.view(), input.dialect, passed)) {
      chunks.push_back({index, range});
    }
  }

  Location locate(const Chunk& chunk, std::uint64_t line) const {
    const Input& input = inputs[chunk.input];
    const std::string_view before = input.bytes.view().substr(0, chunk.range.begin);
    const auto lines = std::count(before.begin(), before.end(), input.dialect.line_end);
    return {input.bytes.name(), static_cast<std::uint64_t>(lines) + line};
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
    Input input{archive::InputBytes::open(path, options.max_bytes), {}};
    input.dialect = recognise(input.bytes.view(), input.bytes.name(), options);
    state->add(std::move(input));
  }
  return Corpus(std::move(state));
}

Corpus Corpus::over(std::string bytes, const std::string& name, const CorpusOptions& options) {
  validate({name}, options);
  auto state = std::make_unique<State>();
  state->options = options;
  Input input{archive::InputBytes::from_memory(std::move(bytes), name, options.max_bytes), {}};
  input.dialect = recognise(input.bytes.view(), name, options);
  state->add(std::move(input));
  return Corpus(std::move(state));
}

Corpus Corpus::continued(std::string bytes) const {
  auto state = std::make_unique<State>();
  state->options = state_->options;
  const Input& before = state_->inputs.at(0);
  Input input{archive::InputBytes::from_memory(std::move(bytes), before.bytes.name(), state->options.max_bytes),
              before.dialect};
  input.dialect.begin = 0;
  state->add(std::move(input));
  return Corpus(std::move(state));
}

const std::vector<InputDescription>& Corpus::inputs() const { return state_->descriptions; }

std::uint64_t Corpus::bytes() const {
  std::uint64_t total = 0;
  for (const InputDescription& input : state_->descriptions) total += input.bytes;
  return total;
}

std::size_t Corpus::chunk_count() const { return state_->chunks.size(); }

ChunkSummary Corpus::read_chunk(std::size_t chunk, const std::function<bool(const Example&)>& visit) const {
  const Chunk& where = state_->chunks.at(chunk);
  const Dialect& dialect = state_->inputs[where.input].dialect;
  const std::string_view input = state_->input_view(where);
  const RowSink::Locate locate = [&](std::uint64_t line) { return state_->locate(where, line); };
  RowSink sink(state_->options, visit, locate);
  const ChunkBytes bytes{input.substr(where.range.begin, where.range.end - where.range.begin),
                         input.size() - where.range.end};
  switch (dialect.format) {
    case Format::csv:
    case Format::tsv:
      read_csv(bytes, dialect, state_->options, sink);
      break;
    case Format::jsonl:
      read_jsonl(bytes, dialect, state_->options, sink);
      break;
    case Format::fasttext:
      read_fasttext(bytes, dialect, state_->options, sink);
      break;
    case Format::lines:
    case Format::automatic:
      read_lines(bytes, dialect, state_->options, sink);
      break;
  }
  return sink.summary();
}

Location Corpus::locate(std::size_t chunk, std::uint64_t line) const {
  return state_->locate(state_->chunks.at(chunk), line);
}

std::vector<Corpus::ChunkStart> Corpus::chunk_starts() const {
  std::vector<ChunkStart> starts;
  starts.reserve(state_->chunks.size());
  std::size_t counted = 0;  // bytes of the input whose lines are counted
  ChunkStart start;
  for (const Chunk& chunk : state_->chunks) {
    const Input& input = state_->inputs[chunk.input];
    if (starts.empty() || chunk.input != start.input) {
      start = {chunk.input, 0};
      counted = 0;
    }
    const std::string_view passed = input.bytes.view().substr(counted, chunk.range.begin - counted);
    start.lines_before += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), input.dialect.line_end));
    input.bytes.release(counted, passed.size());
    counted = chunk.range.begin;
    starts.push_back(start);
  }
  return starts;
}

const CorpusOptions& Corpus::options() const { return state_->options; }

std::string Corpus::sha256() const {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  archive::Sha256 hash;
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

void Corpus::release_chunk(std::size_t chunk) const {
  const Chunk& where = state_->chunks.at(chunk);
  state_->inputs[where.input].bytes.release(where.range.begin, where.range.end - where.range.begin);
}

}  // namespace textlambda::corpus
