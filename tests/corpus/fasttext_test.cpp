#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;
using Rows = std::vector<std::string>;

TEST_CASE("fastText lines: one word with the prefix is the label, the rest the text") {
  const Reading reading = read_bytes("a.txt",
                                     "__label__a hello world\n"
                                     "\n"
                                     "good bye __label__b\r\n"
                                     "in the\t__label__a  middle\n"
                                     "__label__a __label__b two\n"
                                     "none here\n"
                                     "__label__ nothing\n"
                                     "__label__a\n"
                                     "__label__\xE5\x90\x8D not__label__x \xFF\n",
                                     repairing());
  CHECK(reading.rows ==
        Rows{"1|a|hello world", "3|b|good bye", "4|a|in the middle", "9|\xE5\x90\x8D|not__label__x \xEF\xBF\xBD"});
  CHECK(reading.bad == Rows{"5: 2 labels, expected one", "6: no label: no word starts with \"__label__\"",
                            "7: empty label", "8: empty text"});
  CHECK(reading.repaired == 1);
}

TEST_CASE("fastText's prefix can be said") {
  CorpusOptions options = skipping();
  options.label_prefix = "#";
  CHECK(read_bytes("a.txt", "#x a b\nc d #y\n", options).rows == Rows{"1|x|a b", "2|y|c d"});
  options.label_prefix = "";
  CHECK(error_of("a.txt", "#x a b\n", options) == "the label prefix is empty");
}

TEST_CASE("Plain lines are texts without labels") {
  CorpusOptions options = repairing();
  options.format = "lines";
  options.need_label = false;
  CHECK(read_bytes("a.txt", "one, two\r\n\n  three\nfour \xFF", options).rows ==
        Rows{"1||one, two", "3||  three", "4||four \xEF\xBF\xBD"});
  options.need_label = true;
  CHECK(error_of("a.txt", "one\n", options) ==
        "plain lines have no labels: expected fastText lines, CSV, TSV or JSON Lines");
}
