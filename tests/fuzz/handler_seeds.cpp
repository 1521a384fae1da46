// handler_seeds FOLDER: writes the sample events of tests/lambda, one a file, as seeds of handler_fuzz.
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/lambda/sample_events.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int number = 0;
  for (const auto& sample : textlambda::lambda::sample_events()) {
    std::ofstream file(std::string(argv[1]) + "/" + std::string(textlambda::lambda::source_name(sample.source)) + "_" +
                       std::to_string(number++));
    file << sample.event;
    if (!file.flush()) return 5;
  }
  return 0;
}
