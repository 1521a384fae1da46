// What is written, byte for byte, and that it reads back.
#include "textlambda/model/model_file.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "textlambda/io/error.h"
#include "textlambda/model/half.h"
#include "textlambda/model/linear/writer.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda;
using namespace textlambda::model;
using format::SectionKind;

namespace {

std::string digits_of(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += digits;
  }
  return text;
}

}  // namespace

// A change here is a change of the file format: docs/model-format.md and format::kNewestVersion have to follow it.
TEST_CASE("The bytes of sample models are pinned") {
  struct Case {
    const char* name;
    std::size_t size;
    const char* id;  // over all content
  };
  const std::vector<Case> cases{
      {"two_labels_int8", 2718, "f71a15e42c843066"},    {"three_labels_int8", 2718, "d825748c7ec20d51"},
      {"two_labels_float16", 2654, "e4748d4e065b3617"}, {"three_labels_float16", 2718, "98eaecd7aca3e6e7"},
      {"two_labels_float32", 2654, "46be468187cbe7f8"}, {"three_labels_float32", 2782, "941d546e0191ad7a"},
      {"characters", 1408, "2e4b14b096c051ae"},         {"case_and_stop_words", 6272, "1129f873f943327e"},
      {"no_features", 3392, "35dffd7956bc9eae"},        {"sparse_bitmaps", 2394, "fe5b022fcc7e9718"},
      {"sparse_gaps", 12478, "f7bef1eb405a49e7"},       {"every_word", 1984, "fa5d30b38e311df0"},
      {"every_character", 1984, "1bb8e33d337e95de"},    {"negation", 1216, "2f460bb52747a0ed"},
      {"every_negated", 1984, "c7b6f9c164ea87f1"},
  };
  const std::vector<SampleModel> samples = sample_models();
  REQUIRE(samples.size() == cases.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const AlignedBytes bytes(linear::serialise(samples[i].content));
    CHECK(samples[i].name == cases[i].name);
    CHECK(bytes.view().size() == cases[i].size);
    CHECK(ModelFile::view(bytes.view(), "model").id() == cases[i].id);
  }
}

TEST_CASE("A small model, section by section") {
  const std::string bytes = linear::serialise(two_label_words(Precision::int8));
  CHECK(digits_of(std::string_view(bytes).substr(0, 24)) ==
        "89544c4d0d0a1a0a"  // magic
        "01000000"
        "0e000000"  // version 1, 14 sections
        "9e0a000000000000");
  // Version 1 says all it needs; negation takes version 2.
  CHECK(linear::serialise(sample_models().back().content)[8] == 2);
  struct Case {
    SectionKind kind;
    const char* bytes;
  };
  const std::vector<Case> cases{
      {SectionKind::settings,
       "020000000500000001000000100000000c04000101020000000080403c24323c"
       "0000a03f00000000000000000000c03f000000000000ef3f0000000000000000"
       "0000000000000000000000000000000000000000000000000000000000000000"
       "0000000000000000000000000000000000000000000000000000000000000000"},
      {SectionKind::labels, "000000000300000007000000626164676f6f64"},
      {SectionKind::index_bases, "00000000"},
      {SectionKind::index_ends, "00000000000101010101020304040505"},
      {SectionKind::remainders, "1eaf335cae"},
      {SectionKind::scales, "bf404000ff"},
      {SectionKind::weights, "06a74c8119"},
      {SectionKind::weight_scales, "0b29"},
      {SectionKind::bias, "000080be"},
      {SectionKind::stop_words, ""},
      {SectionKind::strings,
       "0000000000002040080000006e6f7420676f6f64000000000000e03f03000000"
       "626164010000000000c03f04000000676f6f64"},
  };
  for (const Case& test : cases) {
    CAPTURE(static_cast<unsigned>(test.kind));
    CHECK(digits_of(section_bytes(bytes, test.kind)) == test.bytes);
    CHECK(read_section(bytes, test.kind).offset % format::kAlignment == 0);
  }
  CHECK(section_bytes(bytes, SectionKind::card) == R"({"documents":4})");
}

