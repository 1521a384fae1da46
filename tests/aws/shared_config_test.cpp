// AWS's shared files: what is read of them, and what is wrong with them.
#include "textlambda/aws/shared_config.h"

#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/aws/surroundings_of_a_test.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::aws {
namespace {

TEST_CASE("sections, comments and what is indented") {
  const std::vector<ConfigSection> sections = read_config_sections(
      "\xEF\xBB\xBF# a comment\n"
      "[default]\r\n"
      "  Region = eu-central-1   # Frankfurt\r\n"
      "aws_secret_access_key=ab#c=/+\n"
      "\n"
      "s3 =\n"
      "  max_concurrent_requests = 20\n"
      "  addressing_style=path\n"
      "output = json\n"
      "[profile other]\n"
      "; another\n"
      "key =\n",
      "config");
  REQUIRE(sections.size() == 2);
  CHECK(sections[0].name == "default");
  CHECK(sections[0].values.at("region").text == "eu-central-1");
  CHECK(sections[0].values.at("region").line == 3);
  CHECK(sections[0].values.at("aws_secret_access_key").text == "ab#c=/+");
  CHECK(sections[0].values.at("s3.addressing_style").text == "path");
  CHECK(sections[0].values.at("output").text == "json");
  CHECK(sections[1].name == "profile other");
  CHECK(sections[1].values.at("key").text.empty());
}

TEST_CASE("what is none is told with its line, and never shown") {
  struct Case {
    const char* content;
    const char* message;
  };
  for (const Case& each :
       std::vector<Case>{{"key = value\n", "config:1: expected a section such as [default] before anything else"},
                         {"[default]\nsecret\n", "config:2: expected [SECTION], a comment, or NAME = VALUE"},
                         {"[default]\n= secret\n", "config:2: expected [SECTION], a comment, or NAME = VALUE"},
                         {"[default]\n\n[open\n", "config:3: a section's bracket is not closed"},
                         {"[ ]\n", "config:1: a section without a name"}}) {
    CHECK_THROWS_WITH(read_config_sections(each.content, "config"), each.message);
  }
}

TEST_CASE("a profile is of both files, and the credentials file counts") {
  const TemporaryFolder folder;
  TestSurroundings test;
  test.variables["AWS_CONFIG_FILE"] = folder.write("config",
                                                   "[default]\nregion = us-west-2\naws_access_key_id = A\n"
                                                   "[profile build server]\nregion = eu-west-1\nservices = mine\n"
                                                   "[other]\nregion = not-a-profile-of-this-file\n"
                                                   "[profile 'quoted']\nregion = eu-north-1\n"
                                                   "[services mine]\ns3 =\n  endpoint_url = http://127.0.0.1:9000\n");
  test.variables["AWS_SHARED_CREDENTIALS_FILE"] =
      folder.write("credentials", "[default]\naws_access_key_id = B\n[other]\naws_access_key_id = C\n");
  CHECK(read_profile(test.get()).text("region") == "us-west-2");
  CHECK(read_profile(test.get()).text("aws_access_key_id") == "B");
  test.variables["AWS_PROFILE"] = "build server";
  CHECK(read_profile(test.get()).text("region") == "eu-west-1");
  CHECK(read_profile(test.get()).services.at("s3.endpoint_url").text == "http://127.0.0.1:9000");
  test.variables["AWS_PROFILE"] = "quoted";
  CHECK(read_profile(test.get()).text("region") == "eu-north-1");
  test.variables["AWS_PROFILE"] = "other";
  CHECK(read_profile(test.get()).text("aws_access_key_id") == "C");
  CHECK(read_profile(test.get()).text("region").empty());
  test.variables["AWS_PROFILE"] = "none";
  CHECK_THROWS_WITH(read_profile(test.get()),
                    Catch::Matchers::Contains("names the profile \"none\", which is in neither"));
}

TEST_CASE("without files there is an empty profile; a folder in their place is told") {
  const TemporaryFolder folder;
  TestSurroundings test;
  CHECK(read_profile(test.get()).values.empty());
  test.variables["AWS_CONFIG_FILE"] = folder.path("");
  CHECK_THROWS_AS(read_profile(test.get()), io::Error);
  test.variables["HOME"] = folder.path("");
  test.variables.erase("AWS_CONFIG_FILE");
  std::filesystem::create_directory(folder.path(".aws"));
  folder.write(".aws/config", "[default]\nregion = sa-east-1\n");
  CHECK(read_profile(test.get()).text("region") == "sa-east-1");
}

}  // namespace
}  // namespace textlambda::aws
