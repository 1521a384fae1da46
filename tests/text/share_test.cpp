#include "textlambda/text/share.h"

#include "tests/catch.h"

namespace textlambda::text {
namespace {

TEST_CASE("Shares are percentages or fractions") {
  CHECK(parse_share("1%") == 0.01);
  CHECK(parse_share("0.5 %") == 0.005);
  CHECK(parse_share("0.01") == 0.01);
  CHECK(parse_share("0") == 0.0);
  CHECK(parse_share("100%") == 1.0);
  for (const char* bad : {"", "%", "x", "1%%", "-1%", "101%", "5", "1 0%", "nan", "1%x"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_share(bad));
  }
}

}  // namespace
}  // namespace textlambda::text
