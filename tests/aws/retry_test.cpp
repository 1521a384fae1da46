// What is tried again, and when.
#include "textlambda/aws/retry.h"

#include "tests/catch.h"

namespace textlambda::aws {
namespace {

using std::chrono::milliseconds;

TEST_CASE("the pause doubles up to a bound, and is a share of it by chance") {
  CHECK(backoff(1, 0) == milliseconds(0));
  CHECK(backoff(1, 0.5) == milliseconds(500));
  CHECK(backoff(2, 0.5) == milliseconds(1000));
  CHECK(backoff(3, 0.25) == milliseconds(1000));
  CHECK(backoff(5, 0.5) == milliseconds(8000));
  CHECK(backoff(6, 0.5) == milliseconds(10000));
  CHECK(backoff(4000000000U, 0.5) == milliseconds(10000));
}

TEST_CASE("answers that a later one may differ from") {
  for (const unsigned status : {429U, 500U, 502U, 503U, 504U}) CHECK(is_transient({.status = status}));
  for (const unsigned status : {400U, 403U, 404U, 409U, 412U, 501U}) CHECK_FALSE(is_transient({.status = status}));
  for (const char* const code : {"SlowDown", "ThrottlingException", "TooManyRequestsException"}) {
    CHECK(is_throttling({.status = 400, .code = code}));
    CHECK(is_transient({.status = 400, .code = code}));
  }
  CHECK(is_transient({.status = 400, .code = "RequestTimeout"}));
  CHECK_FALSE(is_throttling({.status = 500, .code = "InternalError"}));
}

}  // namespace
}  // namespace textlambda::aws
