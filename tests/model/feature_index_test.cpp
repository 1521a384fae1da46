#include "textlambda/model/feature_index.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::model;

namespace {

struct Built {
  Built(const std::vector<std::uint32_t>& keys, unsigned bits)
      : key_bits(bits), arrays(build_feature_index(keys, bits)) {}

  const char* flaw(std::size_t feature_count) const {
    return FeatureIndex::find_flaw(key_bits, arrays.index_bits, feature_count, arrays.bases, arrays.ends,
                                   arrays.remainders);
  }
  FeatureIndex index() const { return {key_bits, arrays.index_bits, arrays.bases, arrays.ends, arrays.remainders}; }

  unsigned key_bits;
  FeatureIndexArrays arrays;
};

std::uint32_t largest_key(unsigned bits) { return static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1); }

std::vector<std::uint32_t> random_keys(std::mt19937& random, unsigned bits, std::size_t count) {
  std::set<std::uint32_t> keys;
  std::uniform_int_distribution<std::uint32_t> any(0, largest_key(bits));
  for (std::size_t i = 0; i < count; ++i) keys.insert(any(random));
  return {keys.begin(), keys.end()};
}

// Every key is found under its number; of `others`, none is found that is not a key. One assertion for all.
bool agrees(const Built& built, const std::vector<std::uint32_t>& keys, const std::vector<std::uint32_t>& others) {
  const FeatureIndex index = built.index();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (index.find(keys[i]) != i) return false;
  }
  return std::all_of(others.begin(), others.end(), [&](std::uint32_t key) {
    return (index.find(key) == FeatureIndex::kNone) != std::binary_search(keys.begin(), keys.end(), key);
  });
}

std::vector<std::uint32_t> range(std::uint32_t first, std::uint32_t count) {
  std::vector<std::uint32_t> keys;
  for (std::uint32_t i = 0; i < count; ++i) keys.push_back(first + i);
  return keys;
}

}  // namespace

TEST_CASE("An index finds its keys and no others, for every number of key bits") {
  std::mt19937 random(1);
  for (const unsigned bits : {4U, 8U, 9U, 12U, 15U, 16U, 19U, 22U, 26U, 32U}) {
    for (const std::size_t wanted :
         {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{300}, std::size_t{5000}}) {
      CAPTURE(bits, wanted);
      std::vector<std::uint32_t> keys = random_keys(random, bits, wanted);
      if (wanted > 1) {  // the ends of the range
        keys.insert(keys.begin(), 0);
        keys.push_back(largest_key(bits));
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      }
      const Built built(keys, bits);
      CHECK(built.flaw(keys.size()) == nullptr);
      CHECK(built.arrays.remainders.size() == keys.size());
      std::vector<std::uint32_t> others = random_keys(random, bits, 2000);
      others.push_back(0);
      others.push_back(largest_key(bits));
      for (const std::uint32_t key : keys) others.push_back(key ^ 1U);
      CHECK(agrees(built, keys, others));
    }
  }
}

TEST_CASE("Keys that crowd take more index bits") {
  struct Case {
    unsigned key_bits;
    std::vector<std::uint32_t> keys;
    unsigned index_bits;
  };
  const std::vector<Case> cases{
      {8, {}, 4},
      {8, range(0, 255), 4},   // 255 in one group is as many as a byte counts
      {8, range(0, 256), 5},   // one more
      {16, range(0, 255), 8},  // crowded into one bucket
      {16, range(4096, 255), 8},
      {16, range(4096, 256), 13},  // a group spans fewer keys than that only then
      {16, range(0, 65536), 13},   // every key: at most 128 a group
      {20, range(1U << 19, 300), 17},
  };
  for (const Case& test : cases) {
    CAPTURE(test.key_bits, test.keys.size());
    const Built built(test.keys, test.key_bits);
    CHECK(built.arrays.index_bits == test.index_bits);
    CHECK(built.flaw(test.keys.size()) == nullptr);
    CHECK(agrees(built, test.keys, range(0, 1U << std::min(test.key_bits, 16U))));
  }
}

