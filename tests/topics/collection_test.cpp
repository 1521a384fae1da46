#include "textlambda/topics/collection.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/topics/made_texts.h"

using namespace textlambda;
using topics::Collection;
using topics::read_collection;
using topics::source_of;
using topics::weigh_texts;
using topics::WeightedTexts;

namespace {

Collection read(const std::vector<std::string>& texts) { return read_collection(source_of(texts), io::Executor(), {}); }

std::vector<std::string> numbered(std::size_t count, const std::string& rest) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back("word" + std::string(i + 1, 'x') + " " + rest);
  return texts;
}

}  // namespace

TEST_CASE("near-duplicates count once") {
  const Collection collection = read({"Order 17 is late.", "a parcel came", "order 18 is late", "late is order 9!",
                                      "a parcel came", "order is early"});
  CHECK(collection.text_count == 6);
  CHECK(collection.distinct == std::vector<std::uint32_t>{0, 1, 5});
}

TEST_CASE("words are taken by themselves, characters without spaces by ones and twos") {
  CHECK(read({"the parcel came", "the courier left"}).features.words == features::NGramRange{1, 1});
  CHECK(read({"快递很快", "屏幕很好 ok"}).features.words == features::NGramRange{1, 2});
  CHECK(read({"快递 is Chinese for courier and that is it"}).features.words == features::NGramRange{1, 1});
  CHECK(read({"快递很快"}).features.characters.empty());
}

TEST_CASE("a text's values are (1 + ln tf) · idf, of length 1") {
  // Four texts; apple in two, pear in two, each once but for the first text's apples.
  const Collection collection = read({"apple apple pear", "apple plum", "pear quince", "fig date"});
  const WeightedTexts weighted = weigh_texts(collection, 1);
  REQUIRE(weighted.features.size() == 2);
  const double idf = std::log(5.0 / 3.0) + 1;
  CHECK(weighted.idf[0] == Approx(idf));
  CHECK(weighted.idf[1] == Approx(idf));
  REQUIRE(weighted.matrix.rows() == 4);
  const features::SparseRow first = weighted.matrix.row(0);
  REQUIRE(first.size == 2);
  const double twice = 1 + std::log(2.0);
  CHECK(first.values[0] == Approx(twice / std::sqrt(twice * twice + 1)));
  CHECK(first.values[1] == Approx(1 / std::sqrt(twice * twice + 1)));
  CHECK(weighted.matrix.row(1).size == 1);
  CHECK(weighted.matrix.row(1).values[0] == Approx(1));
  CHECK(weighted.matrix.row(3).size == 0);
}

TEST_CASE("words of too many texts, of one text, and punctuation are left out") {
  struct Case {
    double most_texts;
    std::size_t features;
  };
  std::vector<std::string> texts = numbered(30, "everywhere !");
  for (std::size_t i = 0; i < 15; ++i) texts[i] += " half";
  for (std::size_t i = 0; i < 3; ++i) texts[i] += " few";
  const Collection collection = read(texts);
  // "everywhere" in 30, "half" in 15, "few" in 3; of so few texts ten are never too many.
  for (const Case& each : {Case{0.1, 1}, Case{0.5, 2}, Case{1, 3}}) {
    CAPTURE(each.most_texts);
    CHECK(weigh_texts(collection, each.most_texts).features.size() == each.features);
  }
  // Of the three the most frequent.
  const WeightedTexts two = weigh_texts(collection, 1, 2);
  REQUIRE(two.features.size() == 2);
  CHECK(two.idf[0] == Approx(1));
  CHECK(two.idf[1] == Approx(std::log(31.0 / 16.0) + 1));
}

TEST_CASE("document frequencies count near-duplicates once") {
  const Collection collection = read({"apple pear", "pear apple", "pear, apple!", "apple", "plum"});
  const WeightedTexts weighted = weigh_texts(collection, 1);
  // apple in two different texts, pear in one.
  CHECK(weighted.features.size() == 1);
  CHECK(weighted.matrix.rows() == 3);
}
