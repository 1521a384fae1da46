#include "textlambda/metrics/overlap.h"

#include <cstring>
#include <vector>

#include "textlambda/features/row_hash.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::metrics;

namespace {

JudgedRows rows_of(const std::vector<std::string>& texts) {
  JudgedRows rows;
  for (const std::string& text : texts) {
    JudgedRow& row = rows.rows.emplace_back();
    row.exact_hash = features::row_hash(text);
  }
  return rows;
}

}  // namespace

TEST_CASE("test rows that were trained on are found, repeated ones each time") {
  const std::string bytes =
      model::RowFilter::build({features::row_hash("a"), features::row_hash("b"), features::row_hash("c")});
  std::vector<std::uint64_t> memory(bytes.size() / 8 + 1);
  std::memcpy(memory.data(), bytes.data(), bytes.size());
  const model::RowFilter filter({reinterpret_cast<const char*>(memory.data()), bytes.size()});

  const Overlap two = find_overlap(rows_of({"a", "x", "b", "y", "a"}), filter);
  CHECK(two.known);
  CHECK(two.rows == 5);
  CHECK(two.found == 3);
  CHECK(overlap_sentence(two) ==
        "3 of 5 test rows have a text that the model was trained on: what it makes of those says nothing about new "
        "texts");
  const Overlap none = find_overlap(rows_of({"x"}), filter);
  CHECK(none.known);
  CHECK(overlap_sentence(none).empty());
  CHECK(!find_overlap(rows_of({"a"}), model::RowFilter()).known);
}

TEST_CASE("what the filter finds by chance is said") {
  Overlap overlap;
  overlap.rows = 200000;
  overlap.found = 1;
  overlap.by_chance = 3.05;
  CHECK(overlap_sentence(overlap) ==
        "1 of 200,000 test rows has a text that the model was trained on: what it makes of that says nothing about new "
        "texts (3.0 expected by chance, the filter of training rows being approximate)");
}
