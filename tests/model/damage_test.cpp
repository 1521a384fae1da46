// Any changed bit, truncation, or lie about sizes is an Error; what passes with true checksums stays inside the file's
// memory, which the address sanitizer checks.
#include <cstring>
#include <limits>

#include "textlambda/io/error.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/explanation.h"
#include "textlambda/model/linear/writer.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda;
using namespace textlambda::model;
using format::SectionKind;

namespace {

// Why the bytes are refused; empty where they are a model.
std::string refusal(std::string_view bytes) {
  const AlignedBytes aligned(bytes);
  try {
    ModelFile::view(aligned.view(), "m");
  } catch (const io::Error& error) {
    return error.kind() == io::ErrorKind::input_output ? error.what() : "wrong kind of error";
  }
  return "";
}

// Everything that reads a model; false if it gives an answer that is none.
bool use(std::string_view bytes) {
  const AlignedBytes aligned(bytes);
  const Classifier classifier(ModelFile::view(aligned.view(), "m"));
  bool sound = true;
  for (const std::string& text : sample_texts()) {
    const Prediction prediction = classifier.predict(text);
    sound = sound && prediction.label_index < classifier.label_count() && prediction.confidence >= 0 &&
            prediction.confidence <= 1;
    for (std::size_t label = 0; label < std::min<std::size_t>(classifier.label_count(), 3); ++label) {
      explain(classifier, text, label);
    }
  }
  for (std::size_t i = 0; i < classifier.label_count(); ++i) sound = sound && classifier.label(i).size() < bytes.size();
  for (const LabelNGram& n_gram : classifier.file().strongest_n_grams()) {
    sound = sound && n_gram.label < classifier.label_count();
  }
  const Sketch sketch = classifier.file().sketch();
  sound = sound && quantile_bin(sketch.coverage, 0.5) < Sketch::kCoverageBins && mean_coverage(sketch) <= 1;
  for (std::uint64_t hash = 1; hash != 0; hash <<= 1) classifier.file().row_filter().contains(~hash);
  return sound && classifier.file().card().size() >= 2;
}

template <typename T>
std::string array_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string labels_bytes(const std::vector<std::uint32_t>& offsets, std::string_view text) {
  return array_bytes(offsets) + std::string(text);
}

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("Every changed byte is an error") {
  for (const SampleModel& sample : sample_models()) {
    std::string bytes = linear::serialise(sample.content);
    REQUIRE(refusal(bytes).empty());
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const int change : {0x01, 0x80, 0x5A}) {
        const char before = bytes[at];
        bytes[at] = static_cast<char>(before ^ change);
        accepted += static_cast<std::size_t>(refusal(bytes).empty());
        bytes[at] = before;
      }
    }
    CAPTURE(sample.name, bytes.size());
    CHECK(accepted == 0);
  }
}

TEST_CASE("Every truncation and every appended byte is an error, even where the header admits it") {
  for (const SampleModel& sample : sample_models()) {
    const std::string bytes = linear::serialise(sample.content);
    std::size_t accepted = 0;
    const auto refuse = [&](std::string damaged) {
      accepted += static_cast<std::size_t>(refusal(damaged).empty());
      if (damaged.size() < sizeof(format::Header)) return;
      format::Header header = read_header(damaged);
      header.file_size = damaged.size();
      write_header(damaged, header);
      sign(damaged);
      accepted += static_cast<std::size_t>(refusal(damaged).empty());
    };
    for (std::size_t size = 0; size < bytes.size(); ++size) refuse(bytes.substr(0, size));
    for (const std::size_t more : {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{4096}}) {
      refuse(bytes + std::string(more, '\0'));
      refuse(bytes + std::string(more, 'x'));
    }
    CAPTURE(sample.name);
    CHECK(accepted == 0);
  }
}

TEST_CASE("The test's own layout is the writer's") {
  for (const SampleModel& sample : sample_models()) {
    const std::string bytes = linear::serialise(sample.content);
    CHECK(with_section(bytes, SectionKind::card, sample.content.card) == bytes);
  }
}

