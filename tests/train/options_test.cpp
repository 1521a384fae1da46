#include "textlambda/train/options.h"

#include <cmath>
#include <functional>

#include "textlambda/io/error.h"

#include "tests/catch.h"

using namespace textlambda;
using train::TrainOptions;

TEST_CASE("options out of range are refused by name") {
  const struct {
    const char* message;
    std::function<void(TrainOptions&)> set;
  } cases[] = {
      {"epochs", [](TrainOptions& o) { o.epochs = 0; }},
      {"C", [](TrainOptions& o) { o.c = -1; }},
      {"C", [](TrainOptions& o) { o.c = std::nan(""); }},
      {"holdout", [](TrainOptions& o) { o.holdout = 2; }},
      {"holdout", [](TrainOptions& o) { o.holdout = -0.1; }},
      {"keep", [](TrainOptions& o) { o.keep = 0; }},
      {"prior: -1 given, expected 0 … 10", [](TrainOptions& o) { o.prior = -1; }},
      {"prior", [](TrainOptions& o) { o.prior = std::nan(""); }},
      {"abstain-threshold", [](TrainOptions& o) { o.abstain_threshold = 1.5; }},
      {"min-documents", [](TrainOptions& o) { o.min_documents = 0; }},
      {"negation: 16 given, expected 0 … 15", [](TrainOptions& o) { o.negation_scope = 16; }},
      {"negation: -1 given", [](TrainOptions& o) { o.negation_scope = -1; }},
      {"spam", [](TrainOptions& o) { o.label_weights["spam"] = 0; }},
      {"word n-grams",
       [](TrainOptions& o) {
         o.words = {3, 1};
       }},
      {"character n-grams",
       [](TrainOptions& o) {
         o.characters = features::NGramRange{1, 99};
       }},
  };
  CHECK_NOTHROW(train::validate(TrainOptions()));
  for (const auto& test : cases) {
    TrainOptions options;
    test.set(options);
    CHECK_THROWS_WITH(train::validate(options), Catch::Contains(test.message));
  }
}

TEST_CASE("the configuration names the options") {
  TrainOptions options;
  const std::string json = train::to_json(options);
  options.seed = 2;
  CHECK(train::to_json(options) != json);
}
