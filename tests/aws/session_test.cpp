// Where a service is asked, and in which region.
#include "textlambda/aws/session.h"

#include <map>
#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/aws/surroundings_of_a_test.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::aws {
namespace {

constexpr const char* kConfig =
    "[default]\nregion = eu-west-3\nendpoint_url = http://profile:1\nservices = own\nca_bundle = /profile.pem\n"
    "[services own]\ns3 =\n  endpoint_url = http://profile-s3:1\n";

TEST_CASE("what is said nearer counts") {
  const TemporaryFolder folder;
  const std::string config = folder.write("config", kConfig);
  struct Case {
    std::map<std::string, std::string> variables;
    SessionOptions options;
    const char* region;
    const char* s3;
    const char* lambda;
  };
  for (const Case& each : std::vector<Case>{
           {{{"AWS_REGION", "us-west-1"}}, {}, "us-west-1", "", ""},
           {{{"AWS_REGION", "us-west-1"}, {"AWS_DEFAULT_REGION", "us-west-2"}}, {}, "us-west-1", "", ""},
           {{{"AWS_DEFAULT_REGION", "us-west-2"}}, {}, "us-west-2", "", ""},
           {{{"AWS_REGION", "us-west-1"}}, {.region = "ap-east-1"}, "ap-east-1", "", ""},
           {{{"AWS_ENDPOINT_URL", "http://all:1"}}, {}, "us-east-1", "http://all:1", "http://all:1"},
           {{{"AWS_ENDPOINT_URL", "http://all:1"}, {"AWS_ENDPOINT_URL_S3", "http://s3:1"}},
            {},
            "us-east-1",
            "http://s3:1",
            "http://all:1"},
           {{{"AWS_ENDPOINT_URL", "http://all:1"}, {"AWS_ENDPOINT_URL_LAMBDA", "http://l:1"}},
            {},
            "us-east-1",
            "http://all:1",
            "http://l:1"},
           {{{"AWS_ENDPOINT_URL_LAMBDA", "http://l:1"}},
            {.endpoint_url = "http://o:1"},
            "us-east-1",
            "http://o:1",
            "http://o:1"},
           {{{"AWS_CONFIG_FILE", config}}, {}, "eu-west-3", "http://profile-s3:1", "http://profile:1"},
           {{{"AWS_CONFIG_FILE", config}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}, {}, "eu-west-3", "", ""}}) {
    TestSurroundings test;
    test.variables.insert(each.variables.begin(), each.variables.end());
    const Session session(test.get(), each.options);
    CHECK(session.region("s3") == each.region);
    CHECK(session.endpoint_url("s3") == each.s3);
    CHECK(session.endpoint_url("lambda") == each.lambda);
  }
}

TEST_CASE("AWS's own hosts") {
  TestSurroundings test;
  const Session session(test.get(), {});
  CHECK(session.target("lambda", "eu-central-1").host() == "lambda.eu-central-1.amazonaws.com");
  CHECK(session.target("lambda", "eu-central-1").tls);
  CHECK(session.target("s3", "cn-north-1").host() == "s3.cn-north-1.amazonaws.com.cn");
  CHECK_THROWS_WITH(session.region("s3"), Catch::Matchers::Contains("no AWS region: set AWS_REGION"));
  // A region becomes a part of a host's name.
  CHECK_THROWS_WITH(session.target("s3", "evil.example/x"), Catch::Matchers::Contains("is no region"));
  CHECK(session.trust().authorities.empty());
  test.variables["AWS_CA_BUNDLE"] = "/some.pem";
  CHECK(session.trust().authorities == "/some.pem");
}

}  // namespace
}  // namespace textlambda::aws
