// What a request names.
#include "textlambda/emulator/face_response.h"

#include "tests/catch.h"

using namespace textlambda::emulator;

TEST_CASE("the names of a function, as the Invoke API takes them") {
  const struct {
    const char* segment;
    const char* name;
    const char* qualifier;
  } cases[] = {
      {"classify", "classify", ""},
      {"classify:live", "classify", "live"},
      {"classify:$LATEST", "classify", "$LATEST"},
      {"123456789012:function:classify", "classify", ""},
      {"123456789012:function:classify:7", "classify", "7"},
      {"arn:aws:lambda:us-east-1:123456789012:function:classify", "classify", ""},
      {"arn:aws:lambda:us-east-1:123456789012:function:classify:live", "classify", "live"},
      {"arn:aws-cn:lambda:cn-north-1:123456789012:function:classify", "classify", ""},
      {"function:classify", "function", "classify"},
      {"a:b:c", "", ""},
      {"arn:aws:lambda:us-east-1:123456789012:function:classify:live:more", "", ""},
      {"", "", ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.segment);
    const NamedFunction named = parse_function_name(test.segment);
    CHECK(named.name == test.name);
    CHECK(named.qualifier == test.qualifier);
  }
}

TEST_CASE("a qualifier in the query") {
  CHECK(named_function("f", "/x?Qualifier=live").qualifier == "live");
  CHECK(named_function("f:live", "/x?Qualifier=live").qualifier == "live");
  CHECK(named_function("f", "/x?Qualifier=%24LATEST&y").qualifier == "$LATEST");
  CHECK_THROWS_WITH(named_function("f:1", "/x?Qualifier=2"),
                    "The derived qualifier from the function name does not match the specified qualifier.");
  CHECK_THROWS_WITH(named_function("a:b:c", "/x"), "\"a:b:c\" names no function");
}

TEST_CASE("values of a query") {
  CHECK(query_values("/x?a=1&b=2&a=%33+4&c", "a") == std::vector<std::string>{"1", "3 4"});
  CHECK(query_value("/x?c", "c") == "");
  CHECK_FALSE(query_value("/x?cc=1", "c"));
  CHECK_FALSE(query_value("/x", "c"));
}
