// handler_seeds FOLDER: writes the sample events of tests/events, one a file, as seeds of handler_fuzz.
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/events/sample_events.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int number = 0;
  for (const auto& sample : textlambda::events::sample_events()) {
    std::ofstream file(std::string(argv[1]) + "/" + std::string(textlambda::events::source_name(sample.source)) + "_" +
                       std::to_string(number++));
    file << sample.event;
    if (!file.flush()) return 5;
  }
  return 0;
}
