// A sketch of what a model's own kind of text looks like to it: how much of a document it knows, how sure it is, how
// long documents are, which labels it gives. Drift of later traffic is measured against it.
//
// It is taken of documents the model had not seen: the held-out part, judged by the fit made without them and pruned
// as the model is. The training documents would not do: every one of their n-grams is known by construction and
// confidences on them are too high, so that honest traffic would always seem to have drifted. For the same reason the
// labels that traffic is given are compared with the labels that held-out documents were given, not with the true ones:
// predictions of a good model too differ from the truth in their shares.
//
// Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::model {

// What a sketch takes of one document.
struct DocumentTraits {
  std::uint64_t n_grams = 0;        // occurrences of n-grams of both kinds
  std::uint64_t known_n_grams = 0;  // those that are features of the model; of one n-gram, at most 255 are counted
  std::uint64_t characters = 0;     // code points of the normalised text, without the space at either end
  std::uint32_t label = 0;          // predicted
  double log_odds = 0;              // ln(c / (1 − c)) of the prediction's confidence c: see confidence_log_odds()
};

// ln(c / (1 − c)) for the confidence c of the label with the largest calibrated logit, without the loss of digits that
// c itself would bring near 1.
double confidence_log_odds(std::span<const float> logits);

// Counts of documents by bin.
struct Sketch {
  static constexpr std::size_t kCoverageBins = 128;
  static constexpr std::size_t kConfidenceBins = 128;
  static constexpr std::size_t kLengthBins = 64;

  std::uint32_t documents = 0;                              // 0: nothing was held out
  std::array<std::uint32_t, kCoverageBins> coverage{};      // known share of the n-grams, 128 equal bins of 0 … 1
  std::array<std::uint32_t, kConfidenceBins> confidence{};  // log-odds of the confidence, bins of ⅛ from −5
  std::array<std::uint32_t, kLengthBins> length{};          // characters, bin ⌊4 · log2⌋
  std::vector<std::uint32_t> predicted;                     // a label: documents it was predicted for
  std::vector<std::uint32_t> training;                      // a label: training documents that have it

  void add(const DocumentTraits& traits);
};

// The bins of single values, and where bins start: low(bin) to below low(bin + 1); the outermost take what is beyond.
std::size_t coverage_bin(std::uint64_t known_n_grams, std::uint64_t n_grams);  // no n-grams: nothing is unknown
std::size_t confidence_bin(double log_odds);
std::size_t length_bin(std::uint64_t characters);  // 0 characters: as 1
double coverage_low(std::size_t bin);              // a share
double confidence_low(std::size_t bin);            // a confidence, 0 … 1
double length_low(std::size_t bin);                // characters

// The bin that holds the document below or at which `share` of all documents are; the last bin where there are none.
std::size_t quantile_bin(std::span<const std::uint32_t> counts, double share);
// Mean known share of a document's n-grams, to half a bin; 0 without documents.
double mean_coverage(const Sketch& sketch);

// The section of the model file; find_flaw: why bytes are none (nullptr where they are one).
std::string sketch_bytes(const Sketch& sketch);
const char* find_sketch_flaw(std::string_view bytes, std::size_t label_count);
Sketch read_sketch(std::string_view bytes, std::size_t label_count);

}  // namespace textlambda::model
