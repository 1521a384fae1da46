#include "textlambda/features/n_grams.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda;
using features::FeatureOptions;

namespace {

struct NGram {
  std::string text;
  std::uint64_t hash;
};

std::vector<NGram> word_n_grams(std::string_view utf8, features::NGramRange range) {
  FeatureOptions options;
  options.words = range;
  text::NormalisedText text;
  text.assign(utf8, options.normaliser);
  std::vector<NGram> list;
  features::for_each_word_n_gram(text, options, [&](std::uint64_t hash, const features::WordNGram& n_gram) {
    list.push_back({features::word_n_gram_string(text, n_gram), hash});
  });
  return list;
}

std::vector<NGram> character_n_grams(std::string_view utf8, features::NGramRange range) {
  FeatureOptions options;
  options.characters = range;
  text::NormalisedText text;
  text.assign(utf8, options.normaliser);
  std::vector<NGram> list;
  features::for_each_character_n_gram(text, options, [&](std::uint64_t hash, std::size_t begin, std::size_t end) {
    list.push_back({features::character_n_gram_string(text, begin, end), hash});
  });
  return list;
}

std::string joined(const std::vector<NGram>& list) {
  std::string result;
  for (const NGram& n_gram : list) result += (result.empty() ? "" : "|") + n_gram.text;
  return result;
}

}  // namespace

TEST_CASE("hashes are those of the file format") {
  // From reference_hash.py.
  const struct {
    const char* text;
    int length;
    std::uint64_t hash;
  } words[] = {
      {"a", 1, 0x1684b28aad3a7553}, {"Charged", 1, 0xd0a91deb273b0156}, {"charged twice", 2, 0x85f55c082824decd},
      {"é", 1, 0x186422dd32913355}, {"洗", 1, 0x8a1fce17214d9d78},      {"洗发", 2, 0x5acf21499af7d8b5},
      {"😀", 1, 0x9f366fcb9e3f7f0a}, {"a b c", 3, 0x6c8f1e48169b58e5}};
  for (const auto& test : words) {
    CAPTURE(test.text);
    const auto list = word_n_grams(test.text, {test.length, test.length});
    REQUIRE(list.size() == 1);
    CHECK(list[0].hash == test.hash);
  }
  const struct {
    const char* text;
    std::uint64_t hash;
  } negated[] = {{"not good", 0xf1893fe997264502}, {"不好", 0x66623c616fabb157}};
  for (const auto& test : negated) {
    FeatureOptions options;
    options.negation_scope = 1;
    text::NormalisedText text;
    text.assign(test.text, options.normaliser);
    features::for_each_word_n_gram(text, options, [&](std::uint64_t hash, const features::WordNGram& n_gram) {
      if (n_gram.negated) CHECK(hash == test.hash);
    });
  }
  const struct {
    const char* text;
    int length;
    std::size_t position;
    std::uint64_t hash;
  } characters[] = {{"a", 2, 0, 0xb4da74c05e564828},  {"ab", 2, 1, 0x747943f37e380d13},
                    {"é", 2, 1, 0xfa9fa89dc308c602},  {"洗发水", 3, 1, 0x354143d7e52715a},
                    {"😀😀", 2, 1, 0xb7fee9f616ead7b5}, {"abcd", 5, 0, 0x125ab011ff6508df}};
  for (const auto& test : characters) {
    CAPTURE(test.text);
    const auto list = character_n_grams(test.text, {test.length, test.length});
    REQUIRE(list.size() > test.position);
    CHECK(list[test.position].hash == test.hash);
  }
}

TEST_CASE("word n-grams are runs of tokens") {
  CHECK(joined(word_n_grams("I was charged", {1, 2})) == "i|was|i was|charged|was charged");
  CHECK(joined(word_n_grams("a b c d", {1, 3})) == "a|b|a b|c|b c|a b c|d|c d|b c d");
  CHECK(joined(word_n_grams("a b", {2, 2})) == "a b");
  CHECK(joined(word_n_grams("很好!!", {1, 2})) == "很|好|很 好|!!|好 !!");
  CHECK(joined(word_n_grams("", {1, 2})).empty());
}

TEST_CASE("character n-grams stay within what white space delimits") {
  CHECK(joined(character_n_grams("ab", {2, 5})) == "␣a|␣ab|␣ab␣|ab|ab␣|b␣");
  CHECK(joined(character_n_grams("a b", {2, 3})) == "␣a|␣a␣|a␣|␣b|␣b␣|b␣");
  CHECK(joined(character_n_grams("abcd", {3, 4})) == "␣ab|␣abc|abc|abcd|bcd|bcd␣|cd␣");
  CHECK(joined(character_n_grams("   ", {2, 5})).empty());
}

TEST_CASE("runs that start with a Han character are at most three long") {
  CHECK(joined(character_n_grams("洗发水好", {2, 5})) ==
        "␣洗|␣洗发|␣洗发水|␣洗发水好|洗发|洗发水|发水|发水好|水好|水好␣|好␣");
}

TEST_CASE("stop words are left out of word n-grams only") {
  FeatureOptions options;
  text::NormalisedText text;
  text.assign("the", options.normaliser);
  options.stop_words = {features::hash_token(text.data() + 1, text.data() + 4)};
  text.assign("pay the bill", options.normaliser);
  std::string words;
  features::for_each_word_n_gram(text, options, [&](std::uint64_t, const features::WordNGram& n_gram) {
    words += features::word_n_gram_string(text, n_gram) + "|";
  });
  CHECK(words == "pay|bill|pay bill|");
}
