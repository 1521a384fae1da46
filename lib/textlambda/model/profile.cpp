#include "textlambda/model/profile.h"

#include <cmath>
#include <cstring>

#include "textlambda/text/utf8.h"

namespace textlambda::model {
namespace {

using format::SectionKind;

bool in_unit_interval(double value) { return value >= 0 && value <= 1; }  // false for NaN

// A string of the strings section: label, weight, length, bytes. Moves `at` behind it; false at a damaged one.
bool next_string(std::string_view section, std::size_t& at, LabelNGram& n_gram) {
  constexpr std::size_t kHead = 12;
  if (section.size() - at < kHead) return false;
  std::uint32_t length = 0;
  std::memcpy(&n_gram.label, section.data() + at, 4);
  std::memcpy(&n_gram.weight, section.data() + at + 4, 4);
  std::memcpy(&length, section.data() + at + 8, 4);
  at += kHead;
  if (section.size() - at < length) return false;
  n_gram.text = section.substr(at, length);
  at += length;
  return true;
}

}  // namespace

Profile::Profile(const Container& container) {
  read_settings(container);
  read_labels(container);
  read_strings(container);
  sketch_ = container.get(SectionKind::sketch);
  container.require_no_flaw(find_sketch_flaw(sketch_, label_count()));
  const std::string_view row_filter = container.get(SectionKind::row_filter);
  container.require_no_flaw(RowFilter::find_flaw(row_filter));
  row_filter_ = RowFilter(row_filter);
}

void Profile::read_settings(const Container& container) {
  const auto array = container.array<format::Settings>(SectionKind::settings, "settings");
  container.require(array.size() == 1, "settings of the wrong size");
  const format::Settings& settings = array[0];
  settings_ = &settings;
  container.require(settings.label_count >= 2 && settings.label_count <= kMostLabels, "label count out of range");
  for (const std::uint8_t byte : settings.reserved) container.require(byte == 0, "reserved settings are not zero");
  container.require(settings.negation_scope == 0 || container.version() >= format::kNegationVersion,
                    "reserved settings are not zero");
  container.require(settings.weight_layout == 0 || container.version() >= format::kSparseVersion,
                    "reserved settings are not zero");

  container.require(settings.lower_case <= 1, "case setting out of range");
  feature_options_.normaliser.lower_case = settings.lower_case == 1;
  feature_options_.words = {settings.words_min, settings.words_max};
  feature_options_.characters = {settings.characters_min, settings.characters_max};
  feature_options_.negation_scope = settings.negation_scope;
  const auto stop_words = container.array<std::uint64_t>(SectionKind::stop_words, "stop words");
  feature_options_.stop_words.assign(stop_words.begin(), stop_words.end());
  container.require_no_flaw(features::find_flaw(feature_options_));
  container.require(settings.hash_bits >= 8 && settings.hash_bits <= 31, "hash bits out of range");
  container.require(settings.precision <= static_cast<std::uint8_t>(Precision::float32), "unknown precision");

  container.require(settings.temperature >= 1e-3F && settings.temperature <= 1e3F, "temperature out of range");
  container.require(in_unit_interval(settings.abstain_threshold), "abstain threshold out of range");
  container.require(settings.training_loss >= 0 && settings.training_loss <= 1e6, "training loss out of range");
  container.require(in_unit_interval(settings.training_accuracy), "training accuracy out of range");
}

void Profile::read_labels(const Container& container) {
  const std::string_view labels = container.get(SectionKind::labels);
  const std::size_t count = label_count();
  const std::size_t offsets_size = (count + 1) * sizeof(std::uint32_t);
  container.require(labels.size() >= offsets_size, "labels of the wrong size");
  label_offsets_ = {reinterpret_cast<const std::uint32_t*>(labels.data()), count + 1};
  label_bytes_ = labels.substr(offsets_size);
  container.require(label_offsets_[0] == 0 && label_offsets_[count] == label_bytes_.size(), "labels of the wrong size");
  for (std::size_t i = 0; i < count; ++i) {
    container.require(label_offsets_[i] <= label_offsets_[i + 1], "labels overlap");
    container.require(label_offsets_[i + 1] <= label_bytes_.size(), "labels overlap");
    container.require(i == 0 || label(i - 1) < label(i), "labels are not sorted");
    container.require(text::valid_utf8_prefix(label(i)) == label(i).size(), "labels are not UTF-8");
  }
}

void Profile::read_strings(const Container& container) {
  strings_ = container.get(SectionKind::strings);
  LabelNGram n_gram;
  for (std::size_t at = 0; at < strings_.size();) {
    container.require(next_string(strings_, at, n_gram), "an n-gram's string is cut off");
    container.require(n_gram.label < label_count() && std::isfinite(n_gram.weight),
                      "an n-gram's string is out of range");
    container.require(text::valid_utf8_prefix(n_gram.text) == n_gram.text.size(), "an n-gram's string is not UTF-8");
  }
  card_ = container.get(SectionKind::card);
  container.require(card_.size() >= 2 && card_.front() == '{' && card_.back() == '}', "no card");
  container.require(text::valid_utf8_prefix(card_) == card_.size(), "the card is not UTF-8");
}

std::string_view Profile::label(std::size_t index) const {
  return label_bytes_.substr(label_offsets_[index], label_offsets_[index + 1] - label_offsets_[index]);
}

std::vector<LabelNGram> Profile::strongest_n_grams() const {
  std::vector<LabelNGram> list;
  LabelNGram n_gram;
  for (std::size_t at = 0; at < strings_.size() && next_string(strings_, at, n_gram);) list.push_back(n_gram);
  return list;
}

}  // namespace textlambda::model
