#include "textlambda/aws/s3_name.h"

#include <string>

#include "textlambda/aws/s3.h"
#include "textlambda/io/error.h"

#include "tests/aws/surroundings_of_a_test.h"
#include "tests/catch.h"

namespace textlambda::aws {
namespace {

TEST_CASE("names of objects") {
  const S3Name name = parse_s3_name("s3://my.bucket-1/a b/%20//c");
  CHECK(name.bucket == "my.bucket-1");
  CHECK(name.key == "a b/%20//c");
  CHECK(name.text() == "s3://my.bucket-1/a b/%20//c");
  CHECK(parse_s3_name("s3://bucket").key.empty());
  CHECK(parse_s3_name("s3://bucket/").key.empty());
  for (const std::string& wrong :
       {std::string("s3://"), std::string("s3:///key"), std::string("s3://ab/key"), std::string("s3://bu cket/key"),
        std::string("s3://-bucket/key"), std::string("s3://arn:aws:s3:eu-west-1:1:accesspoint/x/key"),
        std::string("/etc/s3://x"), "s3://bucket/" + std::string(1025, 'k'),
        "s3://" + std::string(256, 'b') + "/key"}) {
    INFO(wrong);
    CHECK_THROWS_AS(parse_s3_name(wrong), io::Error);
  }
  CHECK(is_s3_name("s3://x"));
  CHECK_FALSE(is_s3_name("s3:/x"));
  CHECK(fits_host_name("my-bucket"));
  CHECK_FALSE(fits_host_name("my.bucket"));
  CHECK_FALSE(fits_host_name("MyBucket"));
}

TEST_CASE("a bucket is a part of the host's name at AWS, and of the path elsewhere") {
  TestSurroundings test;
  const auto place = [&](const char* region, const char* bucket) {
    std::string path;
    const Session session(test.get(), {});
    const Destination to = s3_destination(session, region, bucket, path);
    CHECK(to.scope.region == region);
    CHECK(to.scope.service == "s3");
    return (to.target.tls ? "https://" : "http://") + to.target.host() + to.target.endpoint.path + path;
  };
  CHECK(place("eu-central-1", "my-bucket") == "https://my-bucket.s3.eu-central-1.amazonaws.com");
  CHECK(place("cn-north-1", "my-bucket") == "https://my-bucket.s3.cn-north-1.amazonaws.com.cn");
  CHECK(place("us-east-1", "my.bucket") == "https://s3.us-east-1.amazonaws.com/my.bucket");
  CHECK(place("us-east-1", "My_Bucket") == "https://s3.us-east-1.amazonaws.com/My_Bucket");
  test.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9000/base/";
  CHECK(place("us-east-1", "my-bucket") == "http://127.0.0.1:9000/base/my-bucket");
}

}  // namespace
}  // namespace textlambda::aws
