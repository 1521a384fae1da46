#include "textlambda/topics/names.h"

#include <cstdint>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/topics/made_texts.h"

using namespace textlambda;
using topics::GroupTerm;
using topics::make_labels;

namespace {

struct Named {
  std::vector<std::string> texts;
  std::vector<std::uint32_t> groups;
};

std::vector<std::vector<GroupTerm>> names_of(const Named& named, std::size_t k) {
  const corpus::MemorySource source = topics::source_of(named.texts);
  const topics::Collection collection = topics::read_collection(source, io::Executor(), {});
  std::vector<std::uint32_t> texts;
  std::vector<std::uint32_t> groups;
  for (std::uint32_t i = 0; i < collection.distinct.size(); ++i) {
    texts.push_back(i);
    groups.push_back(named.groups[collection.distinct[i]]);
  }
  return name_groups(source, collection, texts, groups, k, io::Executor());
}

std::vector<std::string> strings(const std::vector<GroupTerm>& terms) {
  std::vector<std::string> list;
  list.reserve(terms.size());
  for (const GroupTerm& term : terms) list.push_back(term.text);
  return list;
}

bool has(const std::vector<GroupTerm>& terms, const std::string& text) {
  for (const GroupTerm& term : terms) {
    if (term.text == text) return true;
  }
  return false;
}

// Of each group six texts; what makes them different stands at their end.
Named english() {
  Named named;
  const std::string ends[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta"};
  for (const std::string& end : ends) {
    named.texts.push_back("the exchange rate is wrong, says " + end);
    named.groups.push_back(0);
    named.texts.push_back("the parcels don't arrive in 2024 , says " + end);
    named.groups.push_back(1);
  }
  return named;
}

}  // namespace

TEST_CASE("a group's names tell it from the others") {
  const auto names = names_of(english(), 2);
  CHECK(has(names[0], "exchange rate"));
  CHECK(has(names[0], "wrong"));
  CHECK_FALSE(has(names[0], "says"));
  CHECK(has(names[1], "parcels"));
  CHECK(has(names[1], "arrive"));
  for (const GroupTerm& term : names[0]) {
    CHECK(term.inside == 1);
    CHECK(term.outside == Approx(0.5 / 7));  // half a text of six and one
  }
}

TEST_CASE("function words, punctuation, numbers and parts of a name are no names") {
  const auto names = names_of(english(), 2);
  for (const char* none : {"the", "is", "the exchange", "rate is", "wrong ,", ",", "exchange", "rate", "is wrong"}) {
    CAPTURE(none);
    CHECK_FALSE(has(names[0], none));
  }
  for (const char* none : {"2024", "don", "t", "in 2024", "'"}) {
    CAPTURE(none);
    CHECK_FALSE(has(names[1], none));
  }
}

TEST_CASE("characters make names by twos, written together, which share none") {
  Named named;
  const std::string ends[] = {"甲", "乙", "丙", "丁", "戊", "己"};
  for (const std::string& end : ends) {
    named.texts.push_back("酒店" + end);
    named.groups.push_back(0);
    named.texts.push_back("火龙果" + end);
    named.groups.push_back(1);
  }
  const auto names = names_of(named, 2);
  CHECK(strings(names[0]) == std::vector<std::string>{"酒店"});
  REQUIRE(names[1].size() == 1);
  CHECK((names[1][0].text == "火龙" || names[1][0].text == "龙果"));
}

TEST_CASE("what nearly every text of most groups has is boilerplate") {
  Named named;
  const std::string ends[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta"};
  const std::string subjects[] = {"apples", "pears", "plums"};
  for (const std::string& end : ends) {
    for (std::uint32_t group = 0; group < 3; ++group) {
      const std::string footer = group < 2 ? " sent from a telephone " : " ";
      named.texts.push_back(subjects[group] + footer + end);
      named.groups.push_back(group);
    }
  }
  const auto names = names_of(named, 3);
  CHECK(strings(names[0]) == std::vector<std::string>{"apples"});
  CHECK(strings(names[1]) == std::vector<std::string>{"pears"});
}

TEST_CASE("labels are made of three terms, and no two are alike") {
  const auto term = [](const char* text) { return GroupTerm{text, 1, 0}; };
  struct Case {
    std::vector<std::vector<GroupTerm>> terms;
    std::vector<std::string> labels;
  };
  const std::vector<Case> cases = {
      {{{term("a"), term("b"), term("c"), term("d")}, {term("e")}}, {"a, b, c", "e"}},
      {{{}, {term("e")}, {}}, {"group 1", "e", "group 3"}},
      {{{term("a"), term("b"), term("c")}, {term("a"), term("b"), term("c"), term("d")}}, {"a, b, c", "a, b, c, d"}},
      {{{term("a")}, {term("a")}, {term("a")}}, {"a", "a (2)", "a (3)"}},
  };
  for (const Case& each : cases) CHECK(make_labels(each.terms) == each.labels);
}
