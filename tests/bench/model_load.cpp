// Prints {"milliseconds": x}: the median time to open, map and verify a model file and be ready for a prediction, over
// 51 runs with the file in the page cache.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <vector>

#include "textlambda/model/classifier.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_model_load MODEL\n", stderr);
    return 2;
  }
  try {
    using Clock = std::chrono::steady_clock;
    std::vector<double> milliseconds;
    for (int run = 0; run < 51; ++run) {
      const Clock::time_point start = Clock::now();
      const auto classifier = textlambda::model::Classifier::load(argv[1]);
      milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
      if (classifier.label_count() < 2) return 1;
    }
    std::nth_element(milliseconds.begin(), milliseconds.begin() + 25, milliseconds.end());
    std::printf("{\"milliseconds\": %.4f}\n", milliseconds[25]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_model_load: %s\n", error.what());
    return 5;
  }
  return 0;
}
