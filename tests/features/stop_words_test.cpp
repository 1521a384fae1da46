#include "textlambda/features/stop_words.h"

#include <algorithm>

#include "tests/catch.h"

using namespace textlambda::features;

TEST_CASE("a list of words becomes sorted hashes without repeats") {
  CHECK(hash_stop_words("", {}).empty());
  CHECK(hash_stop_words("the THE\nthe\tof", {}).size() == 2);
  CHECK(hash_stop_words("don't", {}).size() == 2);  // "don" and "t": punctuation is no stop word
  const auto english = hash_stop_words(english_stop_words(), {});
  CHECK(english.size() > 100);
  CHECK(std::is_sorted(english.begin(), english.end()));
}
