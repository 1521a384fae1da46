// Which function a path names.
#include "textlambda/emulator/invoke_face.h"

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
