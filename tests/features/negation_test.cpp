#include "textlambda/features/negation.h"

#include <string>

#include "textlambda/features/n_grams.h"

#include "tests/catch.h"

using namespace textlambda;

namespace {

// The negated tokens of a text, each behind a space.
std::string negated(std::string_view utf8, int scope, bool lower_case = true) {
  features::FeatureOptions options;
  options.normaliser.lower_case = lower_case;
  options.negation_scope = scope;
  text::NormalisedText text;
  text.assign(utf8, options.normaliser);
  std::string list;
  features::for_each_word_n_gram(text, options, [&](std::uint64_t, const features::WordNGram& n_gram) {
    if (n_gram.negated) list += " " + features::word_n_gram_string(text, n_gram);
  });
  return list;
}

}  // namespace

TEST_CASE("the tokens behind a negator are negated, no further than the scope and the clause") {
  const struct {
    const char* text;
    int scope;
    const char* negated;
  } cases[] = {
      {"a good film", 4, ""},
      {"not a good film", 0, ""},
      {"not a good film", 1, " NOT_a"},
      {"not a good film at all today", 4, " NOT_a NOT_good NOT_film NOT_at"},
      {"not", 4, ""},
      // The end of a clause, and a contrast.
      {"not good, rather bad", 4, " NOT_good"},
      {"not good. bad", 4, " NOT_good"},
      {"never dull but slow", 4, " NOT_dull"},
      {"but not dull", 4, " NOT_dull"},
      // Other punctuation is neither negated nor counted.
      {"no \"so-called\" plot here", 3, " NOT_so NOT_called NOT_plot"},
      {"no (real) plot", 2, " NOT_real NOT_plot"},
      // A negator within a scope opens it anew and is not negated itself.
      {"not without its charm or wit or heart", 4, " NOT_its NOT_charm NOT_or NOT_wit"},
      {"not very good, not at all", 2, " NOT_very NOT_good NOT_at NOT_all"},
      // Contractions, with either apostrophe, apart as treebanks write them, or without.
      {"it isn't funny", 4, " NOT_funny"},
      {"it isn\xE2\x80\x99t funny", 4, " NOT_funny"},
      {"it does n't work", 4, " NOT_work"},
      {"they dont work", 4, " NOT_work"},
      {"I can't, you cannot wait", 4, " NOT_wait"},
      {"that's t shirt", 4, ""},
      {"don t go", 4, ""},
      {"it 't is", 4, ""},
      {"no! it's fine", 4, ""},
      // Words that merely begin like one.
      {"nothing new", 4, " NOT_new"},
      {"notable novel nowhere", 4, ""},
      // Chinese, a character a token; full-width and ideographic punctuation.
      {"质量不好", 4, " NOT_好"},
      {"不太好，很失望", 4, " NOT_太 NOT_好"},
      {"没有问题。很好", 4, " NOT_有 NOT_问 NOT_题"},
      {"不贵但好", 4, " NOT_贵"},
      {"不大、不小", 4, " NOT_大 NOT_小"},
      {"非常好", 4, ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.text, test.scope);
    CHECK(negated(test.text, test.scope) == test.negated);
  }
}

TEST_CASE("negators are known in capitals where case is kept") {
  CHECK(negated("NOT GOOD", 4, false) == " NOT_GOOD");
  CHECK(negated("Not Good BUT fine", 4, false) == " NOT_Good");
  CHECK(negated("It ISN'T Good", 4, false) == " NOT_Good");
  CHECK(negated("nOt Good", 4, false).empty());
}

TEST_CASE("a stop word is neither negated nor counted, and negates nothing") {
  features::FeatureOptions options;
  options.negation_scope = 2;
  text::NormalisedText text;
  text.assign("the no", options.normaliser);
  options.stop_words = {features::hash_token(text.data() + 1, text.data() + 4),
                        features::hash_token(text.data() + 5, text.data() + 7)};
  std::sort(options.stop_words.begin(), options.stop_words.end());
  text.assign("not the best of all, no plot", options.normaliser);
  std::string list;
  features::for_each_word_n_gram(text, options, [&](std::uint64_t, const features::WordNGram& n_gram) {
    if (n_gram.negated) list += " " + features::word_n_gram_string(text, n_gram);
  });
  CHECK(list == " NOT_best NOT_of");
}

TEST_CASE("a negated token comes behind the n-grams that end with it") {
  features::FeatureOptions options;
  options.negation_scope = 1;
  text::NormalisedText text;
  text.assign("not so good", options.normaliser);
  std::string list;
  features::for_each_word_n_gram(text, options, [&](std::uint64_t, const features::WordNGram& n_gram) {
    list += features::word_n_gram_string(text, n_gram) + "|";
  });
  CHECK(list == "not|so|not so|NOT_so|good|so good|");
}
