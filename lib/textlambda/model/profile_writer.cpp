#include "textlambda/model/profile_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "textlambda/model/row_filter.h"

namespace textlambda::model {
namespace {

using format::SectionKind;

template <typename T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string label_section(const std::vector<std::string>& labels) {
  std::string section;
  std::uint32_t offset = 0;
  for (const std::string& label : labels) {
    append(section, offset);
    offset += static_cast<std::uint32_t>(label.size());
  }
  append(section, offset);
  for (const std::string& label : labels) section += label;
  return section;
}

std::string string_section(const ProfileContent& content) {
  std::string section;
  for (const auto& n_gram : content.strongest) {
    append(section, n_gram.label);
    append(section, n_gram.weight);
    append(section, static_cast<std::uint32_t>(n_gram.text.size()));
    section += n_gram.text;
  }
  return section;
}

}  // namespace

format::Settings make_settings(const ProfileContent& content, std::size_t feature_count) {
  format::Settings settings{};
  settings.label_count = static_cast<std::uint32_t>(content.labels.size());
  settings.feature_count = static_cast<std::uint32_t>(feature_count);
  settings.hash_bits = static_cast<std::uint8_t>(content.hash_bits);
  settings.precision = static_cast<std::uint8_t>(content.precision);
  settings.lower_case = content.feature_options.normaliser.lower_case ? 1 : 0;
  settings.words_min = static_cast<std::uint8_t>(content.feature_options.words.min);
  settings.words_max = static_cast<std::uint8_t>(content.feature_options.words.max);
  settings.characters_min = static_cast<std::uint8_t>(content.feature_options.characters.min);
  settings.characters_max = static_cast<std::uint8_t>(content.feature_options.characters.max);
  settings.negation_scope = static_cast<std::uint8_t>(content.feature_options.negation_scope);
  settings.temperature = content.temperature;
  settings.abstain_threshold = content.abstain_threshold;
  settings.training_loss = content.training_loss;
  settings.training_accuracy = content.training_accuracy;
  return settings;
}

void SectionList::put_own(SectionKind kind, std::string bytes) { put(kind, own_.emplace_back(std::move(bytes))); }

void SectionList::put_profile(const ProfileContent& content, const format::Settings& settings) {
  std::string settings_bytes;
  append(settings_bytes, settings);
  put_own(SectionKind::settings, std::move(settings_bytes));
  put_own(SectionKind::labels, label_section(content.labels));
  put(SectionKind::stop_words, content.feature_options.stop_words);
  put_own(SectionKind::strings, string_section(content));
  put(SectionKind::card, content.card);
  put_own(SectionKind::sketch, content.sketch ? sketch_bytes(*content.sketch) : "");
  put_own(SectionKind::row_filter, RowFilter::build(content.row_hashes));
}

std::string SectionList::file(const format::Settings& settings) const {
  std::vector<SectionBytes> sections = sections_;
  std::sort(sections.begin(), sections.end(),
            [](const SectionBytes& a, const SectionBytes& b) { return a.kind < b.kind; });
  const std::uint32_t version = settings.weight_layout > 0    ? format::kSparseVersion
                                : settings.negation_scope > 0 ? format::kNegationVersion
                                                              : format::kOldestVersion;
  return lay_out(version, sections);
}

std::string with_abstain_threshold(std::string_view model, float threshold) {
  // Settings is the first section.
  format::Section section{};
  std::memcpy(&section, model.data() + sizeof(format::Header), sizeof section);
  format::Settings settings{};
  std::memcpy(&settings, model.data() + section.offset, sizeof settings);
  settings.abstain_threshold = threshold;
  return with_section_replaced(model, SectionKind::settings,
                               {reinterpret_cast<const char*>(&settings), sizeof settings});
}

}  // namespace textlambda::model
