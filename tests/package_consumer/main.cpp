// Includes, links and calls an installed textlambda: trains on a few rows, writes the model, loads it and predicts.
#include <cstdio>
#include <string>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/model/classifier.h"
#include "textlambda/train/trainer.h"

int main() {
  namespace tl = textlambda;
  std::string rows;
  for (int i = 0; i < 20; ++i) {
    rows += "{\"text\":\"a red apple and " + std::to_string(i) + "\",\"label\":\"fruit\"}\n";
    rows += "{\"text\":\"a fast car and " + std::to_string(i) + "\",\"label\":\"vehicle\"}\n";
  }
  try {
    const auto result = tl::train::train(tl::corpus::Corpus::over(rows, "rows.jsonl", {}), {}, tl::io::Executor(), {});
    tl::io::write_file("consumer.tlm", result.model);
    const auto classifier = tl::model::Classifier::load("consumer.tlm");
    const auto prediction = classifier.predict("an apple");
    std::printf("%s\n", std::string(prediction.label).c_str());
    return prediction.label == "fruit" ? 0 : 1;
  } catch (const tl::io::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
