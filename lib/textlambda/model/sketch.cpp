#include "textlambda/model/sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "textlambda/model/format.h"

namespace textlambda::model {
namespace {

constexpr double kLowestLogOdds = -5;
constexpr double kBinsPerLogOdds = 8;

// The sum of `count` 32-bit numbers at the start of `bytes`, which are then left behind.
std::uint64_t take_sum(std::string_view& bytes, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    sum += value;
  }
  bytes.remove_prefix(count * sizeof(std::uint32_t));
  return sum;
}

}  // namespace

double confidence_log_odds(std::span<const float> logits) {
  const auto best = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  double others = 0;  // relative to the best
  for (std::size_t k = 0; k < logits.size(); ++k) {
    if (k != best) others += std::exp(static_cast<double>(logits[k]) - static_cast<double>(logits[best]));
  }
  return -std::log(others);
}

std::size_t coverage_bin(std::uint64_t known_n_grams, std::uint64_t n_grams) {
  if (n_grams == 0) return Sketch::kCoverageBins - 1;
  return std::min<std::size_t>(known_n_grams * Sketch::kCoverageBins / n_grams, Sketch::kCoverageBins - 1);
}

std::size_t confidence_bin(double log_odds) {
  const double bin = std::floor((log_odds - kLowestLogOdds) * kBinsPerLogOdds);
  return static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(Sketch::kConfidenceBins - 1)));
}

std::size_t length_bin(std::uint64_t characters) {
  // ⌊4 · log2 c⌋ = ⌊log2 c⁴⌋ in whole numbers: c⁴ fits 64 bits.
  const std::uint64_t bounded = std::clamp<std::uint64_t>(characters, 1, 65535);
  const std::uint64_t square = bounded * bounded;
  return static_cast<std::size_t>(std::bit_width(square * square)) - 1;
}

double coverage_low(std::size_t bin) { return static_cast<double>(bin) / static_cast<double>(Sketch::kCoverageBins); }

double confidence_low(std::size_t bin) {
  return 1 / (1 + std::exp(-(kLowestLogOdds + static_cast<double>(bin) / kBinsPerLogOdds)));
}

double length_low(std::size_t bin) { return std::exp2(static_cast<double>(bin) / 4); }

std::size_t quantile_bin(std::span<const std::uint32_t> counts, double share) {
  std::uint64_t all = 0;
  for (const std::uint32_t count : counts) all += count;
  std::uint64_t below = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    below += counts[bin];
    if (all > 0 && static_cast<double>(below) >= share * static_cast<double>(all)) return bin;
  }
  return counts.size() - 1;
}

double mean_coverage(const Sketch& sketch) {
  double sum = 0;
  for (std::size_t bin = 0; bin < sketch.coverage.size(); ++bin) {
    sum += sketch.coverage[bin] * (coverage_low(bin) + coverage_low(bin + 1)) / 2;
  }
  return sketch.documents == 0 ? 0 : sum / sketch.documents;
}

void Sketch::add(const DocumentTraits& traits) {
  ++documents;
  ++coverage[coverage_bin(traits.known_n_grams, traits.n_grams)];
  ++confidence[confidence_bin(traits.log_odds)];
  ++length[length_bin(traits.characters)];
  ++predicted.at(traits.label);
}

std::string sketch_bytes(const Sketch& sketch) {
  format::SketchHead head{};
  head.documents = sketch.documents;
  std::copy(sketch.coverage.begin(), sketch.coverage.end(), head.coverage);
  std::copy(sketch.confidence.begin(), sketch.confidence.end(), head.confidence);
  std::copy(sketch.length.begin(), sketch.length.end(), head.length);
  std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
  for (const auto* counts : {&sketch.predicted, &sketch.training}) {
    bytes.append(reinterpret_cast<const char*>(counts->data()), counts->size() * sizeof(std::uint32_t));
  }
  return bytes;
}

const char* find_sketch_flaw(std::string_view bytes, std::size_t label_count) {
  if (bytes.empty()) return nullptr;
  if (bytes.size() != sizeof(format::SketchHead) + 2 * label_count * sizeof(std::uint32_t)) {
    return "sketch of the wrong size";
  }
  const std::uint64_t documents = take_sum(bytes, 1);
  for (const std::size_t bins : {Sketch::kCoverageBins, Sketch::kConfidenceBins, Sketch::kLengthBins, label_count}) {
    if (take_sum(bytes, bins) != documents) return "the sketch's counts do not add up";
  }
  return nullptr;
}

Sketch read_sketch(std::string_view bytes, std::size_t label_count) {
  Sketch sketch;
  if (bytes.empty()) return sketch;
  format::SketchHead head{};
  std::memcpy(&head, bytes.data(), sizeof head);
  sketch.documents = head.documents;
  std::copy(std::begin(head.coverage), std::end(head.coverage), sketch.coverage.begin());
  std::copy(std::begin(head.confidence), std::end(head.confidence), sketch.confidence.begin());
  std::copy(std::begin(head.length), std::end(head.length), sketch.length.begin());
  const char* at = bytes.data() + sizeof head;
  for (auto* counts : {&sketch.predicted, &sketch.training}) {
    counts->resize(label_count);
    std::memcpy(counts->data(), at, label_count * sizeof(std::uint32_t));
    at += label_count * sizeof(std::uint32_t);
  }
  return sketch;
}

}  // namespace textlambda::model
