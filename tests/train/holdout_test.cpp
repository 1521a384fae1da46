#include "textlambda/train/holdout.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/corpus/corpus.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::train;

namespace {

using Row = std::pair<std::string, std::string>;  // text, label

LabelledDocuments count_rows(const std::vector<Row>& rows) {
  std::string lines;
  for (const auto& [text, label] : rows) lines += R"({"text":")" + text + R"(","label":")" + label + "\"}\n";
  features::FeatureOptions options;
  options.words = {1, 1};
  return count_documents(corpus::Corpus::over(lines, "rows.jsonl", {}), {options, 20}, io::Executor(2), {});
}

Holdout hold_out(const std::vector<Row>& rows, double share = 0.1, std::size_t largest = 3000, std::uint64_t seed = 1) {
  return choose_holdout(count_rows(rows), share, largest, seed);
}

// The texts with a part, and which.
std::map<std::string, std::set<int>> parts_of(const std::vector<Row>& rows, const Holdout& holdout) {
  std::map<std::string, std::set<int>> parts;
  for (std::size_t i = 0; i < rows.size(); ++i) parts[rows[i].first].insert(holdout.part[i]);
  return parts;
}

std::map<std::string, int> held_out_labels(const std::vector<Row>& rows, const Holdout& holdout) {
  std::map<std::string, int> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) counts[rows[i].second] += holdout.part[i] != 0 ? 1 : 0;
  return counts;
}

std::vector<Row> distinct_rows(int count) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) rows.emplace_back("w" + std::to_string(i), i % 3 == 0 ? "a" : "b");
  return rows;
}

}  // namespace

TEST_CASE("every label gives its share to the held-out part, rare ones nothing") {
  std::vector<Row> rows = distinct_rows(900);
  rows.emplace_back("q", "rare");
  rows.emplace_back("r", "rare");
  const Holdout holdout = hold_out(rows);
  CHECK(holdout.parts == 1);
  CHECK(holdout.texts == 902);
  CHECK(held_out_labels(rows, holdout) == std::map<std::string, int>{{"a", 30}, {"b", 60}, {"rare", 0}});
  CHECK(hold_out(rows).part == holdout.part);
  CHECK(hold_out(rows, 0.1, 3000, 2).part != holdout.part);
  const auto nothing = hold_out(rows, 0).part;
  CHECK(std::count(nothing.begin(), nothing.end(), 0) == 902);
  const auto few = hold_out(rows, 0.1, 6).part;
  CHECK(std::count(few.begin(), few.end(), 1) <= 8);
}

TEST_CASE("which texts are held out does not depend on where they stand") {
  std::vector<Row> rows = distinct_rows(900);
  const auto in_order = parts_of(rows, hold_out(rows));
  std::shuffle(rows.begin(), rows.end(), std::mt19937(3));
  CHECK(parts_of(rows, hold_out(rows)) == in_order);
}

TEST_CASE("a small corpus is cut into parts that are held out in turn") {
  const struct {
    int documents;
    double share;
    unsigned parts;
  } cases[] = {{300, 0.1, 10}, {300, 0.2, 5}, {300, 0.5, 2}, {12, 0.1, 4}, {9, 0.1, 3}};
  for (const auto& test : cases) {
    CAPTURE(test.documents, test.share);
    const std::vector<Row> rows = distinct_rows(test.documents);
    const Holdout holdout = hold_out(rows, test.share);
    CHECK(holdout.parts == test.parts);
    std::map<std::pair<std::string, int>, int> sizes;
    for (std::size_t i = 0; i < rows.size(); ++i) ++sizes[{rows[i].second, holdout.part[i]}];
    CHECK(sizes.size() == 2 * test.parts);  // each part has some of each label, none is left
    for (const auto& [key, size] : sizes) {
      CAPTURE(key.first, key.second);
      const int of_label = key.first == "a" ? test.documents / 3 : test.documents - test.documents / 3;
      CHECK(size >= of_label / static_cast<int>(test.parts));
      CHECK(size <= of_label / static_cast<int>(test.parts) + 1);
      CHECK(key.second >= 1);
    }
  }
}

TEST_CASE("copies and near-copies stay on one side") {
  const char* const variants[] = {"%", "% !", "order 12 %", "% order 7", "order , % 99", "%  "};
  for (const int texts : {40, 700}) {
    std::vector<Row> rows;
    std::vector<std::string> names;
    for (int i = 0; i < texts; ++i) {
      for (const char* variant : variants) {
        std::string text = variant;
        text.replace(text.find('%'), 1, "word" + std::to_string(i) + "x order please");
        rows.emplace_back(text, i % 2 == 0 ? "a" : "b");
        names.push_back(std::to_string(i) + (text.find("order 12") == 0 || text.find("order 7") != std::string::npos ||
                                                     text.find("order ,") == 0
                                                 ? "twice"
                                                 : "once"));
      }
    }
    const Holdout holdout = hold_out(rows);
    CHECK(holdout.texts == 2 * static_cast<std::size_t>(texts));
    std::map<std::string, std::set<int>> sides;
    for (std::size_t i = 0; i < rows.size(); ++i) sides[names[i]].insert(holdout.part[i]);
    for (const auto& [name, parts] : sides) {
      CAPTURE(texts, name);
      CHECK(parts.size() == 1);
    }
  }
}

TEST_CASE("texts that differ in numbers alone are told apart where else there would be no two of a label") {
  std::vector<Row> rows;
  for (int i = 0; i < 1200; ++i) rows.emplace_back("room " + std::to_string(i), i % 2 == 0 ? "even" : "odd");
  const Holdout holdout = hold_out(rows);
  CHECK(holdout.texts == 1200);
  CHECK(held_out_labels(rows, holdout) == std::map<std::string, int>{{"even", 60}, {"odd", 60}});
}

TEST_CASE("a text that is most of its label is never held out, a few large groups whole") {
  std::vector<Row> rows = distinct_rows(900);
  for (int i = 0; i < 300; ++i) rows.emplace_back("the same", "one text");
  for (int i = 0; i < 300; ++i)
    rows.emplace_back("text " + std::string(1, static_cast<char>('a' + i % 5)), "five texts");
  const Holdout holdout = hold_out(rows);
  const auto counts = held_out_labels(rows, holdout);
  CHECK(counts.at("one text") == 0);
  CHECK(counts.at("five texts") == 60);  // one of the five
}