TEST_CASE("A model reads back as it was written") {
  const linear::LinearContent content = three_label_mixed(Precision::float32);
  const AlignedBytes bytes(linear::serialise(content));
  const ModelFile file = ModelFile::view(bytes.view(), "model");
  REQUIRE(file.label_count() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(file.label(i) == content.labels[i]);
  REQUIRE(file.feature_count() == content.keys.size());
  CHECK(file.feature_options().words == content.feature_options.words);
  CHECK(file.feature_options().characters == content.feature_options.characters);
  CHECK(file.feature_options().normaliser.lower_case);
  CHECK(file.feature_options().stop_words.empty());
  CHECK(file.hash_bits() == 12);
  CHECK(file.precision() == Precision::float32);
  const linear::Sections& sections = std::get<linear::LinearModel>(file.kind()).sections();
  CHECK(sections.weights_per_feature == 3);
  CHECK(sections.weight_scales.empty());
  CHECK(file.temperature() == 0.8F);
  CHECK(file.abstain_threshold() == 0);
  CHECK(file.training_loss() == 0.5);
  CHECK(file.training_accuracy() == 0.75);
  CHECK(std::vector<float>(sections.bias.begin(), sections.bias.end()) == content.bias);
  CHECK(file.card() == content.card);
  CHECK(file.bytes().size() == bytes.view().size());
  const std::vector<LabelNGram> strongest = file.strongest_n_grams();
  REQUIRE(strongest.size() == 3);
  CHECK(strongest[1].label == 1);
  CHECK(strongest[1].weight == 3.5F);
  CHECK(strongest[1].text == "charged twice");

  for (std::size_t i = 0; i < content.keys.size(); ++i) {
    const std::uint32_t feature = sections.index.find(content.keys[i]);
    REQUIRE(feature < file.feature_count());
    float weights[3];
    std::memcpy(weights, sections.weights.data() + feature * sizeof weights, sizeof weights);
    for (std::size_t k = 0; k < 3; ++k) CHECK(weights[k] == content.weights[i * 3 + k]);
  }
}

TEST_CASE("Quantising says what the file will hold") {
  for (const SampleModel& sample : sample_models()) {
    CAPTURE(sample.name);
    const linear::QuantisedFeatures quantised =
        linear::quantise(sample.content, linear::encode_features(sample.content, io::Executor(3)), io::Executor(3));
    const std::size_t width = sample.content.bias.size();
    REQUIRE(quantised.scales.size() == sample.content.keys.size());
    REQUIRE(quantised.weights.size() == sample.content.keys.size() * width);
    // Scales are half a step off at most, a step being at most ln 10⁶ / 255; int8 weights half of the largest / 127
    // that shares their scale, float16 ones 2⁻¹¹ of themselves.
    float largest = 0;
    for (const float weight : sample.content.weights) largest = std::max(largest, std::abs(weight));
    const float off = sample.content.precision == Precision::float32 ? 0 : largest / 127 / 2 * 1.01F;
    for (std::size_t i = 0; i < quantised.scales.size(); ++i) {
      CHECK(quantised.scales[i] == Approx(sample.content.scales[i]).epsilon(0.0275));
      for (std::size_t k = 0; k < width; ++k) {
        CHECK(std::abs(quantised.weights[i * width + k] - sample.content.weights[i * width + k]) <= off);
      }
    }
  }
}

TEST_CASE("The order of the features in memory does not change the file") {
  linear::LinearContent content = three_label_mixed(Precision::int8);
  const std::string bytes = linear::serialise(content);
  std::reverse(content.keys.begin(), content.keys.end());
  std::reverse(content.scales.begin(), content.scales.end());
  std::vector<float> weights;
  for (std::size_t i = content.keys.size(); i-- > 0;) {
    weights.insert(weights.end(), content.weights.begin() + static_cast<std::ptrdiff_t>(i * 3),
                   content.weights.begin() + static_cast<std::ptrdiff_t>(i * 3 + 3));
  }
  content.weights = weights;
  CHECK(linear::serialise(content) == bytes);
}

TEST_CASE("Another abstain threshold is the only difference it makes") {
  for (SampleModel sample : sample_models()) {
    const std::string before = linear::serialise(sample.content);
    for (const float threshold : {0.0F, 0.625F, 1.0F}) {
      sample.content.abstain_threshold = threshold;
      CHECK(with_abstain_threshold(before, threshold) == linear::serialise(sample.content));
    }
  }
}

TEST_CASE("A model in a file is mapped; what cannot be read is named") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("model_file_test." + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const std::string path = folder / "a model.tlm";
  const std::string bytes = linear::serialise(two_label_words(Precision::int8));
  const auto write = [&](std::string_view content) {
    std::ofstream file(path, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
  };
  const auto message = [&] {
    try {
      ModelFile::open(path);
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::input_output);
      return std::string(error.what());
    }
    return std::string("read");
  };

  CHECK(message() == path + ": cannot open: No such file or directory");
  write(bytes);
  ModelFile file = ModelFile::open(path);
  const ModelFile moved = std::move(file);  // views stay good
  CHECK(moved.label(1) == "good");
  CHECK(moved.bytes() == bytes);
  write("");
  CHECK(message() == path + ": is 0 bytes, too short for a model file");
  write("label,text\n" + std::string(100, 'x'));
  CHECK(message() == path + ": is not a textlambda model file");
  std::string later = bytes;
  later[8] = 7;
  write(later);
  CHECK(message() ==
        path + ": has model format version 7, this textlambda reads versions 1 to 3: it takes a later textlambda");
  later[8] = 0;
  write(later);
  CHECK(message() ==
        path + ": has model format version 0, which was never released: train the model again with this textlambda");
  write(bytes.substr(0, bytes.size() - 1));
  CHECK(message() == path + ": is " + std::to_string(bytes.size() - 1) + " bytes, its header says " +
                         std::to_string(bytes.size()) + ": truncated or damaged");
  std::string changed = bytes;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  write(changed);
  CHECK(message() == path + ": is damaged: checksum of section 14 does not match");
  std::filesystem::remove_all(folder);
}
