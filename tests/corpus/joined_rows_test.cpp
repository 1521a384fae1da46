#include "textlambda/corpus/joined_rows.h"

#include "textlambda/corpus/memory_source.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::corpus {
namespace {

std::vector<std::string> rows_in(const RowSource& source) {
  std::vector<std::string> rows;
  for (std::size_t partition = 0; partition < source.partition_count(); ++partition) {
    source.read(partition, [&](const Example& row) {
      const Location at = source.locate(partition, row.line);
      const RowId id = source.identify(partition, row.row);
      rows.push_back(at.file + ":" + std::to_string(at.line) + " " + std::to_string(id.input) + "." +
                     std::to_string(id.ordinal) + " " + std::string(row.label) + "=" + std::string(row.text));
      return true;
    });
  }
  return rows;
}

}  // namespace

TEST_CASE("sources are one, in order, each row where it was") {
  const MemorySource first({{"a", "x", {}}, {"b", "y", {}}, {"c", "x", {}}}, {}, "first", 2);
  const MemorySource none({}, {}, "none", 2);
  const MemorySource third({{"d", "y", {}}}, {}, "third", 2);
  const JoinedRows joined({&first, &none, &third});
  CHECK(joined.inputs().size() == 3);
  CHECK(joined.partition_count() == 3);
  CHECK(rows_in(joined) ==
        std::vector<std::string>{"first:1 0.0 x=a", "first:2 0.1 y=b", "first:3 0.2 x=c", "third:1 2.0 y=d"});
  CHECK(joined.sha256() == encoding::sha256_hex(first.sha256() + "\n" + none.sha256() + "\n" + third.sha256() + "\n"));
  const RowSource::Place place = joined.find({2, 0});
  CHECK(place.partition == 2);
  CHECK(place.row == 0);
  CHECK_NOTHROW(joined.release(0, 3));

  // One alone is as it is.
  const JoinedRows alone({&first});
  CHECK(alone.sha256() == first.sha256());
  CHECK_THROWS_WITH(JoinedRows({}), "there are no rows: expected a source of them");
}

}  // namespace textlambda::corpus
