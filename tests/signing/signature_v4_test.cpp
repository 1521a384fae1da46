// Signatures that AWS's own test suite and AWS's own library have come to.
#include "textlambda/signing/signature_v4.h"

#include <string>
#include <vector>

#include "textlambda/signing/verification.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::signing;

namespace {

const Credentials kCredentials = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
constexpr Moment kVectorMoment{std::chrono::seconds(1440938160)};  // 20150830T123600Z

std::string authorization(const std::vector<http::Header>& added) { return added.back().value; }

}  // namespace

// The AWS Signature Version 4 Test Suite: service "service" in us-east-1.
TEST_CASE("the signatures of AWS's test suite") {
  using Headers = std::vector<http::Header>;
  const struct {
    const char* name;
    const char* method;
    const char* target;
    Headers headers;
    const char* body;
    const char* names;
    const char* signature;
  } cases[] = {
      {"get-vanilla",
       "GET",
       "/",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query",
       "GET",
       "/?",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-empty-query-key",
       "GET",
       "/?Param1=value1",
       {},
       "",
       "host;x-amz-date",
       "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
      {"get-vanilla-query-order-key-case",
       "GET",
       "/?Param2=value2&Param1=value1",
       {},
       "",
       "host;x-amz-date",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-vanilla-utf8-query",
       "GET",
       "/?\xE1\x88\xB4=bar",
       {},
       "",
       "host;x-amz-date",
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
      {"get-utf8",
       "GET",
       "/\xE1\x88\xB4",
       {},
       "",
       "host;x-amz-date",
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"get-unreserved",
       "GET",
       "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {},
       "",
       "host;x-amz-date",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-space",
       "GET",
       "/example space/",
       {},
       "",
       "host;x-amz-date",
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
      {"get-slash",
       "GET",
       "//",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slash-dot-slash",
       "GET",
       "/./",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-relative",
       "GET",
       "/example/..",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-relative-relative",
       "GET",
       "/example1/example2/../..",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slashes",
       "GET",
       "//example//",
       {},
       "",
       "host;x-amz-date",
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
      {"get-header-key-duplicate",
       "GET",
       "/",
       {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
       "",
       "host;my-header1;x-amz-date",
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-order",
       "GET",
       "/",
       {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}},
       "",
       "host;my-header1;x-amz-date",
       "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
      {"get-header-value-trim",
       "GET",
       "/",
       {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
       "",
       "host;my-header1;my-header2;x-amz-date",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"post-vanilla",
       "POST",
       "/",
       {},
       "",
       "host;x-amz-date",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-header-key-sort",
       "POST",
       "/",
       {{"My-Header1", "value1"}},
       "",
       "host;my-header1;x-amz-date",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-header-value-case",
       "POST",
       "/",
       {{"My-Header1", "VALUE1"}},
       "",
       "host;my-header1;x-amz-date",
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
      {"post-x-www-form-urlencoded",
       "POST",
       "/",
       {{"Content-Type", "application/x-www-form-urlencoded"}},
       "Param1=value1",
       "content-type;host;x-amz-date",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.name);
    Headers headers = {{"Host", "example.amazonaws.com"}};
    headers.insert(headers.end(), test.headers.begin(), test.headers.end());
    const RequestView request = {test.method, test.target, headers, test.body};
    CHECK(authorization(signature_headers(request, kCredentials, {"us-east-1", "service"}, kVectorMoment)) ==
          std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ") +
              "SignedHeaders=" + test.names + ", Signature=" + test.signature);
  }
}

TEST_CASE("the steps of get-vanilla") {
  const std::vector<http::Header> headers = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}};
  const RequestView request = {"GET", "/", headers, ""};
  const std::string canonical =
      canonical_request(request, "service", canonical_query(""), {"host", "x-amz-date"}, body_hash(""));
  CHECK(canonical ==
        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(string_to_sign("20150830T123600Z", {"us-east-1", "service"}, canonical) ==
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
}

// Worked out by botocore: tests/signing/reference.py.
TEST_CASE("the signatures of AWS's library for Python") {
  using Headers = std::vector<http::Header>;
  const std::string token = "FwoGZXIvYXdzEBYaDKexample//////////+token==";
  const std::string invoke = "/2015-03-31/functions/";
  const http::Header type = {"Content-Type", "application/json"};
  const struct {
    const char* name;
    std::string token;
    const char* method;
    std::string target;
    Headers headers;
    std::string body;
    const char* names;
    const char* signature;
  } cases[] = {
      {"invoke",
       "",
       "POST",
       invoke + "classify/invocations",
       {type},
       R"({"text":"charged twice"})",
       "content-type;host;x-amz-date",
       "a9e0e3abb05389f37184a350a8f82df459bf5fc473e05db871d25f74906582dd"},
      {"empty-body",
       "",
       "GET",
       invoke,
       {},
       "",
       "host;x-amz-date",
       "27eef68a018b5f838f4c0438a6ae06432f2918285a70a7a98d36192b40d1e90d"},
      {"session-token",
       token,
       "POST",
       invoke + "classify/invocations",
       {type},
       "{}",
       "content-type;host;x-amz-date;x-amz-security-token",
       "9349b15ee6ad3bc7705cb29321ab36dc99f10d0730e02f6f562f890308bd4cdd"},
      {"encoded-path",
       "",
       "POST",
       invoke + "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aclassify%3A%24LATEST/invocations",
       {type},
       "{}",
       "content-type;host;x-amz-date",
       "419535bb457940652f11eb4216e1167889ca82878bd08af39441042d0ce19c89"},
      {"query",
       "",
       "POST",
       invoke + "classify/invocations?Qualifier=live&Z=1&A=2&A=1&empty=",
       {type},
       "{}",
       "content-type;host;x-amz-date",
       "cac9b4ebec259960d5a3935bf627fa45d9e61a9fd0c00b6de14bea5f2fd2bf4f"},
      {"bytes",
       "",
       "POST",
       invoke + "classify/invocations",
       {type},
       std::string("{\"text\":\"\xE9\x80\x80\xE8\xB4\xA7\"}\0\xFF", 19),
       "content-type;host;x-amz-date",
       "97c6658e752150518b9783eded2245ca249f4f9c3e65ba7bce135da8752c9adb"},
      {"unsigned-payload",
       "",
       "POST",
       invoke + "classify/invocations",
       {type, {"X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"}},
       "not looked at",
       "content-type;host;x-amz-content-sha256;x-amz-date",
       "8e388f44d8b750d813a28bb304b7ab973cfedbcc7b074a717dba01a890675ca3"},
      {"header-blanks",
       "",
       "GET",
       invoke,
       {{"X-Amz-Meta", "  a   b  c "}},
       "",
       "host;x-amz-date;x-amz-meta",
       "a724bec7ab7265ff9b24051f68b67f8049b0cb0021dd4af71c884c73f041236e"},
      {"dots",
       "",
       "GET",
       "/a/./b//../c/",
       {},
       "",
       "host;x-amz-date",
       "60e6e35eaae06f951ed16cec28cb1f85d73773c5c482546720568add33c3afd5"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.name);
    Credentials credentials = kCredentials;
    credentials.session_token = test.token;
    Headers headers = {{"Host", "lambda.us-east-1.amazonaws.com"}};
    headers.insert(headers.end(), test.headers.begin(), test.headers.end());
    const RequestView request = {test.method, test.target, headers, test.body};
    const Headers added = signature_headers(request, credentials, {"us-east-1", "lambda"}, kVectorMoment);
    CHECK(authorization(added) ==
          std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/lambda/aws4_request, ") +
              "SignedHeaders=" + test.names + ", Signature=" + test.signature);
    CHECK(http::find_header(added, "X-Amz-Date") == "20150830T123600Z");
    CHECK(http::find_header(added, "X-Amz-Security-Token") == test.token);
    headers.insert(headers.end(), added.begin(), added.end());
    CHECK(verify({test.method, test.target, headers, test.body}, {&credentials, 1}, {"us-east-1", "lambda"},
                 kVectorMoment)
              .message == "");
  }
}

TEST_CASE("targets that hold their signature, as botocore makes them") {
  const std::string start =
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2F"
      "lambda%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host";
  const struct {
    const char* token;
    const char* target;
    std::string presigned;
  } cases[] = {
      {"", "/2015-03-31/functions/classify?Qualifier=live",
       "/2015-03-31/functions/classify?Qualifier=live&" + start +
           "&X-Amz-Signature=85d494a651c7b60aaf03acc5fdcea7cfc2e58c148465b5fba96d03e98086e400"},
      {"FwoGZXIvYXdzEBYaDKexample//////////+token==", "/2015-03-31/functions/classify",
       "/2015-03-31/functions/classify?" + start +
           "&X-Amz-Security-Token=FwoGZXIvYXdzEBYaDKexample%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2Btoken%3D%3D"
           "&X-Amz-Signature=bf6f39de56a9fcd1d6fa4a8235737e4f85072ecd0d4bb54c8f3da3859fbea701"},
  };
  const std::vector<http::Header> headers = {{"Host", "lambda.us-east-1.amazonaws.com"}};
  const Scope scope = {"us-east-1", "lambda"};
  for (const auto& test : cases) {
    CAPTURE(test.target);
    Credentials credentials = kCredentials;
    credentials.session_token = test.token;
    const std::string target = presigned_target({"GET", test.target, headers, ""}, credentials, scope, kVectorMoment,
                                                std::chrono::seconds(300));
    CHECK(target == test.presigned);
    CHECK(verify({"GET", target, headers, ""}, {&credentials, 1}, scope, kVectorMoment).message == "");
  }
}

TEST_CASE("paths and queries in their one form") {
  const struct {
    const char* path;
    const char* canonical;
  } paths[] = {
      {"", "/"},
      {"/", "/"},
      {"/a/b/", "/a/b/"},
      {"/a//b", "/a/b"},
      {"/../a", "/a"},
      {"/a/../../b", "/b"},
      {"/a%20b", "/a%2520b"},
      {"/a b", "/a%20b"},
      {"/a+b", "/a%2Bb"},
      {"/$LATEST", "/%24LATEST"},
      {"/a:b", "/a%3Ab"},
      {"/~x", "/~x"},
  };
  for (const auto& test : paths) {
    CAPTURE(test.path);
    CHECK(canonical_path(test.path, "lambda") == test.canonical);
  }
  CHECK(canonical_path("/a//b/../c%20d", "s3") == "/a//b/../c%20d");
  const struct {
    const char* query;
    const char* canonical;
  } queries[] = {
      {"", ""},
      {"&&", ""},
      {"a", "a="},
      {"a=", "a="},
      {"=x", "=x"},
      {"b=1&a=2", "a=2&b=1"},
      {"a=2&a=10&a=1", "a=1&a=10&a=2"},
      {"a=1&A=1&_=1", "A=1&_=1&a=1"},  // by code point
      {"a=b=c", "a=b%3Dc"},
      {"a=%7e%41%2f", "a=~A%2F"},
      {"a=x+y", "a=x%2By"},
      {"a=x%20y", "a=x%20y"},
      {"a=%zz", "a=%25zz"},
      {"a=/?", "a=%2F%3F"},
  };
  for (const auto& test : queries) {
    CAPTURE(test.query);
    CHECK(canonical_query(test.query) == test.canonical);
  }
  CHECK(canonical_query("a=1&X-Amz-Signature=2&b=3", "X-Amz-Signature") == "a=1&b=3");
}
