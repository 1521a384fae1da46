#include "textlambda/retrain/without_rows.h"

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/memory_source.h"

#include "tests/catch.h"

namespace textlambda::retrain {
namespace {

using Rows = std::vector<corpus::MemoryRow>;

std::vector<std::string> texts_of(const corpus::RowSource& source) {
  std::vector<std::string> texts;
  for (std::size_t partition = 0; partition < source.partition_count(); ++partition) {
    const corpus::PartitionSummary summary = source.read(partition, [&](const corpus::Example& row) {
      texts.emplace_back(row.text);
      return true;
    });
    CHECK(summary.rows <= texts.size());
  }
  return texts;
}

TEST_CASE("rows whose text is in the other corpus are left out, whatever their label and white space") {
  const corpus::MemorySource source(Rows{{"the parcel", "delivery", {}},
                                         {"my  bill\r\n", "billing", {}},
                                         {"MY BILL", "billing", {}},
                                         {"caf\u00e9", "other", {}},
                                         {"the card", "billing", {}}},
                                    {}, "memory", 2);
  const corpus::MemorySource others(Rows{{"my bill", "delivery", {}}, {"cafe\u0301", "x", {}}});
  const WithoutRows rows(source, others);
  CHECK(rows.left_out() == 2);
  CHECK(texts_of(rows) == std::vector<std::string>{"the parcel", "MY BILL", "the card"});
  CHECK(rows.sha256() != source.sha256());
  CHECK(rows.locate(1, 1).line == source.locate(1, 1).line);
}

TEST_CASE("where nothing is left out it is the same corpus") {
  const corpus::MemorySource source(Rows{{"a", "x", {}}, {"b", "y", {}}});
  const corpus::MemorySource others(Rows{{"c", "x", {}}});
  const WithoutRows rows(source, others);
  CHECK(rows.left_out() == 0);
  CHECK(rows.sha256() == source.sha256());
  CHECK(texts_of(rows).size() == 2);
}

}  // namespace
}  // namespace textlambda::retrain