TEST_CASE("A lying header or section table is an error") {
  const std::string good = linear::serialise(three_label_mixed(Precision::int8));
  constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();
  std::size_t accepted = 0;
  const auto refuse = [&](std::string bytes) {
    sign(bytes);
    accepted += static_cast<std::size_t>(refusal(bytes).empty());
  };

  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{32}, good.size() - 1, good.size() + 1, kHuge}) {
    std::string bytes = good;
    format::Header header = read_header(bytes);
    header.file_size = size;
    write_header(bytes, header);
    refuse(bytes);
  }
  for (const std::uint32_t count : {0U, 12U, 13U, 15U, std::numeric_limits<std::uint32_t>::max()}) {
    std::string bytes = good;
    format::Header header = read_header(bytes);
    header.section_count = count;
    write_header(bytes, header);
    refuse(bytes);
  }

  using Change = void (*)(format::Section&, std::uint64_t file_size);
  const std::vector<Change> changes{
      [](format::Section& s, std::uint64_t) { s.kind = 0; },
      [](format::Section& s, std::uint64_t) { s.kind += 1; },
      [](format::Section& s, std::uint64_t) { s.reserved = 1; },
      [](format::Section& s, std::uint64_t) { s.offset += 1; },
      [](format::Section& s, std::uint64_t) { s.offset += format::kAlignment; },
      [](format::Section& s, std::uint64_t) { s.offset -= format::kAlignment; },
      [](format::Section& s, std::uint64_t) { s.offset = 0; },
      [](format::Section& s, std::uint64_t) { s.offset = kHuge; },
      [](format::Section& s, std::uint64_t) { s.offset = kHuge - 63; },
      [](format::Section& s, std::uint64_t) { s.offset = std::uint64_t{1} << 63; },
      [](format::Section& s, std::uint64_t file) { s.offset = file; },
      [](format::Section& s, std::uint64_t) { s.size = kHuge; },
      [](format::Section& s, std::uint64_t) { s.size = kHuge - s.offset + 1; },  // offset + size is 0
      [](format::Section& s, std::uint64_t) { s.size = std::uint64_t{1} << 63; },
      [](format::Section& s, std::uint64_t file) { s.size = file; },
      [](format::Section& s, std::uint64_t file) { s.size = file - s.offset + 1; },
  };
  for (std::uint32_t kind = 1; kind <= format::kSectionCount; ++kind) {
    for (const Change change : changes) {
      std::string bytes = good;
      format::Section section = read_section(bytes, SectionKind{kind});
      change(section, bytes.size());
      write_section(bytes, SectionKind{kind}, section);
      refuse(bytes);
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("Settings that are not true are errors") {
  struct Case {
    const char* reason;
    void (*change)(format::Settings&);
  };
  using S = format::Settings;
  const std::vector<Case> cases{
      {"label count out of range", [](S& s) { s.label_count = 0; }},
      {"label count out of range", [](S& s) { s.label_count = 1; }},
      {"label count out of range", [](S& s) { s.label_count = (1U << 20) + 1; }},
      {"label count out of range", [](S& s) { s.label_count = UINT32_MAX; }},
      {"labels of the wrong size", [](S& s) { s.label_count = 2; }},
      {"labels of the wrong size", [](S& s) { s.label_count = 4; }},
      {"labels of the wrong size", [](S& s) { s.label_count = 1U << 20; }},
      {"remainders of the wrong size", [](S& s) { s.feature_count -= 1; }},
      {"remainders of the wrong size", [](S& s) { s.feature_count += 1; }},
      {"remainders of the wrong size", [](S& s) { s.feature_count = UINT32_MAX; }},
      {"remainders of the wrong size", [](S& s) { s.feature_count = 0; }},
      {"index of the wrong size", [](S& s) { s.index_groups = 0; }},
      {"index of the wrong size", [](S& s) { s.index_groups += 1; }},
      {"no features share a weight scale", [](S& s) { s.weights_per_scale = 0; }},
      {"weight scales of the wrong size", [](S& s) { s.weights_per_scale = 2; }},
      {"weight scales of the wrong size", [](S& s) { s.weights_per_scale = UINT32_MAX; }},
      {"hash bits out of range", [](S& s) { s.hash_bits = 0; }},
      {"hash bits out of range", [](S& s) { s.hash_bits = 7; }},
      {"hash bits out of range", [](S& s) { s.hash_bits = 32; }},
      {"hash bits out of range", [](S& s) { s.hash_bits = 255; }},
      {"index bits out of range", [](S& s) { s.hash_bits = 31; }},
      {"index bits out of range", [](S& s) { s.index_bits = 0; }},
      {"index bits out of range", [](S& s) { s.index_bits = 29; }},
      {"index bits out of range", [](S& s) { s.index_bits = 255; }},
      {"index of the wrong size", [](S& s) { s.index_bits += 1; }},
      {"unknown precision", [](S& s) { s.precision = 3; }},
      {"weights of the wrong size", [](S& s) { s.precision = 1; }},
      {"case setting out of range", [](S& s) { s.lower_case = 2; }},
      {"word n-grams", [](S& s) { s.words_min = 0; }},
      {"word n-grams", [](S& s) { s.words_min = 3; }},
      {"word n-grams", [](S& s) { s.words_max = 6; }},
      {"word n-grams", [](S& s) { s.words_max = 255; }},
      {"character n-grams", [](S& s) { s.characters_max = 9; }},
      {"both off", [](S& s) { s.words_min = s.words_max = s.characters_min = s.characters_max = 0; }},
      {"largest scale out of range", [](S& s) { s.scale_largest = -1; }},
      {"largest scale out of range", [](S& s) { s.scale_largest = kNaN; }},
      {"largest scale out of range", [](S& s) { s.scale_largest = kInfinity; }},
      {"scale step out of range", [](S& s) { s.scale_step = kNaN; }},
      {"scale step out of range", [](S& s) { s.scale_step = -0.5F; }},
      {"temperature out of range", [](S& s) { s.temperature = 0; }},
      {"temperature out of range", [](S& s) { s.temperature = -1; }},
      {"temperature out of range", [](S& s) { s.temperature = kNaN; }},
      {"temperature out of range", [](S& s) { s.temperature = kInfinity; }},
      {"abstain threshold out of range", [](S& s) { s.abstain_threshold = 1.5F; }},
      {"abstain threshold out of range", [](S& s) { s.abstain_threshold = kNaN; }},
      {"training loss out of range", [](S& s) { s.training_loss = -1; }},
      {"training loss out of range", [](S& s) { s.training_loss = std::numeric_limits<double>::quiet_NaN(); }},
      {"training accuracy out of range", [](S& s) { s.training_accuracy = 1.01; }},
      {"reserved settings are not zero", [](S& s) { s.reserved[0] = 1; }},
      {"reserved settings are not zero", [](S& s) { s.reserved[69] = 1; }},
      {"reserved settings are not zero", [](S& s) { s.negation_scope = 1; }},  // of version 2
      {"reserved settings are not zero", [](S& s) { s.weight_layout = 1; }},   // of version 3
  };
  const std::string good = linear::serialise(three_label_mixed(Precision::int8));
  for (const Case& test : cases) {
    const std::string reason = refusal(with_settings(good, test.change));
    CHECK_THAT(reason, Catch::Contains(test.reason));
  }
  linear::LinearContent negated = two_label_words(Precision::int8);
  negated.feature_options.negation_scope = 15;
  const std::string version2 = linear::serialise(negated);
  CHECK(refusal(version2).empty());
  CHECK(refusal(with_settings(version2, [](S& s) { s.negation_scope = 0; })).empty());
  CHECK_THAT(refusal(with_settings(version2, [](S& s) { s.negation_scope = 16; })), Catch::Contains("negation scope"));
  CHECK_THAT(refusal(with_settings(version2, [](S& s) { s.reserved[0] = 1; })), Catch::Contains("reserved settings"));
}

TEST_CASE("Sections that are not true are errors") {
  struct Case {
    const char* reason;
    Precision precision;
    SectionKind kind;
    std::string content;
  };
  const std::string good = linear::serialise(three_label_mixed(Precision::int8));
  const std::size_t features = three_label_mixed(Precision::int8).keys.size();
  const auto part = [&](SectionKind kind) { return section_bytes(good, kind); };
  const auto shorter = [&](SectionKind kind, std::size_t less) {
    return part(kind).substr(0, part(kind).size() - less);
  };
  const auto changed = [&](SectionKind kind, std::size_t at, char value) {
    std::string content = part(kind);
    content.at(at) = value;
    return content;
  };
  std::vector<float> floats(features * 3, 0.5F);
  floats[4] = kNaN;
  std::vector<float> infinite(features * 3, 0.5F);
  infinite[features * 3 - 1] = -kInfinity;
  std::vector<float> too_large(features * 3, 0.5F);
  too_large.front() = 1e31F;
  std::vector<std::uint16_t> halves(features * 3, 0x3C00);
  halves[7] = 0x7C00;
  std::vector<std::uint16_t> scales(features, 0x3C00);
  scales[2] = 0xFE00;
  // label 0, weight 1, three bytes
  const std::string n_gram = array_bytes<std::uint32_t>({0, 0x3F800000, 3}) + "abc";
  // seed 0, so many rows, so long blocks, so many places
  const auto filter = [](std::uint32_t rows, std::uint32_t block_length, std::size_t places) {
    return array_bytes<std::uint32_t>({0, 0, rows, block_length}) + std::string(2 * places, 'f');
  };

  const auto int8 = Precision::int8;
  const std::vector<Case> cases{
      {"settings of the wrong size", int8, SectionKind::settings,
       part(SectionKind::settings) + part(SectionKind::settings)},
      {"settings of the wrong size", int8, SectionKind::settings, ""},
      {"settings", int8, SectionKind::settings, shorter(SectionKind::settings, 1)},
      {"labels of the wrong size", int8, SectionKind::labels, ""},
      {"labels of the wrong size", int8, SectionKind::labels, std::string(15, '\0')},
      {"labels of the wrong size", int8, SectionKind::labels, labels_bytes({1, 2, 3, 4}, "abcd")},
      {"labels of the wrong size", int8, SectionKind::labels, labels_bytes({0, 1, 2, 3}, "abcd")},
      {"labels of the wrong size", int8, SectionKind::labels, labels_bytes({0, 1, 2, UINT32_MAX}, "abc")},
      {"labels overlap", int8, SectionKind::labels, labels_bytes({0, 2, 1, 3}, "abc")},
      {"labels overlap", int8, SectionKind::labels, labels_bytes({0, UINT32_MAX, 2, 3}, "abc")},
      {"labels overlap", int8, SectionKind::labels, labels_bytes({0, 1, 1U << 31, 3}, "abc")},
      {"labels are not sorted", int8, SectionKind::labels, labels_bytes({0, 1, 2, 3}, "acb")},
      {"labels are not sorted", int8, SectionKind::labels, labels_bytes({0, 1, 2, 3}, "aab")},
      {"labels are not UTF-8", int8, SectionKind::labels, labels_bytes({0, 1, 2, 3}, "ab\xFF")},
      {"index", int8, SectionKind::index_bases, shorter(SectionKind::index_bases, 1)},
      {"index of the wrong size", int8, SectionKind::index_bases, shorter(SectionKind::index_bases, 4)},
      {"index groups do not follow", int8, SectionKind::index_bases, changed(SectionKind::index_bases, 7, '\x7F')},
      {"index of the wrong size", int8, SectionKind::index_ends, shorter(SectionKind::index_ends, 1)},
      {"index of the wrong size", int8, SectionKind::index_ends, ""},
      {"index", int8, SectionKind::index_ends, changed(SectionKind::index_ends, 0, '\xFF')},
      {"index", int8, SectionKind::index_ends, changed(SectionKind::index_ends, 31, '\xFF')},
      {"remainders of the wrong size", int8, SectionKind::remainders, shorter(SectionKind::remainders, 1)},
      {"scales of the wrong size", int8, SectionKind::scales, shorter(SectionKind::scales, 1)},
      {"weights of the wrong size", int8, SectionKind::weights, shorter(SectionKind::weights, 1)},
      {"weights of the wrong size", int8, SectionKind::weights, part(SectionKind::weights) + "x"},
      {"weight scales of the wrong size", int8, SectionKind::weight_scales, shorter(SectionKind::weight_scales, 2)},
      {"weight scales", int8, SectionKind::weight_scales, shorter(SectionKind::weight_scales, 1)},
      {"weight scale is not finite", int8, SectionKind::weight_scales, array_bytes(scales)},
      {"weight scales of the wrong size", Precision::float16, SectionKind::weight_scales, array_bytes(scales)},
      {"weight is not finite", Precision::float16, SectionKind::weights, array_bytes(halves)},
      {"weight is not finite", Precision::float32, SectionKind::weights, array_bytes(floats)},
      {"weight is not finite", Precision::float32, SectionKind::weights, array_bytes(infinite)},
      {"weight is not finite", Precision::float32, SectionKind::weights, array_bytes(too_large)},
      {"bias of the wrong size", int8, SectionKind::bias, shorter(SectionKind::bias, 4)},
      {"bias", int8, SectionKind::bias, shorter(SectionKind::bias, 1)},
      {"bias of the wrong size", int8, SectionKind::bias, array_bytes<float>({0, kNaN, 0})},
      {"bias of the wrong size", int8, SectionKind::bias, array_bytes<float>({0, 0, kInfinity})},
      {"stop words", int8, SectionKind::stop_words, "1234567"},
      {"stop words are not sorted", int8, SectionKind::stop_words, array_bytes<std::uint64_t>({2, 1})},
      {"string is cut off", int8, SectionKind::strings, n_gram.substr(0, 11)},
      {"string is cut off", int8, SectionKind::strings, n_gram.substr(0, 14)},
      {"string is cut off", int8, SectionKind::strings, array_bytes<std::uint32_t>({0, 0, UINT32_MAX})},
      {"string is cut off", int8, SectionKind::strings, n_gram + "x"},
      {"string is out of range", int8, SectionKind::strings, array_bytes<std::uint32_t>({3, 0, 0})},
      {"string is out of range", int8, SectionKind::strings, array_bytes<std::uint32_t>({0, 0x7FC00000, 0})},
      {"string is not UTF-8", int8, SectionKind::strings, array_bytes<std::uint32_t>({0, 0, 1}) + "\xC3"},
      {"no card", int8, SectionKind::card, ""},
      {"no card", int8, SectionKind::card, "{"},
      {"no card", int8, SectionKind::card, "[]"},
      {"card is not UTF-8", int8, SectionKind::card, "{\xFF}"},
      {"sketch of the wrong size", int8, SectionKind::sketch, shorter(SectionKind::sketch, 1)},
      {"sketch of the wrong size", int8, SectionKind::sketch, shorter(SectionKind::sketch, 4)},
      {"sketch of the wrong size", int8, SectionKind::sketch, part(SectionKind::sketch) + "1234"},
      {"sketch of the wrong size", int8, SectionKind::sketch, "1"},
      {"counts do not add up", int8, SectionKind::sketch, changed(SectionKind::sketch, 0, '\x05')},        // documents
      {"counts do not add up", int8, SectionKind::sketch, changed(SectionKind::sketch, 4, '\x05')},        // coverage
      {"counts do not add up", int8, SectionKind::sketch, changed(SectionKind::sketch, 515, '\x01')},      // its last
      {"counts do not add up", int8, SectionKind::sketch, changed(SectionKind::sketch, 516 + 7, '\xFF')},  // confidence
      {"counts do not add up", int8, SectionKind::sketch, changed(SectionKind::sketch, 1283, '\x80')},     // length
      {"counts do not add up", int8, SectionKind::sketch, changed(SectionKind::sketch, 1284 + 8, '\x7F')},  // predicted
      {"row filter of the wrong size", int8, SectionKind::row_filter, "123456789012345"},
      {"row filter of the wrong size", int8, SectionKind::row_filter, filter(1, 0, 0)},
      {"row filter of the wrong size", int8, SectionKind::row_filter, filter(1, 4, 11)},
      {"row filter of the wrong size", int8, SectionKind::row_filter, filter(1, 4, 12) + "x"},
      {"row filter of the wrong size", int8, SectionKind::row_filter, filter(1, UINT32_MAX, 12)},
      {"row filter of the wrong size", int8, SectionKind::row_filter, filter(1, 0x55555556, 1)},  // 3 · that is 2³² + 2
      {"row filter of the wrong size", int8, SectionKind::row_filter, filter(1, 0x2AAAAAAB, 1)},
      {"impossible number of rows", int8, SectionKind::row_filter, filter(0, 4, 12)},
      {"impossible number of rows", int8, SectionKind::row_filter, filter(13, 4, 12)},
  };
  for (const Case& test : cases) {
    CAPTURE(static_cast<unsigned>(test.kind), test.content.size());
    const std::string bytes =
        with_section(linear::serialise(three_label_mixed(test.precision)), test.kind, test.content);
    CHECK_THAT(refusal(bytes), Catch::Contains(test.reason));
  }
}

TEST_CASE("Weights that were left out in ways that are not true are errors") {
  const auto sample = [](const std::string& name) {
    for (const SampleModel& model : sample_models()) {
      if (model.name == name) return linear::serialise(model.content);
    }
    throw std::logic_error("no sample " + name);
  };
  const std::string bitmaps = sample("sparse_bitmaps");
  const std::string gaps = sample("sparse_gaps");
  REQUIRE(read_header(bitmaps).version == 3);
  REQUIRE(read_header(gaps).version == 3);
  struct Case {
    const char* reason;
    const std::string* file;
    SectionKind kind;
    std::string content;
  };
  const auto part = [](const std::string& file, SectionKind kind) { return section_bytes(file, kind); };
  const auto changed = [&](const std::string& file, SectionKind kind, std::size_t at, char value) {
    std::string content = part(file, kind);
    content.at(at) = value;
    return content;
  };
  const auto places = SectionKind::weight_places;
  const std::size_t counts = 2 * 18;  // of 18 features; the gaps stand behind them
  const std::vector<Case> cases{
      {"weight bases of the wrong size", &bitmaps, SectionKind::weight_bases, ""},
      {"weight bases of the wrong size", &gaps, SectionKind::weight_bases,
       part(gaps, SectionKind::weight_bases) + "1234"},
      {"weight bases", &gaps, SectionKind::weight_bases, "123"},
      {"weight base that is not true", &bitmaps, SectionKind::weight_bases,
       changed(bitmaps, SectionKind::weight_bases, 4, 1)},
      {"weight base that is not true", &gaps, SectionKind::weight_bases,
       changed(gaps, SectionKind::weight_bases, 0, 1)},
      {"weight places of the wrong size", &bitmaps, places, part(bitmaps, places) + "x"},
      {"weight places of the wrong size", &gaps, places, part(gaps, places).substr(1)},
      {"weights of the wrong size", &bitmaps, SectionKind::weights, part(bitmaps, SectionKind::weights) + "x"},
      {"weight base that is not true", &bitmaps, places, changed(bitmaps, places, 0, '\xFF')},
      {"weight of no label", &bitmaps, places, changed(bitmaps, places, 4, '\x80')},
      {"weight places of the wrong size", &gaps, SectionKind::weights, part(gaps, SectionKind::weights) + "x"},
      {"weights of the wrong size", &gaps, places, changed(gaps, places, 1, '\x7F')},
      {"labels do not rise", &gaps, places, changed(gaps, places, counts, 0)},
      {"labels do not rise", &gaps, SectionKind::weights, changed(gaps, SectionKind::weights, 0, 0)},
      {"labels do not rise", &gaps, places,
       part(gaps, places).substr(0, counts) + std::string(part(gaps, places).size() - counts, '\xFF')},
  };
  for (const Case& test : cases) {
    CAPTURE(static_cast<unsigned>(test.kind), test.content.size());
    CHECK_THAT(refusal(with_section(*test.file, test.kind, test.content)), Catch::Contains(test.reason));
  }
  CHECK_THAT(refusal(with_settings(bitmaps, [](format::Settings& s) { s.weight_layout = 0; })),
             Catch::Contains("none of these sections"));
  CHECK_THAT(refusal(with_settings(bitmaps, [](format::Settings& s) { s.weight_layout = 3; })),
             Catch::Contains("no such weight layout"));
  CHECK_THAT(refusal(with_settings(bitmaps, [](format::Settings& s) { s.weight_layout = 1; })),
             Catch::Contains("weight places of the wrong size"));
  CHECK_THAT(refusal(with_settings(gaps, [](format::Settings& s) { s.precision = 2; })),
             Catch::Contains("not bytes of several labels"));
}

TEST_CASE("Extreme values that are allowed give sound predictions") {
  // The largest weights, scales and bias, in the smallest temperature.
  linear::LinearContent content = three_label_mixed(Precision::float32);
  for (std::size_t i = 0; i < content.weights.size(); ++i) content.weights[i] = i % 2 == 0 ? 1e30F : -1e30F;
  content.bias = {1e30F, -1e30F, 0};
  const std::string large = with_settings(linear::serialise(content), [](format::Settings& s) {
    s.temperature = 1e-3F;
    s.scale_largest = 1e6F;
  });
  CHECK(refusal(large).empty());
  CHECK(use(large));
  // Scales so small that their squares vanish.
  const std::string small =
      with_settings(linear::serialise(content), [](format::Settings& s) { s.scale_largest = 1e-40F; });
  CHECK(use(small));
  for (const char code : {'\0', '\x7F', '\xFF'}) {
    const std::string bytes = linear::serialise(content);
    CHECK(use(with_section(bytes, SectionKind::scales, std::string(content.keys.size(), code))));
  }
}

TEST_CASE("Bytes changed under true checksums are refused or used within their memory") {
  std::size_t refused = 0;
  std::size_t used = 0;
  bool sound = true;
  for (const SampleModel& sample : sample_models()) {
    if (sample.name.starts_with("every_")) continue;  // nothing new, and long texts are slow in it
    const std::string good = linear::serialise(sample.content);
    // Every byte of the small sections; what is between is random enough.
    for (std::size_t at = sizeof(format::Header); at < good.size(); at += 3) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
      sign(bytes);
      if (!refusal(bytes).empty()) {
        ++refused;
        continue;
      }
      ++used;
      sound = use(bytes) && sound;
    }
  }
  CHECK(sound);
  CHECK(refused > 1000);
  CHECK(used > 100);
}
