// Names of functions, and what is asked of Lambda; what it makes of the answers. The emulator stands for the rest in
// functions_test.py.
#include "textlambda/aws/function_api.h"

#include <memory>
#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/aws/surroundings_of_a_test.h"
#include "tests/catch.h"
#include "tests/http/scripted_server.h"

namespace textlambda::aws {
namespace {

TEST_CASE("names, qualifiers and regions") {
  struct Case {
    const char* text;
    const char* name;
    const char* qualifier;
    const char* region;
  };
  constexpr const char* kArn = "arn:aws:lambda:eu-west-1:123456789012:function:classify";
  for (const Case& each :
       std::vector<Case>{{"classify", "classify", "", ""},
                         {"classify:live", "classify", "live", ""},
                         {"classify:$LATEST", "classify", "$LATEST", ""},
                         {"123456789012:function:classify", "123456789012:function:classify", "", ""},
                         {kArn, kArn, "", "eu-west-1"},
                         {"arn:aws:lambda:eu-west-1:123456789012:function:classify:7", kArn, "7", "eu-west-1"}}) {
    INFO(each.text);
    const FunctionName name = parse_function_name(each.text);
    CHECK(name.name == each.name);
    CHECK(name.qualifier == each.qualifier);
    CHECK(name.region == each.region);
  }
  for (const char* const wrong : {"", "a b", "a:b:c", "arn:aws:s3:::bucket", "arn:aws:lambda:x:1:layer:f", "f:", ":f",
                                  "arn", "arn:aws:lambda:eu-west-1:1:function"}) {
    INFO(wrong);
    CHECK_THROWS_AS(parse_function_name(wrong), io::Error);
  }
}

struct LambdaFixture {
  explicit LambdaFixture(ScriptedServer::Connection script) : server({std::move(script)}) {
    test.variables["AWS_ACCESS_KEY_ID"] = "AKID";
    test.variables["AWS_SECRET_ACCESS_KEY"] = "SECRET";
    test.variables["AWS_ENDPOINT_URL_LAMBDA"] = "http://127.0.0.1:" + std::to_string(server.port());
  }
  FunctionApi api() {
    return {std::make_shared<Session>(test.get(), SessionOptions{.region = "eu-west-1"}),
            parse_function_name("classify:live")};
  }

  TestSurroundings test;
  ScriptedServer server;
};

TEST_CASE("a function's error is an answer, the service's is none") {
  LambdaFixture fixture({{.bytes = http_response("200 OK", R"({"errorMessage":"no"})",
                                                 "X-Amz-Function-Error: Unhandled\r\nX-Amz-Executed-Version: 7\r\n"
                                                 "X-Amz-Log-Result: bG9n\r\n")},
                         {.bytes = http_response("404 Not Found", R"({"Message":"Function not found"})",
                                                 "x-amzn-ErrorType: ResourceNotFoundException\r\n")}});
  FunctionApi api = fixture.api();
  const Invocation invocation = api.invoke("{}", true);
  CHECK(invocation.function_error == "Unhandled");
  CHECK(invocation.version == "7");
  CHECK(invocation.log_tail == "log");
  CHECK_THROWS_WITH(api.invoke("{}"), "classify: ResourceNotFoundException: Function not found (status 404)");
  const std::string& request = fixture.server.requests().front();
  CHECK(request.find("POST /2015-03-31/functions/classify/invocations?Qualifier=live HTTP/1.1\r\n") == 0);
  CHECK(request.find("\r\nX-Amz-Log-Type: Tail\r\n") != std::string::npos);
  CHECK(request.find("/eu-west-1/lambda/aws4_request") != std::string::npos);
}

TEST_CASE("an update is waited for, and its failure is told") {
  const auto state = [](const char* status) {
    return http_response("200 OK", std::string(R"({"Configuration":{"State":"Active","LastUpdateStatus":")") + status +
                                       R"(","LastUpdateStatusReason":"no space"}})");
  };
  LambdaFixture fixture({{.bytes = state("InProgress")},
                         {.bytes = state("InProgress")},
                         {.bytes = state("Successful")},
                         {.bytes = state("InProgress")},
                         {.bytes = state("Failed")},
                         {.bytes = state("Failed")},
                         {.bytes = state("InProgress")},
                         {.bytes = state("InProgress")}});
  FunctionApi api = fixture.api();
  unsigned waited = 0;
  CHECK(api.settled(std::chrono::seconds(60), false, [&](const FunctionConfiguration&) { ++waited; }).state ==
        "Active");
  CHECK(waited == 2);
  CHECK_THROWS_WITH(api.settled(std::chrono::seconds(60), false), "classify: the update failed: no space");
  CHECK(api.settled(std::chrono::seconds(60), true).update_status == "Failed");
  CHECK_THROWS_WITH(api.settled(std::chrono::seconds(1), false), "classify: still being updated after 1 s");
}

}  // namespace
}  // namespace textlambda::aws
