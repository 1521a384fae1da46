// Labels one text by the model that the first argument names.
#include <cstdio>
#include <exception>
#include <string>

#include "textlambda/model/classifier.h"

int main(int argc, char** argv) try {
  const auto classifier = textlambda::model::Classifier::load(argc > 1 ? argv[1] : "model.tlm");
  std::printf("%s\n", std::string(classifier.predict("an apple").label).c_str());
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
