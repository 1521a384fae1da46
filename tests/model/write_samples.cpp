// write_samples FOLDER [--predictions]: writes each sample model as FOLDER/NAME.tlm; with --predictions also
// FOLDER/NAME.json, one line a sample text: the text's bytes in hexadecimal, the label, every label's probability, and
// where it stands in a sketch and in the filter of training rows.
// write_samples FOLDER --deep-card: writes deep_card.tlm alone, whose checksums are right and whose card nests arrays
// so deep that who calls itself for each level runs out of stack.
#include <cstdio>
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "textlambda/features/row_hash.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/linear/writer.h"
#include "textlambda/text/utf8.h"

#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda::model;

namespace {

std::string hexadecimal(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

void write_model(const std::string& path, const linear::LinearContent& content) {
  const std::string bytes = linear::serialise(content);
  std::ofstream file(path, std::ios::binary);
  if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) {
    throw std::runtime_error("cannot write " + path);
  }
}

void write_deep_card(const std::string& folder) {
  constexpr std::size_t kDepth = 300000;
  linear::LinearContent content = two_label_words(Precision::int8);
  content.card = R"({"documents":)" + std::string(kDepth, '[') + std::string(kDepth, ']') + "}";
  write_model(folder + "/deep_card.tlm", content);
}

void write_predictions(const std::string& path, std::string_view model) {
  const AlignedBytes bytes(model);
  const Classifier classifier(ModelFile::view(bytes.view(), path));
  std::ofstream file(path, std::ios::binary);
  Scratch scratch;
  std::string buffer;
  for (const std::string& text : sample_texts()) {
    const Prediction prediction = classifier.predict(text, scratch);
    const DocumentTraits traits = scratch.traits();
    const std::uint64_t row_hash = textlambda::features::row_hash(textlambda::text::repair_utf8(text, buffer).text);
    char row_hash_digits[17];
    std::snprintf(row_hash_digits, sizeof row_hash_digits, "%016llx", static_cast<unsigned long long>(row_hash));
    const nlohmann::json line{{"text", hexadecimal(text)},
                              {"label", prediction.label},
                              {"confidence", prediction.confidence},
                              {"abstained", prediction.abstained},
                              {"probabilities", scratch.probabilities()},
                              {"bins",
                               {{"coverage", coverage_bin(traits.known_n_grams, traits.n_grams)},
                                {"confidence", confidence_bin(traits.log_odds)},
                                {"length", length_bin(traits.characters)}}},
                              {"row_hash", row_hash_digits},
                              {"trained_on", classifier.file().row_filter().contains(row_hash)}};
    file << line.dump() << '\n';
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::cerr << "usage: write_samples FOLDER [--predictions | --deep-card]\n";
    return 2;
  }
  const std::string folder = argv[1];
  if (argc > 2 && std::string_view(argv[2]) == "--deep-card") {
    write_deep_card(folder);
    return 0;
  }
  const bool predictions = argc > 2 && std::string_view(argv[2]) == "--predictions";
  for (const SampleModel& sample : sample_models()) {
    write_model(folder + "/" + sample.name + ".tlm", sample.content);
    if (predictions) write_predictions(folder + "/" + sample.name + ".json", linear::serialise(sample.content));
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 5;
}
