// The object that a command prints as its result.
#include "textlambda/json/result.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace textlambda::json;

TEST_CASE("a result says its version, ends its line, and is valid whatever is in it") {
  nlohmann::json result = {{"name", "a\xFFz"}, {"share", std::numeric_limits<double>::quiet_NaN()}};
  CHECK(result_text(result) == "{\n  \"name\": \"a\xEF\xBF\xBDz\",\n  \"schema_version\": 1,\n  \"share\": null\n}\n");
}
