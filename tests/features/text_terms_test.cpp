#include "textlambda/features/text_terms.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::features;

namespace {

// What the text's n-grams of one group count to, one by one.
std::map<std::uint32_t, std::uint32_t> one_by_one(const std::string& text, const FeatureOptions& options, Group wanted,
                                                  unsigned hash_bits) {
  std::map<std::uint32_t, std::uint32_t> counts;
  for_each_named_n_gram(text, options, [&](Group group, std::uint64_t hash, auto&&) {
    if (group == wanted) ++counts[static_cast<std::uint32_t>(hash >> (64 - hash_bits))];
  });
  return counts;
}

}  // namespace

TEST_CASE("a text's n-grams are counted group by group, in the order of their first occurrence") {
  FeatureOptions options;
  options.characters = {};
  options.negation_scope = 2;
  TextTerms terms;
  terms.assign("Not good, not GOOD", options);
  CHECK(terms.characters() == 18);
  CHECK(terms.n_grams(Group::characters, options, 20).empty());
  const auto hashes = terms.n_grams(Group::words, options, 20);
  // not, good, not good, NOT_good, ",", "good ,", not, ", not", good, not good, NOT_good
  REQUIRE(hashes.size() == 11);
  std::vector<std::uint32_t> counts;
  for (const auto& term : terms.count(hashes, 1)) counts.push_back(term.count);
  CHECK(counts == std::vector<std::uint32_t>{2, 2, 2, 2, 1, 1, 1});
}

TEST_CASE("counting at once agrees with counting one by one; memory is used again") {
  FeatureOptions options;
  options.words = {1, 3};
  options.characters = {1, 4};
  TextTerms terms;
  for (const std::string& text : {std::string("the more the merrier, the better"), std::string(),
                                  std::string("éé 送货送货"), std::string(3000, 'a'), std::string("x y")}) {
    for (const unsigned hash_bits : {8U, 20U, 32U}) {
      terms.assign(text, options);
      for (const Group group : kGroups) {
        const auto expected = one_by_one(text, options, group, hash_bits);
        const auto hashes = terms.n_grams(group, options, hash_bits);
        std::map<std::uint32_t, std::uint32_t> found;
        for (const auto& term : terms.count(hashes, hashes.size())) found[term.id] = term.count;
        CHECK(found.size() == expected.size());
        for (const auto& [hash, count] : expected) CHECK(found[hash] == std::min(count, kMaxTermFrequency));
      }
    }
  }
}

TEST_CASE("a name is what a person reads") {
  FeatureOptions options;
  options.words = {2, 2};
  options.characters = {3, 3};
  std::string names;
  for_each_named_n_gram("Ab c", options, [&](Group group, std::uint64_t, auto&& name) {
    names += (group == Group::words ? "w:" : "c:") + name() + " ";
  });
  CHECK(names == "w:ab c c:\u2423ab c:ab\u2423 c:\u2423c\u2423 ");
}

TEST_CASE("the gist is the same where numbers, punctuation and order differ, and no further") {
  const auto gist = [](const char* text) {
    FeatureOptions options;
    TextTerms terms;
    terms.assign(text, options);
    return terms.gist();
  };
  const char* const alike[] = {"Your order 12 is late", "your order 7 is LATE!", "late: is your order",
                               "«order» your is 99 late."};
  for (const char* text : alike) CHECK(gist(text) == gist(alike[0]));
  CHECK(gist("你好，世界 3") == gist("世界你好"));
  const char* const apart[] = {"your order 12 is late",
                               "your orders 12 are late",
                               "your order b12 is late",
                               "your order is late late",
                               "世界你好",
                               "世界你",
                               "12",
                               "13",
                               "!",
                               "",
                               "naïve",
                               "naive"};
  for (const char* a : apart) {
    for (const char* b : apart) {
      CAPTURE(a, b);
      CHECK((gist(a) == gist(b)) == (std::string(a) == b));
    }
  }
}
