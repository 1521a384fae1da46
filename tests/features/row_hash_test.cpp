#include "textlambda/features/row_hash.h"

#include <string>

#include "tests/catch.h"

using textlambda::features::row_hash;

TEST_CASE("row hashes are XXH3-64, as two file formats have it") {
  // By `xxhsum -H3` of the same bytes.
  CHECK(row_hash("") == 0x2d06800538d394c2U);
  CHECK(row_hash("the invoice is wrong") == 0x22585778270318dcU);
  CHECK(row_hash("Der Käse schmeckt — 用了两天就坏了") == 0x0cbceae0429f8d33U);
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += "0123456789";
  CHECK(row_hash(long_text) == 0xdbdf770360da5ac5U);
}
