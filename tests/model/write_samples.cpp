// write_samples FOLDER [--predictions]: writes each sample model as FOLDER/NAME.tlm; with --predictions also
// FOLDER/NAME.json, one line a sample text: the text's bytes in hexadecimal, the label and every label's probability.
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "textlambda/model/classifier.h"
#include "textlambda/model/model_writer.h"

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

void write_predictions(const std::string& path, std::string_view model) {
  const AlignedBytes bytes(model);
  const Classifier classifier(ModelFile::view(bytes.view(), path));
  std::ofstream file(path, std::ios::binary);
  Scratch scratch;
  for (const std::string& text : sample_texts()) {
    const Prediction prediction = classifier.predict(text, scratch);
    const nlohmann::json line{{"text", hexadecimal(text)},
                              {"label", prediction.label},
                              {"confidence", prediction.confidence},
                              {"abstained", prediction.abstained},
                              {"probabilities", scratch.probabilities()}};
    file << line.dump() << '\n';
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::cerr << "usage: write_samples FOLDER [--predictions]\n";
    return 2;
  }
  const std::string folder = argv[1];
  const bool predictions = argc > 2 && std::string_view(argv[2]) == "--predictions";
  for (const SampleModel& sample : sample_models()) {
    const std::string bytes = serialise(sample.content);
    std::ofstream file(folder + "/" + sample.name + ".tlm", std::ios::binary);
    if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) {
      throw std::runtime_error("cannot write to " + folder);
    }
    if (predictions) write_predictions(folder + "/" + sample.name + ".json", bytes);
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 5;
}