TEST_CASE("A flaw in the arrays of an index is named") {
  const Built good({3, 17, 18, 200, 4000, 4001, 8191}, 13);  // 32 buckets in 2 groups
  REQUIRE(good.arrays.index_bits == 5);
  REQUIRE(good.arrays.bases.size() == 2);
  REQUIRE(good.flaw(7) == nullptr);

  struct Case {
    const char* flaw;
    void (*damage)(Built&, std::size_t& feature_count);
  };
  const std::vector<Case> cases{
      {"index bits out of range", [](Built& b, std::size_t&) { b.arrays.index_bits = 3; }},
      {"index bits out of range", [](Built& b, std::size_t&) { b.arrays.index_bits = 29; }},
      {"index bits out of range", [](Built& b, std::size_t&) { b.arrays.index_bits = 255; }},
      {"index bits out of range", [](Built& b, std::size_t&) { b.key_bits = 4; }},   // fewer than index bits
      {"index bits out of range", [](Built& b, std::size_t&) { b.key_bits = 14; }},  // remainders of nine bits
      {"index bits out of range", [](Built& b, std::size_t&) { b.key_bits = 33; }},
      {"index of the wrong size", [](Built& b, std::size_t&) { b.arrays.index_bits = 6; }},
      {"index of the wrong size", [](Built& b, std::size_t&) { b.arrays.ends.pop_back(); }},
      {"index of the wrong size", [](Built& b, std::size_t&) { b.arrays.bases.push_back(7); }},
      {"index of the wrong size", [](Built& b, std::size_t&) { b.arrays.bases.clear(); }},
      {"remainders of the wrong size", [](Built& b, std::size_t&) { b.arrays.remainders.pop_back(); }},
      {"remainders of the wrong size", [](Built&, std::size_t& count) { ++count; }},
      {"index groups do not follow each other", [](Built& b, std::size_t&) { b.arrays.bases[0] = 1; }},
      {"index groups do not follow each other", [](Built& b, std::size_t&) { b.arrays.bases[1] = UINT32_MAX; }},
      {"index buckets overlap", [](Built& b, std::size_t&) { b.arrays.ends[4] = 200; }},
      {"index buckets overlap", [](Built& b, std::size_t&) { b.arrays.ends[15] = 0; }},
      {"index groups do not follow each other", [](Built& b, std::size_t&) { ++b.arrays.ends[15]; }},
      {"index does not cover the features", [](Built& b, std::size_t&) { ++b.arrays.ends[31]; }},
      {"index does not cover the features",
       [](Built& b, std::size_t& count) {
         ++count;
         b.arrays.remainders.push_back(0);
       }},
  };
  for (const Case& test : cases) {
    Built damaged = good;
    std::size_t count = 7;
    test.damage(damaged, count);
    const char* flaw = damaged.flaw(count);
    CHECK(std::string(flaw == nullptr ? "none" : flaw) == test.flaw);
  }
}

TEST_CASE("The group of an n-gram is a bit of its key where the options ask for both") {
  using textlambda::features::Group;
  textlambda::features::FeatureOptions both;
  textlambda::features::FeatureOptions words;
  words.characters = {};
  textlambda::features::FeatureOptions characters;
  characters.words = {};
  CHECK(key_bits(31, both) == 32);
  CHECK(key_bits(31, words) == 31);
  CHECK(key_bits(18, characters) == 18);
  CHECK(feature_key(0x2ABCD, Group::words, 18, both) == 0x2ABCD);
  CHECK(feature_key(0x2ABCD, Group::characters, 18, both) == 0x6ABCD);
  CHECK(feature_key(0x2ABCD, Group::characters, 18, characters) == 0x2ABCD);
  CHECK(feature_key(0x7FFFFFFF, Group::characters, 31, both) == 0xFFFFFFFF);
}
