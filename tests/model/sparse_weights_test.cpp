#include "textlambda/model/linear/sparse_weights.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::model;
using linear::SparseBytes;
using linear::SparseWeights;

namespace {

using Row = std::vector<std::pair<std::size_t, int>>;

std::string levels_of(const std::vector<Row>& rows, std::size_t label_count) {
  std::string levels;
  for (const Row& row : rows) {
    std::string all(label_count, '\0');
    for (const auto& [label, level] : row) all[label] = static_cast<char>(level);
    levels += all;
  }
  return levels;
}

std::vector<Row> rows_of(const SparseBytes& bytes, std::size_t feature_count, std::size_t label_count) {
  CHECK(SparseWeights::find_flaw(bytes.layout, feature_count, label_count, bytes.bases, bytes.places, bytes.levels) ==
        nullptr);
  const SparseWeights weights(bytes.layout, feature_count, label_count, bytes.bases, bytes.places, bytes.levels);
  std::vector<Row> rows(feature_count);
  for (std::uint32_t feature = 0; feature < feature_count; ++feature) {
    weights.for_each(feature, [&](std::size_t label, std::int8_t level) { rows[feature].emplace_back(label, level); });
  }
  return rows;
}

}  // namespace

TEST_CASE("weights that are left out are the small ones, and the others come back") {
  // -4 and 4 are the least that stay.
  const Row many = {{0, 127}, {2, -4}, {4, 4}, {6, 9}, {8, 9}, {10, 9}, {12, 9}, {39, -127}};
  Row given = many;
  given.insert(given.begin() + 1, {1, 3});
  given.insert(given.begin() + 6, {9, -3});
  const SparseBytes bytes = linear::leave_out_small(levels_of({given, {}, many}, 40), 3, 40);
  CHECK(bytes.layout == format::WeightLayout::bitmaps);
  CHECK(bytes.bases == std::vector<std::uint32_t>{0});
  CHECK(bytes.places == std::string("\x55\x15\0\0\x80\0\0\0\0\0\x55\x15\0\0\x80", 15));  // five bytes a feature
  CHECK(bytes.levels.substr(0, 8) == "\x7F\xFC\x04\x09\x09\x09\x09\x81");
  CHECK(rows_of(bytes, 3, 40) == std::vector<Row>{many, {}, many});
}

TEST_CASE("steps of more labels than a byte can say") {
  const std::vector<Row> rows = {
      {{0, 127}, {255, 5}, {999, 6}}, {{254, 127}}, {{255, 127}}, {{509, 127}}, {{510, 127}}};
  const SparseBytes bytes = linear::leave_out_small(levels_of(rows, 1000), 5, 1000);
  CHECK(bytes.layout == format::WeightLayout::gaps);
  // Counts of steps, then the steps: 1, 255, then 744 as 255 + 255 + 234; 255; 255 + 1; 255 + 255; 255 + 255 + 1.
  CHECK(bytes.places == std::string("\5\0\1\0\2\0\2\0\3\0"
                                    "\x01\xFF\xFF\xFF\xEA\xFF\xFF\x01\xFF\xFF\xFF\xFF\x01",
                                    23));
  CHECK(rows_of(bytes, 5, 1000) == rows);
}

TEST_CASE("every count of labels around a byte's and a word's end, and more features than share a base") {
  for (const std::size_t labels : {3U, 7U, 8U, 9U, 63U, 64U, 65U, 127U, 128U, 129U, 300U, 700U}) {
    std::vector<Row> rows;
    for (std::size_t feature = 0; feature < 50; ++feature) {
      Row row;
      for (std::size_t label = feature % 3; label < labels; label += 40 + feature) {
        row.emplace_back(label, label % 2 == 0 ? 127 : -100);
      }
      if (labels > 60 && feature % 7 == 0) row.clear();
      rows.push_back(row);
    }
    CAPTURE(labels);
    const SparseBytes bytes = linear::leave_out_small(levels_of(rows, labels), rows.size(), labels);
    if (bytes.layout == format::WeightLayout::rows) {
      CHECK(labels < 9);
      continue;
    }
    CHECK(bytes.bases.size() == 4);
    CHECK(rows_of(bytes, rows.size(), labels) == rows);
  }
}

TEST_CASE("levels that are listed come to the same bytes as levels of all labels") {
  for (const std::size_t labels : {9U, 64U, 300U, 1000U}) {
    std::vector<Row> rows;
    linear::ListedLevels listed;
    for (std::size_t feature = 0; feature < 40; ++feature) {
      Row row;
      for (std::size_t label = feature % 5; label < labels; label += 1 + feature * 7) {
        row.emplace_back(label, static_cast<int>((label * 37 + feature) % 255) - 127);
      }
      if (feature % 9 == 4) row.clear();
      for (const auto& [label, level] : row) {
        listed.labels.push_back(static_cast<std::uint32_t>(label));
        listed.levels.push_back(static_cast<std::int8_t>(level));
      }
      listed.ends.push_back(listed.levels.size());
      rows.push_back(row);
    }
    CAPTURE(labels);
    const SparseBytes expected = linear::leave_out_small(levels_of(rows, labels), rows.size(), labels);
    const SparseBytes bytes = linear::leave_out_small(listed, labels);
    if (expected.layout == format::WeightLayout::rows) continue;  // not worth it: listed levels have no choice
    CHECK(bytes.layout == expected.layout);
    CHECK(bytes.bases == expected.bases);
    CHECK(bytes.places == expected.places);
    CHECK(bytes.levels == expected.levels);
  }
}

TEST_CASE("nothing is left out where it saves less than a quarter, or where there are two labels") {
  CHECK(linear::leave_out_small(std::string(40 * 100, 'x'), 100, 40).layout == format::WeightLayout::rows);
  CHECK(linear::leave_out_small(std::string(200, '\0'), 100, 2).layout == format::WeightLayout::rows);
  CHECK(linear::leave_out_small("", 0, 40).layout == format::WeightLayout::rows);
  CHECK(linear::leave_out_small(std::string(40 * 100, '\0'), 100, 40).layout != format::WeightLayout::rows);
}
