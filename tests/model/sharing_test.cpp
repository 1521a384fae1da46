// One classifier, many calls: from several threads, and without the heap. A program of its own, since it counts every
// allocation.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "textlambda/model/classifier.h"
#include "textlambda/model/explanation.h"
#include "textlambda/model/linear/writer.h"

#include "tests/catch.h"
#include "tests/model/counted_heap.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda::model;

namespace {

struct Answer {
  std::size_t label_index;
  float confidence;
  friend bool operator==(const Answer&, const Answer&) = default;
};

Answer answer(const Classifier& classifier, const std::string& text) {
  const Prediction prediction = classifier.predict(text);
  return {prediction.label_index, prediction.confidence};
}

}  // namespace

TEST_CASE("Predictions allocate nothing once warm") {
  const std::vector<std::string> texts = sample_texts();
  const std::size_t before = allocation_count();
  const std::vector<int> some(100);
  REQUIRE(allocation_count() > before);  // the counting works
  for (const SampleModel& sample : sample_models()) {
    const AlignedBytes bytes(linear::serialise(sample.content));
    const Classifier classifier(ModelFile::view(bytes.view(), sample.name));
    CAPTURE(sample.name);

    Scratch scratch;
    for (const std::string& text : texts) classifier.predict(text, scratch);
    std::size_t counted = allocation_count();
    for (int round = 0; round < 3; ++round) {
      for (const std::string& text : texts) classifier.predict(text, scratch);
    }
    CHECK(allocation_count() - counted == 0);

    for (const std::string& text : texts) classifier.predict(text);
    counted = allocation_count();
    for (const std::string& text : texts) classifier.predict(text);
    CHECK(allocation_count() - counted == 0);

    // Warm from a longer text of the same kind: parts of it are nothing new.
    const std::string_view longest = texts.back();
    counted = allocation_count();
    for (std::size_t length = 0; length < longest.size(); length += 97) classifier.predict(longest.substr(length));
    CHECK(allocation_count() - counted == 0);
  }
}

TEST_CASE("Four threads get the answers of one") {
  for (const SampleModel& sample : sample_models()) {
    const AlignedBytes bytes(linear::serialise(sample.content));
    const Classifier classifier(ModelFile::view(bytes.view(), sample.name));
    const std::vector<std::string> texts = sample_texts();
    std::vector<Answer> alone;
    alone.reserve(texts.size());
    for (const std::string& text : texts) alone.push_back(answer(classifier, text));

    std::atomic<int> different{0};
    std::vector<std::thread> threads;
    for (std::size_t first = 0; first < 4; ++first) {
      threads.emplace_back([&, first] {
        for (std::size_t i = 0; i < texts.size() * 5; ++i) {
          const std::size_t at = (i * 7 + first * 3) % texts.size();
          if (!(answer(classifier, texts[at]) == alone[at])) ++different;
          if (i % 16 == first) explain(classifier, texts[at], 0);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CAPTURE(sample.name);
    CHECK(different == 0);
  }
}
