#include "textlambda/topics/assignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "textlambda/text/utf8.h"

namespace textlambda::topics {
namespace {

constexpr std::size_t kExamples = 3;  // of a kind, a group
constexpr std::size_t kMostExampleBytes = 400;
constexpr double kOverlapping = 0.5;  // the second's probability, in shares of the first's

struct Example {
  double order = 0;
  std::uint64_t number = 0;
  ExampleText text;
};

// Those of the smallest order, by a total order: the same in whatever order they come.
class Examples {
 public:
  bool wants(double order, std::uint64_t number) const {
    return list_.size() < kExamples || before(order, number, list_.back());
  }
  void add(Example example) {
    const auto place = std::find_if(list_.begin(), list_.end(),
                                    [&](const Example& other) { return before(example.order, example.number, other); });
    list_.insert(place, std::move(example));
    if (list_.size() > kExamples) list_.pop_back();
  }
  std::vector<ExampleText> take() {
    std::vector<ExampleText> texts;
    for (Example& example : list_) texts.push_back(std::move(example.text));
    return texts;
  }
  void merge(Examples& other) {
    for (Example& example : other.list_) {
      if (wants(example.order, example.number)) add(std::move(example));
    }
  }

 private:
  static bool before(double order, std::uint64_t number, const Example& other) {
    return order != other.order ? order < other.order : number < other.number;
  }

  std::vector<Example> list_;
};

struct GroupPart {
  std::uint64_t texts = 0;
  double confidence = 0;  // their sum
  Examples typical;
  Examples borderline;
};

// What one chunk comes to, or several in their order.
struct ChunkPart {
  ChunkPart() = default;
  explicit ChunkPart(std::size_t k) : groups(k) {}

  void add(ChunkPart& later) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      groups[i].texts += later.groups[i].texts;
      groups[i].confidence += later.groups[i].confidence;
      groups[i].typical.merge(later.groups[i].typical);
      groups[i].borderline.merge(later.groups[i].borderline);
    }
    for (const auto& [pair, texts] : later.overlaps) overlaps[pair] += texts;
    unknown += later.unknown;
  }

  std::vector<GroupPart> groups;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> overlaps;
  std::uint64_t unknown = 0;
  std::string lines;
  corpus::PartitionSummary rows;
};

// The two most probable.
std::array<std::size_t, 2> first_two(std::span<const float> values) {
  std::array<std::size_t, 2> best =
      values[1] > values[0] ? std::array<std::size_t, 2>{1, 0} : std::array<std::size_t, 2>{0, 1};
  for (std::size_t i = 2; i < values.size(); ++i) {
    if (values[i] > values[best[0]]) {
      best = {i, best[0]};
    } else if (values[i] > values[best[1]]) {
      best[1] = i;
    }
  }
  return best;
}

std::string beginning(std::string_view text) {
  std::string front(text::utf8_front(text, kMostExampleBytes));
  if (front.size() < text.size()) front += "…";
  return front;
}

void take_text(const corpus::RowSource& corpus, std::size_t chunk, const corpus::Example& row, std::uint64_t number,
               const TextNumbers& numbers, const model::Scratch& scratch, ChunkPart& part) {
  const std::span<const float> logits = scratch.logits();
  const std::array<std::size_t, 2> best = first_two(logits);
  const std::size_t first = best[0];
  const std::size_t second = best[1];
  const auto confidence = static_cast<double>(scratch.probabilities()[first]);
  const auto clearness = static_cast<double>(logits[first] - logits[second]);  // ln of the ratio of probabilities
  GroupPart& group = part.groups[first];
  ++group.texts;
  group.confidence += confidence;
  if (std::exp(-clearness) >= kOverlapping) {
    const auto [low, high] = std::minmax(first, second);
    ++part.overlaps[{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)}];
  }
  const bool is_known = scratch.traits().known_n_grams > 0;
  part.unknown += is_known ? 0 : 1;
  if (numbers.is_duplicate[number] != 0 || !is_known) return;
  const auto example = [&](double order) {
    return Example{
        order,
        number,
        {beginning(row.text), corpus.locate(chunk, row.line), confidence, static_cast<std::uint32_t>(second)}};
  };
  if (const auto typical = numbers.typical.find(number); typical != numbers.typical.end()) {
    part.groups[typical->second.group].typical.add(example(typical->second.rank));
  }
  if (group.borderline.wants(clearness, number)) group.borderline.add(example(clearness));
}

}  // namespace

void assign_texts(const model::Classifier& classifier, const corpus::RowSource& corpus, const TextNumbers& numbers,
                  const io::Executor& executor, const Render& render, const Sink& sink, TopicReport& report) {
  const std::size_t k = classifier.label_count();
  const std::size_t window = std::size_t{executor.workers()} * 4;
  std::vector<model::Scratch> scratches(executor.workers());
  std::vector<ChunkPart> parts(window);
  ChunkPart total(k);
  for (std::size_t begin = 0; begin < corpus.partition_count(); begin += window) {
    const std::size_t count = std::min(window, corpus.partition_count() - begin);
    executor.run(count, [&](std::size_t item, unsigned worker) {
      const std::size_t chunk = begin + item;
      ChunkPart& part = parts[item];
      part = ChunkPart(k);
      std::uint64_t number = numbers.first[chunk];
      part.rows = corpus.read(chunk, [&](const corpus::Example& row) {
        const model::Prediction prediction = classifier.predict(row.text, scratches[worker]);
        take_text(corpus, chunk, row, number, numbers, scratches[worker], part);
        if (render) {
          part.lines += render({row.text, prediction.label, static_cast<double>(prediction.confidence)});
        }
        ++number;
        return true;
      });
      corpus.release(chunk);
    });
    for (std::size_t item = 0; item < count; ++item) {
      ChunkPart& part = parts[item];
      total.add(part);
      report.faults.add(corpus, begin + item, part.rows);
      if (sink) sink(part.lines);
    }
  }
  report.unknown_texts = total.unknown;
  for (std::size_t i = 0; i < k; ++i) {
    GroupPart& from = total.groups[i];
    GroupReport& to = report.groups[i];
    to.texts = from.texts;
    to.mean_confidence = from.texts == 0 ? 0 : from.confidence / static_cast<double>(from.texts);
    to.typical = from.typical.take();
    to.borderline = from.borderline.take();
  }
  for (const auto& [pair, texts] : total.overlaps) report.overlaps.push_back({pair.first, pair.second, texts});
  std::stable_sort(report.overlaps.begin(), report.overlaps.end(),
                   [](const Overlap& a, const Overlap& b) { return a.texts > b.texts; });
}

}  // namespace textlambda::topics
