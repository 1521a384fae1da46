#include "textlambda/features/row_hash.h"

#include <string>

#include "textlambda/features/row_key.h"

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

TEST_CASE("a row's key is the hash of what a model sees, case and all") {
  textlambda::features::RowKeys keys;
  // Of a text that is normalised already it is the hash of its bytes.
  CHECK(keys.key("the invoice is wrong") == row_hash("the invoice is wrong"));
  CHECK(keys.key("  the\r\ninvoice \xC2\xA0is\twrong\n") == row_hash("the invoice is wrong"));
  CHECK(keys.key("Ka\xCC\x88se") == row_hash("K\xC3\xA4se"));
  CHECK(keys.key("\xEF\xBC\xA1\xEF\xBC\xA2") == row_hash("AB"));  // full width
  CHECK(keys.key("The invoice is wrong") != keys.key("the invoice is wrong"));
  CHECK(keys.key("") == row_hash(""));
}
