#include "textlambda/features/options.h"

#include "tests/catch.h"

using namespace textlambda::features;

TEST_CASE("options that make no sense are explained") {
  const struct {
    NGramRange words;
    NGramRange characters;
    bool good;
  } cases[] = {{{1, 2}, {2, 5}, true},  {{1, 2}, {}, true},       {{}, {2, 5}, true},     {{}, {}, false},
               {{2, 1}, {}, false},     {{0, 2}, {}, false},      {{1, 6}, {}, false},    {{1, 5}, {1, 8}, true},
               {{1, 2}, {1, 9}, false}, {{-1, 2}, {2, 5}, false}, {{1, 2}, {5, 2}, false}};
  for (const auto& test : cases) {
    FeatureOptions options;
    options.words = test.words;
    options.characters = test.characters;
    CAPTURE(test.words.min, test.words.max, test.characters.min, test.characters.max);
    CHECK((find_flaw(options) == nullptr) == test.good);
  }
  for (const int scope : {-1, 0, 1, 15, 16}) {
    FeatureOptions options;
    options.negation_scope = scope;
    CHECK((find_flaw(options) == nullptr) == (scope >= 0 && scope <= 15));
  }
  FeatureOptions unsorted;
  unsorted.stop_words = {2, 1};
  CHECK(find_flaw(unsorted) != nullptr);
}
