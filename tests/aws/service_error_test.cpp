// What answers say went wrong.
#include "textlambda/aws/service_error.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace textlambda::aws {
namespace {

TEST_CASE("errors as services write them") {
  struct Case {
    http::Response response;
    const char* text;
  };
  for (const Case& each : std::vector<Case>{
           // From S3's API reference, "Error Responses".
           {{.status = 404,
           .headers = {},
           .body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n<Code>NoSuchKey</Code>\n<Message>The resource "
                   "you requested does not exist</Message>\n<Resource>/mybucket/myfoto.jpg</Resource>\n"
                   "<RequestId>4442587FB7D0A2F9</RequestId>\n</Error>"},
            "x: NoSuchKey: The resource you requested does not exist (status 404, request 4442587FB7D0A2F9)"},
           {{.status = 404,
           .headers = {{"x-amzn-ErrorType", "ResourceNotFoundException:http://internal/"}, {"x-amzn-RequestId", "r-1"}},
           .body = R"({"Type":"User","Message":"Function not found"})"},
            "x: ResourceNotFoundException: Function not found (status 404, request r-1)"},
           {{.status = 400, .headers = {}, .body = R"({"__type":"com.amazon.coral#ThrottlingException"})"},
            "x: ThrottlingException (status 400)"},
           {{.status = 403, .headers = {{"x-amz-request-id", "r-2"}}, .body = ""},
            "x: Forbidden (status 403, request r-2)"},
           {{.status = 502, .headers = {}, .body = "<html><body>Bad Gateway</body></html>"}, "x: refused (status 502)"},
           {{.status = 500, .headers = {}, .body = "<Error><Code>Intern"}, "x: refused (status 500)"},
           {{.status = 400, .headers = {}, .body = "<Error><Code>A\x1b[2J</Code></Error>"},
            "x: A\\u001b[2J (status 400)"}}) {
    try {
      throw_service_error(each.response, "x");
    } catch (const ServiceError& error) {
      CHECK(std::string(error.what()) == each.text);
      CHECK(error.fault().status == each.response.status);
    }
  }
}

TEST_CASE("a bucket's own region") {
  CHECK(fault_of({.status = 301, .headers = {{"x-amz-bucket-region", "eu-west-1"}}, .body = ""}).region == "eu-west-1");
  CHECK(fault_of({.status = 400,
                  .headers = {},
                  .body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>"})
            .region == "us-west-2");
}

}  // namespace
}  // namespace textlambda::aws
