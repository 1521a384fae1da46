#include "textlambda/aws/s3_name.h"

#include <string>

#include "textlambda/io/error.h"

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

}  // namespace
}  // namespace textlambda::aws
